#include "grid/covering_error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <tuple>
#include <vector>

#include "grid/catalogue.h"
#include "grid/typical_year.h"
#include "series/resample.h"
#include "support/real_data.h"
#include "time/calendar.h"

namespace ebb::grid {
namespace {

using std::chrono::hours;

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  return values[low] + (values[std::min(low + 1, values.size() - 1)] - values[low]) * (at - static_cast<double>(low));
}

/// What the other hours of its kind say of each hour, those within 3 days of it left out.
std::vector<double> foreseen(const series::Series& hourly, bool by_kind_of_day) {
  std::map<std::tuple<unsigned, bool, unsigned>, std::vector<std::size_t>> kinds;
  for (std::size_t hour = 0; hour < hourly.size(); ++hour) {
    const auto when = time::civil_time(hourly.time_of(hour));
    kinds[{when.month, by_kind_of_day && when.weekday >= 5, when.hour}].push_back(hour);
  }
  std::vector<double> expected(hourly.size());
  for (const auto& [kind, members] : kinds) {
    for (const auto hour : members) {
      double sum = 0.0;
      double count = 0.0;
      for (const auto other : members) {
        const auto days = static_cast<std::int64_t>(other / 24) - static_cast<std::int64_t>(hour / 24);
        if (days >= -3 && days <= 3) continue;
        sum += hourly[other];
        count += 1.0;
      }
      expected[hour] = sum / count;
    }
  }
  return expected;
}

std::vector<double> ratios(const series::Series& hourly, const std::vector<double>& expected, std::size_t length) {
  std::vector<double> out;
  for (std::size_t start = 0; start + length <= hourly.size(); ++start) {
    double real = 0.0;
    double said = 0.0;
    for (std::size_t hour = start; hour < start + length; ++hour) {
      real += hourly[hour];
      said += expected[hour];
    }
    out.push_back(real / said);
  }
  return out;
}

void expect_percentiles(const std::vector<double>& found, Factors factors, const std::string& what) {
  EXPECT_NEAR(factors.first, percentile(found, 0.05), 0.001) << what;
  EXPECT_NEAR(factors.second, percentile(found, 0.95), 0.001) << what;
}

TEST(CoveringError, of_the_average_is_what_the_real_hours_of_2022_say) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  Catalogue catalogue(folder);
  std::map<std::size_t, std::vector<double>> typical;
  std::map<std::size_t, std::vector<double>> annual;
  for (const auto& zone : typical_year_zones()) {
    const auto real = *catalogue.find(zone, series::SignalKind::kAverage);
    const auto expected = foreseen(real, true);
    for (const std::size_t length : std::initializer_list<std::size_t>{1, 6, 24, 168}) {
      const auto found = ratios(real, expected, length);
      expect_percentiles(found, typical_year_factors(zone, hours(length)), zone);
      typical[length].insert(typical[length].end(), found.begin(), found.end());
    }
    for (const std::size_t length : std::initializer_list<std::size_t>{1, 6, 24, 168, 720}) {
      const auto found = ratios(real, std::vector<double>(real.size(), real.mean()), length);
      expect_percentiles(found, annual_mean_factors(zone, hours(length)), zone);
      annual[length].insert(annual[length].end(), found.begin(), found.end());
    }
  }
  for (const auto& [length, found] : typical) {
    expect_percentiles(found, typical_year_factors("any", hours(length)), "pooled");
  }
  for (const auto& [length, found] : annual) {
    expect_percentiles(found, annual_mean_factors("any", hours(length)), "pooled");
  }
}

TEST(CoveringError, of_the_marginal_is_what_the_real_steps_of_2020_say) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  const auto real = *series::resample(*Catalogue(folder).marginal_2020(), hours(1));
  const auto expected = foreseen(real, false);
  constexpr auto kMarginal = series::SignalKind::kMarginal;
  for (const std::size_t length : std::initializer_list<std::size_t>{1, 6, 24, 168}) {
    expect_percentiles(ratios(real, expected, length), typical_year_factors("US-CAL-CISO", hours(length), kMarginal),
                       "marginal");
  }
  for (const std::size_t length : std::initializer_list<std::size_t>{1, 6, 24, 168, 720}) {
    expect_percentiles(ratios(real, std::vector<double>(real.size(), real.mean()), length),
                       annual_mean_factors("US-CAL-CISO", hours(length), kMarginal), "marginal");
  }
}

TEST(CoveringError, lies_between_the_lengths_and_stays_at_the_ends) {
  const auto six = typical_year_factors("DE", hours(6));
  const auto day = typical_year_factors("DE", hours(24));
  const auto half = typical_year_factors("DE", hours(12));  // half way on a log scale
  EXPECT_NEAR(half.first, (six.first + day.first) / 2.0, 1e-12);
  EXPECT_NEAR(half.second, (six.second + day.second) / 2.0, 1e-12);
  EXPECT_EQ(typical_year_factors("DE", std::chrono::seconds(1)), typical_year_factors("DE", hours(1)));
  EXPECT_EQ(typical_year_factors("DE", time::Duration{0}), typical_year_factors("DE", hours(1)));
  EXPECT_EQ(typical_year_factors("DE", hours(9999)), typical_year_factors("DE", hours(168)));
  EXPECT_EQ(annual_mean_factors("DE", hours(8760)), Factors(1.0, 1.0));
}

TEST(CoveringError, combined_factors_add_as_logarithms_in_quadrature) {
  const auto both = combined({0.5, 2.0}, {0.8, 1.25});
  EXPECT_NEAR(std::log(both.second), std::hypot(std::log(2.0), std::log(1.25)), 1e-12);
  EXPECT_NEAR(both.first * both.second, 1.0, 1e-12);
  const auto same = combined({0.5, 2.0}, {1.0, 1.0});
  EXPECT_NEAR(same.first, 0.5, 1e-12);
  EXPECT_NEAR(same.second, 2.0, 1e-12);
  EXPECT_EQ(combined({0.0, 2.0}, {0.8, 1.25}).first, 0.0);
}

}  // namespace
}  // namespace ebb::grid
