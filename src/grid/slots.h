#pragma once

#include <cstddef>

#include "time/instant.h"

namespace ebb::grid {

/// Whole slots of `step` on multiples of it since 1970 that touch an interval; at least one.
struct SlotsOver {
  time::Instant begin;
  std::size_t count = 1;
};

inline SlotsOver slots_over(time::Interval when, time::Duration step) {
  const auto floor_of = [&](time::Instant at) {
    const auto since = at.time_since_epoch();
    const auto over = (since % step + step) % step;  // of a time before 1970 as well
    return at - over;
  };
  const auto begin = floor_of(when.begin);
  const auto length = when.end - begin;
  if (length <= step) return {begin, 1};
  return {begin, static_cast<std::size_t>((length + step - time::Duration(1)) / step)};
}

}  // namespace ebb::grid
