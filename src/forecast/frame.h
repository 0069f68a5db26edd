#pragma once

#include <cstddef>

#include "base/expected.h"
#include "time/instant.h"

namespace ebb::forecast {

/// How a series is cut: slots as they come, *blocks* of an hour (one slot where the step is an hour or longer), days of
/// 24 hours counted from the series' first slot.
struct Frame {
  time::Instant begin;          ///< of the first slot
  time::Duration step;          ///< of a slot
  std::size_t horizon = 0;      ///< slots to foresee
  std::size_t per_block = 1;    ///< slots
  std::size_t per_day = 24;     ///< slots
  std::size_t lead_blocks = 0;  ///< blocks that hold the horizon

  [[nodiscard]] std::size_t blocks_per_day() const { return per_day / per_block; }
  /// The block of the day in which the slot lies.
  [[nodiscard]] std::size_t block_of_day(std::size_t slot) const { return slot % per_day / per_block; }
};

inline constexpr time::Duration kLongestHorizon = std::chrono::hours(24 * 14);

/// kUsage where the step neither divides the hour nor is a whole number of hours that divides the day; where the
/// horizon is not positive or longer than kLongestHorizon. The horizon is rounded up to whole slots.
base::Expected<Frame> make_frame(time::Instant begin, time::Duration step, time::Duration horizon);

}  // namespace ebb::forecast
