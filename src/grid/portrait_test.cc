#include "grid/portrait.h"

#include <gtest/gtest.h>

#include <cmath>

#include "grid/nearest.h"
#include "time/calendar.h"

namespace ebb::grid {
namespace {

using series::kMissing;
using std::chrono::hours;

series::Series hourly(std::vector<double> values, time::Instant begin = time::midnight(2026, 1, 31)) {
  return {{"FR", series::kAverageLifecycle, "", "", {}}, begin, hours(1), std::move(values)};
}

TEST(Portrait, shows_each_month_by_hour_with_range_and_spread) {
  std::vector<double> values(48);
  for (std::size_t i = 0; i < 24; ++i) values[i] = 100.0 + static_cast<double>(i);              // 31 January
  for (std::size_t i = 24; i < 48; ++i) values[i] = 200.0 + 2.0 * static_cast<double>(i - 24);  // 1 February
  const auto portrait = portrait_of(hourly(values));
  ASSERT_EQ(portrait.months.size(), 2U);
  EXPECT_EQ(portrait.months[0].month, 1U);
  EXPECT_EQ(portrait.months[0].means[5], 105.0);
  EXPECT_EQ(portrait.months[1].means[23], 246.0);
  EXPECT_EQ(portrait.months[1].mean, 223.0);
  EXPECT_EQ(portrait.lowest, 100.0);
  EXPECT_EQ(portrait.lowest_at, time::midnight(2026, 1, 31));
  EXPECT_EQ(portrait.highest, 246.0);
  EXPECT_EQ(portrait.highest_at, time::midnight(2026, 2, 1) + hours(23));
  EXPECT_EQ(portrait.whole_days, 2U);
  EXPECT_EQ(portrait.daily_spread, (23.0 + 46.0) / 2.0);
  EXPECT_TRUE(portrait.gaps.empty());
}

TEST(Portrait, counts_no_missing_value_and_no_day_that_has_one) {
  std::vector<double> values(72, 50.0);
  values[0] = 10.0;
  values[30] = values[31] = values[40] = kMissing;
  values[71] = 80.0;
  const auto portrait = portrait_of(hourly(values));
  EXPECT_EQ(portrait.missing, 3U);
  EXPECT_EQ(portrait.whole_days, 2U);
  EXPECT_EQ(portrait.daily_spread, (40.0 + 30.0) / 2.0);
  ASSERT_EQ(portrait.gaps.size(), 2U);
  EXPECT_EQ(portrait.gaps[0].when.begin, time::midnight(2026, 1, 31) + hours(30));
  EXPECT_EQ(portrait.gaps[0].slots, 2U);
  EXPECT_EQ(portrait.gaps[1].when.length(), hours(1));
}

TEST(Portrait, of_nothing_known_knows_nothing) {
  const auto portrait = portrait_of(hourly({kMissing, kMissing}));
  EXPECT_TRUE(std::isnan(portrait.mean) && std::isnan(portrait.lowest) && std::isnan(portrait.daily_spread));
  ASSERT_EQ(portrait.months.size(), 1U);
  EXPECT_TRUE(std::isnan(portrait.months[0].means[0]));
}

TEST(Portrait, of_many_years_shows_the_months_of_all_of_them) {
  const auto portrait = portrait_of(hourly(std::vector<double>(24 * 365 * 4, 7.0), time::midnight(2020, 1, 1)));
  ASSERT_EQ(portrait.months.size(), 12U);
  EXPECT_EQ(portrait.months[11].year, 0);
  EXPECT_EQ(portrait.months[11].mean, 7.0);
}

TEST(NearestRegions, of_a_place_come_with_their_distance) {
  const auto near = nearest_regions(48.8566, 2.3522, 3);  // Paris
  ASSERT_EQ(near.size(), 3U);
  EXPECT_EQ(near[0].region.zone, "FR");
  // Huriel, 46.3772 N 2.373 E: 2.4794 degrees of a great circle of 40,030 km to the south.
  EXPECT_NEAR(near[0].kilometres, 2.4794 / 360.0 * 40030.0, 0.2);
  EXPECT_LE(near[1].kilometres, near[2].kilometres);
  const auto date_line = nearest_regions(-33.86, -179.9, 1000);
  EXPECT_GT(date_line.size(), 20U);
  EXPECT_LT(date_line.back().kilometres, 20016.0);
  EXPECT_EQ(nearest_regions(-33.86, 151.2094, 1)[0].kilometres, 0.0);
}

}  // namespace
}  // namespace ebb::grid
