#include "grid/annual.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "grid/covering_error.h"
#include "grid/typical_year.h"
#include "time/calendar.h"

namespace ebb::grid {
namespace {

using units::in_grams_per_kwh;

constexpr const char* kHeader = "zone,year,g_per_kwh,low,high,scope,range,name,source,licence\n";

std::string error_of(const std::string& rows) {
  const auto parsed = parse_annual_intensities(kHeader + rows, "x.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, values.size() - 1);
  return values[low] + (values[high] - values[low]) * (at - static_cast<double>(low));
}

TEST(Annual, a_country_has_five_years_in_rising_order_with_a_range_and_a_licence) {
  const auto france = annual_intensities("FR");
  ASSERT_EQ(france.size(), 5U);
  for (std::size_t i = 0; i < france.size(); ++i) {
    EXPECT_EQ(france[i].year, 2021 + static_cast<int>(i));
    EXPECT_LE(france[i].low, france[i].value);
    EXPECT_LE(france[i].value, france[i].high);
    EXPECT_EQ(france[i].signal, series::kAverageLifecycle);
    EXPECT_EQ(france[i].licence, "ODbL 1.0");
  }
  EXPECT_NEAR(in_grams_per_kwh(france[3].value), 33.0, 1e-9);
  EXPECT_GT(in_grams_per_kwh(france[3].high), 40.0) << "Ember says more than Electricity Maps";
}

TEST(Annual, case_does_not_matter_and_an_unknown_zone_is_nothing) {
  EXPECT_EQ(annual_intensities("us-cal-ciso").size(), 5U);
  EXPECT_TRUE(annual_intensities("XX").empty());
  EXPECT_TRUE(annual_intensities("").empty());
  EXPECT_FALSE(annual_intensity("U", 2024).has_value()) << "a beginning of a zone is no zone";
}

TEST(Annual, the_nearest_year_is_taken_and_the_later_of_two_as_near) {
  EXPECT_EQ(annual_intensity("DE", 2023)->year, 2023);
  EXPECT_EQ(annual_intensity("DE", 2031)->year, 2025);
  EXPECT_EQ(annual_intensity("DE", 1999)->year, 2021);
  const auto two = parse_annual_intensities(
      std::string(kHeader) + "A,2020,1,1,1,direct,none,a,s,l\nA,2022,2,2,2,direct,none,a,s,l\n", "x.csv");
  EXPECT_TRUE(two.ok());
}

TEST(Annual, subregions_of_egrid_are_direct_and_made_of_three_gases) {
  const auto california = annual_intensity("CAMX", 2022);
  ASSERT_TRUE(california.has_value());
  EXPECT_EQ(california->signal, (series::Signal{series::SignalKind::kAverage, series::SignalScope::kDirect}));
  // 497.443 lb CO2 + 28 x 0.030 lb CH4 + 265 x 0.004 lb N2O a MWh.
  EXPECT_NEAR(in_grams_per_kwh(california->value), 0.45359237 * (497.443 + 0.84 + 1.06), 0.05);
}

TEST(Annual, a_constant_series_covers_whole_hours_and_says_what_it_is) {
  const auto annual = *annual_intensity("PL", 2024);
  const auto begin = time::midnight(2026, 3, 1) + std::chrono::minutes(20);
  const auto series = constant_series(annual, {begin, begin + std::chrono::hours(2)});
  EXPECT_EQ(series.begin(), time::midnight(2026, 3, 1));
  EXPECT_EQ(series.size(), 3U);
  EXPECT_EQ(series[0], in_grams_per_kwh(annual.value));
  EXPECT_EQ(series.provenance().quality, (series::DataQuality{0.0, 1.0, 0.0}));
  EXPECT_EQ(series.provenance().source, "annual average of 2024, constant (Electricity Maps, ODbL 1.0)");
}

TEST(Annual, every_zone_of_the_typical_year_has_figures_of_its_signal) {
  for (const auto& zone : typical_year_zones()) {
    const auto annual = annual_intensity(zone, 2022);
    ASSERT_TRUE(annual.has_value()) << zone;
    EXPECT_EQ(annual->signal, series::kAverageLifecycle);
    // The typical year is from data as they were known then, these are revised: near, not equal.
    EXPECT_NEAR(units::as_number(*typical_mean(zone, 2022) / annual->value), 1.0, 0.16) << zone;
  }
}

TEST(Annual, year_drift_is_what_the_table_says) {
  std::map<std::string, std::map<int, double>> table;
  for (const auto& zone : annual_zones()) {
    for (const auto& annual : annual_intensities(zone)) table[zone][annual.year] = in_grams_per_kwh(annual.value);
  }
  EXPECT_GT(table.size(), 350U);
  for (int apart = 1; apart <= 4; ++apart) {
    std::vector<double> ratios;
    for (const auto& [zone, years] : table) {
      for (const auto& [year, value] : years) {
        const auto later = years.find(year + apart);
        if (later != years.end()) ratios.push_back(later->second / value);
      }
    }
    EXPECT_NEAR(year_drift_factors(apart).first, percentile(ratios, 0.05), 0.001) << apart;
    EXPECT_NEAR(year_drift_factors(-apart).second, percentile(ratios, 0.95), 0.001) << apart;
  }
  EXPECT_EQ(year_drift_factors(0), Factors(1.0, 1.0));
  EXPECT_LT(year_drift_factors(9).first, year_drift_factors(4).first);
  EXPECT_GT(year_drift_factors(9).second, year_drift_factors(4).second);
}

TEST(Annual, a_broken_table_is_refused_with_line_and_reason) {
  EXPECT_EQ(error_of("A,2020,1,1,1,direct,none,a,s,l\n"), "");
  EXPECT_NE(error_of("A,2020,1,2,3,direct,none,a,s,l\n").find("x.csv:2: low, g_per_kwh and high"), std::string::npos);
  EXPECT_NE(error_of("A,2020,-1,-1,1,direct,none,a,s,l\n").find("low is -1"), std::string::npos);
  EXPECT_NE(error_of("A,2020,nan,1,1,direct,none,a,s,l\n").find("no number"), std::string::npos);
  EXPECT_NE(error_of("A,2020,1,1,1e13,direct,none,a,s,l\n").find("no intensity"), std::string::npos);
  EXPECT_NE(error_of("A,2020.5,1,1,1,direct,none,a,s,l\n").find("no year"), std::string::npos);
  EXPECT_NE(error_of("A,2020,1,1,1,total,none,a,s,l\n").find("scope"), std::string::npos);
  EXPECT_NE(error_of("A,2020,1,1,1,direct,none,a,,l\n").find("source"), std::string::npos);
  EXPECT_NE(error_of("A,2020,1,1,1,direct,none,a,s,l\nA,2020,1,1,1,direct,none,a,s,l\n").find("rise"),
            std::string::npos);
  EXPECT_NE(error_of("B,2020,1,1,1,direct,none,a,s,l\nA,2020,1,1,1,direct,none,a,s,l\n").find("order"),
            std::string::npos);
}

}  // namespace
}  // namespace ebb::grid
