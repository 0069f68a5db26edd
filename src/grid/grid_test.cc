#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "grid/catalogue.h"
#include "grid/regions.h"
#include "grid/typical_year.h"
#include "support/real_data.h"
#include "time/calendar.h"
#include "time/text.h"

namespace ebb::grid {
namespace {

TEST(Regions, sixteen_regions_have_fifteen_stand_in_zones_with_time_zones) {
  std::set<std::string> zones;
  for (const auto& region : paper_regions()) {
    zones.insert(region.stand_in_zone);
    EXPECT_TRUE(typical_year(region.stand_in_zone).has_value()) << region.stand_in_zone;
    EXPECT_TRUE(time::local_hours(region.time_zone, time::midnight(2022, 7, 1), std::chrono::hours(1), 24).ok());
  }
  EXPECT_EQ(zones.size(), 15U);
}

TEST(TypicalYear, covers_2022_by_the_hour_and_is_labelled_modelled) {
  const auto series = typical_year("FR");
  ASSERT_TRUE(series.has_value());
  EXPECT_EQ(series->size(), 8760U);
  EXPECT_EQ(series->begin(), time::midnight(2022, 1, 1));
  EXPECT_EQ(series->provenance().quality, (series::DataQuality{0.0, 1.0, 0.0}));
  EXPECT_NE(series->provenance().source.find("typical-year"), std::string::npos);
  EXPECT_EQ(series->signal(), series::kAverageLifecycle);
  EXPECT_FALSE(typical_year("XX").has_value());
}

TEST(TypicalYear, marginal_covers_leap_year_2020_in_5_minute_steps) {
  const auto series = typical_marginal_year();
  EXPECT_EQ(series.size(), 105408U);
  EXPECT_EQ(series.signal(), series::kMarginalDirect);
  // The same step of the day has the same value all month long.
  EXPECT_EQ(series[100], series[100 + 288]);
}

TEST(ImportSgip, the_year_2020_has_every_slot_and_its_zeros) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  Catalogue catalogue(folder);
  const auto series = catalogue.marginal_2020();
  ASSERT_TRUE(series.ok()) << series.error().message;
  EXPECT_EQ(series->size(), 105408U);
  EXPECT_EQ(series->missing_count(), 0U);
  EXPECT_EQ(series->begin(), time::midnight(2020, 1, 1));
  EXPECT_NEAR(series->mean(), 245.1, 1.0);
  const auto zeros = std::count(series->values().begin(), series->values().end(), 0.0);
  EXPECT_NEAR(static_cast<double>(zeros) / 105408.0, 0.045, 0.001);
}

TEST(ImportSgip, forecasts_stand_beside_the_slot_they_were_issued_at) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  formats::IssuedForecasts forecasts;
  const auto series = Catalogue(folder).marginal_2020_with_forecasts(&forecasts);
  ASSERT_TRUE(series.ok());
  EXPECT_EQ(forecasts.horizon, 36U);
  EXPECT_EQ(forecasts.rows(), 105408U);
  // Error at 5 minutes, 1 hour and 3 hours as known from the data: 25, 48 and 60 g/kWh.
  for (const auto& [ahead, expected] : {std::pair<std::size_t, double>{1, 25}, {12, 48}, {36, 60}}) {
    double sum = 0.0;
    const std::size_t rows = forecasts.rows() - ahead;
    for (std::size_t t = 0; t < rows; ++t) sum += std::fabs(forecasts.at(t, ahead) - (*series)[t + ahead]);
    EXPECT_NEAR(sum / static_cast<double>(rows), expected, 2.0) << ahead;
  }
}

TEST(Catalogue, an_unknown_zone_is_answered_with_the_nearest_names) {
  Catalogue catalogue("");
  const auto found = catalogue.find("US-CAL-CSIO", std::nullopt);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().kind, base::ErrorKind::kNoData);
  EXPECT_NE(found.error().message.find("US-CAL-CISO"), std::string::npos) << found.error().message;
}

TEST(Catalogue, california_has_both_signals_and_marginal_decides) {
  Catalogue catalogue("");
  EXPECT_EQ(catalogue.find("US-CAL-CISO", std::nullopt)->signal(), series::kMarginalDirect);
  EXPECT_EQ(catalogue.find("US-CAL-CISO", series::SignalKind::kAverage)->signal(), series::kAverageLifecycle);
  EXPECT_FALSE(catalogue.find("FR", series::SignalKind::kMarginal).ok());
}

}  // namespace
}  // namespace ebb::grid
