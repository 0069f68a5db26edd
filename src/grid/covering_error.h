#pragma once

#include <string_view>
#include <utility>

#include "series/signal.h"
#include "time/instant.h"

/// How far what covers a time without measured data may lie from the truth. docs/typical-year.md has the figures and
/// how they were made; all of them are 90% intervals given as factors: low <= 1 <= high.
namespace ebb::grid {

using Factors = std::pair<double, double>;

/// (Real mean over a job of `length`) / (typical-year mean over it), within one year, out of sample: from
/// data/typical-year-error.csv by zone, else of all zones together; between the lengths there linear in their
/// logarithm, outside them that of the nearest. kMarginal: California's.
Factors typical_year_factors(std::string_view zone, time::Duration length,
                             series::SignalKind kind = series::SignalKind::kAverage);

/// (Real mean over a job of `length` at any time of a year) / (that year's mean). 1 from a year on.
Factors annual_mean_factors(std::string_view zone, time::Duration length,
                            series::SignalKind kind = series::SignalKind::kAverage);

/// (A year's mean) / (the mean `years` before or after it, as it is taken for it): from the annual averages of 2021 to
/// 2025 of all zones. 1 for 0 years; beyond 4 it widens as the root of the years.
Factors year_drift_factors(int years);

/// Two independent errors of one number: root sum of squares of their logarithms. A low factor of 0 stays 0.
Factors combined(Factors a, Factors b);

}  // namespace ebb::grid
