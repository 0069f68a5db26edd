#pragma once

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "forecast/forecaster.h"
#include "series/series.h"
#include "time/calendar.h"

namespace ebb::forecast {

/// A made-up zone: a day and a week, a slow weather, noise; g/kWh. Missing where `gaps` of 1000 say so.
inline series::Series made_up(std::size_t days, time::Duration step = std::chrono::hours(1), unsigned seed = 1,
                              unsigned gaps = 0, double scale = 1.0) {
  std::mt19937 random(seed);
  const auto even = [&] { return static_cast<double>(random() % 20001) / 10000.0 - 1.0; };
  const auto per_day = static_cast<std::size_t>(std::chrono::hours(24) / step);
  const double keep = std::pow(0.5, 1.0 / static_cast<double>(per_day));
  std::vector<double> values;
  double weather = 0.0;
  for (std::size_t slot = 0; slot < days * per_day; ++slot) {
    weather = keep * weather + std::sqrt(1.0 - keep * keep) * 80.0 * even();
    const double of_day = static_cast<double>(slot % per_day) / static_cast<double>(per_day);
    const double weekend = slot / per_day % 7 < 2 ? -30.0 : 0.0;
    const double value = 300.0 - 90.0 * std::cos(2.0 * std::numbers::pi * of_day) + weekend + weather + 10.0 * even();
    values.push_back(random() % 1000 < gaps ? series::kMissing : scale * value);
  }
  return {{"MADE-UP", series::kMarginalDirect, "", "", {}}, time::midnight(2022, 1, 1), step, std::move(values)};
}

inline series::Series with_values(const series::Series& like, std::vector<double> values) {
  return {like.provenance(), like.begin(), like.step(), std::move(values)};
}

}  // namespace ebb::forecast
