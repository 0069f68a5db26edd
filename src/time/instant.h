#pragma once

#include <chrono>

#include "units/quantity.h"

namespace ebb::time {

/// A moment in UTC, to the nanosecond; texts give years 1900 to 2150, so that differences fit.
using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;
/// A length of time, to the nanosecond: whole slots and their fractions are exact.
using Duration = std::chrono::nanoseconds;

/// Half-open: begin belongs to it, end does not.
struct Interval {
  Instant begin;
  Instant end;

  [[nodiscard]] Duration length() const { return end - begin; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// As a number of seconds; exact below 104 days, else rounded to the nearest double.
constexpr double in_seconds(Duration d) { return static_cast<double>(d.count()) / 1e9; }
constexpr units::Seconds as_quantity(Duration d) { return units::seconds(in_seconds(d)); }

/// Rounded to the nanosecond, so that 0.7 h is 2,520 s and not a little less. Must be below 292 years.
Duration from_seconds(double seconds);

}  // namespace ebb::time
