#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "series/series.h"

namespace ebb::grid {

/// Means of one month by hour of the day, UTC.
struct MonthOfHours {
  int year = 0;  ///< 0: of every year that the series covers
  unsigned month = 1;
  std::array<double, 24> means{};  ///< g/kWh, kMissing where nothing is known
  double mean = series::kMissing;
};

/// A stretch without values.
struct Gap {
  time::Interval when;
  std::size_t slots = 0;
};

/// What a series looks like: to be drawn or printed.
struct Portrait {
  double mean = series::kMissing;  ///< g/kWh; these three kMissing where no value is known
  double lowest = series::kMissing;
  double highest = series::kMissing;
  time::Instant lowest_at;
  time::Instant highest_at;
  /// Mean over whole days of UTC (highest - lowest) within the day; kMissing where no day is whole.
  double daily_spread = series::kMissing;
  std::size_t whole_days = 0;
  std::vector<MonthOfHours> months;  ///< in order; each of a year up to 24 of them, else the twelve of all years
  std::vector<Gap> gaps;             ///< longest first
  std::size_t missing = 0;
};

/// Pure; linear in the slots.
Portrait portrait_of(const series::Series& series);

}  // namespace ebb::grid
