#include "forecast/forecaster.h"

#include <gtest/gtest.h>

#include "forecast/forecast_samples.h"

namespace ebb::forecast {
namespace {

using std::chrono::hours;

const Method& ours() { return methods().front(); }

std::vector<double> all_values(const Forecast& forecast) {
  std::vector<double> values(forecast.mean.values().begin(), forecast.mean.values().end());
  for (const auto& level : forecast.levels) values.insert(values.end(), level.values().begin(), level.values().end());
  return values;
}

/// Bit by bit, missing values too.
void expect_same(const Forecast& a, const Forecast& b) {
  const auto left = all_values(a);
  const auto right = all_values(b);
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    ASSERT_TRUE(left[i] == right[i] || (std::isnan(left[i]) && std::isnan(right[i]))) << i;
  }
}

TEST(Forecaster, nothing_after_the_moment_of_issue_changes_a_forecast) {
  for (const auto step : {time::Duration(hours(1)), time::Duration(std::chrono::minutes(30))}) {
    const series::Series series = made_up(26, step, 3, 5);
    for (const Method& method : methods()) {
      for (const auto now : {series.begin() + hours(24 * 20 + 5), series.begin() + hours(24 * 24 + 17) + step / 2}) {
        std::vector<double> scrambled(series.values().begin(), series.values().end());
        for (std::size_t slot = 0; slot < scrambled.size(); ++slot) {
          if (series.time_of(slot) + step > now)
            scrambled[slot] = slot % 3 == 0 ? series::kMissing : 1e6 - 7.0 * static_cast<double>(slot);
        }
        const auto real = issue(method, series, now, hours(30));
        const auto blind = issue(method, with_values(series, scrambled), now, hours(30));
        const auto cut = issue(method, series.slice(series.begin(), now), now, hours(30));
        ASSERT_TRUE(real.ok() && blind.ok() && cut.ok()) << method.name;
        expect_same(*real, *blind);
        expect_same(*real, *cut);
        EXPECT_LE(real->issued, now);
        EXPECT_EQ(real->mean.begin(), real->issued);
        EXPECT_EQ(real->mean.end(), real->issued + hours(30));
      }
    }
  }
}

TEST(Forecaster, issuing_once_gives_what_rolling_on_gives) {
  const series::Series series = made_up(45);
  const auto frame = make_frame(series.begin(), series.step(), hours(30));
  ASSERT_TRUE(frame.ok());
  for (const Method& method : methods()) {
    Calibrated rolling(method.make(*frame), *frame);
    for (std::size_t slot = 0; slot < series.size(); ++slot) {
      if (slot % 331 == 0 && slot > 400) {
        const auto once = issue(method, series, series.time_of(slot), hours(30));
        ASSERT_TRUE(once.ok());
        const auto point = rolling.point();
        for (std::size_t ahead = 0; ahead < point.size(); ++ahead) ASSERT_EQ(point[ahead], once->mean[ahead]) << slot;
      }
      rolling.observe(series[slot]);
    }
  }
}

TEST(Forecaster, quantiles_never_cross_and_are_known_with_the_mean) {
  for (const Method& method : methods()) {
    const auto forecast = issue(method, made_up(60, hours(1), 5, 20), time::midnight(2022, 3, 1), hours(96));
    ASSERT_TRUE(forecast.ok()) << method.name;
    ASSERT_EQ(forecast->levels.size(), kLevels.size());
    for (std::size_t slot = 0; slot < forecast->mean.size(); ++slot) {
      for (std::size_t level = 1; level < kLevels.size(); ++level) {
        EXPECT_LE(forecast->levels[level - 1][slot], forecast->levels[level][slot]);
      }
      EXPECT_FALSE(series::is_missing(forecast->mean[slot])) << method.name << slot;
      EXPECT_LT(forecast->levels[0][slot], forecast->levels[4][slot]);
    }
  }
}

TEST(Forecaster, a_constant_series_gives_itself) {
  for (const double value : {0.0, 24.0, 652.375}) {
    for (const Method& method : methods()) {
      const auto series = with_values(made_up(50), std::vector<double>(50 * 24, value));
      const auto forecast = issue(method, series, series.end(), hours(24));
      ASSERT_TRUE(forecast.ok());
      for (const double foreseen : all_values(*forecast)) EXPECT_NEAR(foreseen, value, 1e-6) << method.name;
    }
  }
}

TEST(Forecaster, a_pure_daily_cycle_is_foreseen_nearly) {
  std::vector<double> values;
  for (std::size_t slot = 0; slot < 40 * 24; ++slot) values.push_back(100.0 + 10.0 * static_cast<double>(slot % 24));
  const auto series = with_values(made_up(40), values);
  const auto forecast = issue(ours(), series, series.end(), hours(48));
  ASSERT_TRUE(forecast.ok());
  for (std::size_t ahead = 0; ahead < 48; ++ahead) EXPECT_NEAR(forecast->mean[ahead], values[ahead], 1.0);
}

TEST(Forecaster, another_unit_changes_nothing_else) {
  for (const Method& method : methods()) {
    const auto one = issue(method, made_up(50), time::midnight(2022, 2, 15), hours(36));
    const auto thousandth = issue(method, made_up(50, hours(1), 1, 0, 0.001), time::midnight(2022, 2, 15), hours(36));
    ASSERT_TRUE(one.ok() && thousandth.ok());
    const auto left = all_values(*one);
    const auto right = all_values(*thousandth);
    for (std::size_t i = 0; i < left.size(); ++i) EXPECT_NEAR(left[i], 1000.0 * right[i], 0.02) << method.name;
  }
}

TEST(Forecaster, gaps_are_not_taken_for_zero) {
  for (const Method& method : methods()) {
    const auto whole = issue(method, made_up(60), time::midnight(2022, 2, 28), hours(24));
    const auto gappy = issue(method, made_up(60, hours(1), 1, 100), time::midnight(2022, 2, 28), hours(24));
    ASSERT_TRUE(whole.ok() && gappy.ok());
    for (std::size_t ahead = 0; ahead < 24; ++ahead) {
      ASSERT_FALSE(series::is_missing(gappy->mean[ahead])) << method.name;
      EXPECT_NEAR(gappy->mean[ahead], whole->mean[ahead], 120.0) << method.name;
      EXPECT_GT(gappy->mean[ahead], 100.0);
    }
  }
}

TEST(Forecaster, a_gap_up_to_a_week_before_now_is_said_and_a_longer_one_refused) {
  const series::Series series = made_up(60);
  const auto late = issue(ours(), series, series.end() + hours(30), hours(24));
  ASSERT_TRUE(late.ok());
  EXPECT_EQ(late->mean.begin(), series.end() + hours(30));
  ASSERT_EQ(late->warnings.size(), 1U);
  EXPECT_NE(late->warnings[0].find("ends 30h before"), std::string::npos) << late->warnings[0];
  const auto too_late = issue(ours(), series, series.end() + hours(24 * 8), hours(24));
  ASSERT_FALSE(too_late.ok());
  EXPECT_EQ(too_late.error().kind, base::ErrorKind::kNoData);
  EXPECT_FALSE(issue(ours(), series, series.end() + hours(24 * 3000), hours(24)).ok());
}

TEST(Forecaster, a_short_history_gets_a_simpler_method_that_says_so) {
  const series::Series series = made_up(9);
  const auto forecast = issue(ours(), series, series.end(), hours(24));
  ASSERT_TRUE(forecast.ok());
  ASSERT_EQ(forecast->warnings.size(), 2U);
  EXPECT_NE(forecast->warnings[0].find("too few"), std::string::npos);
  EXPECT_NE(forecast->warnings[1].find("intervals are not known"), std::string::npos);
  EXPECT_TRUE(series::is_missing(forecast->levels[0][0]));
  for (const double value : forecast->mean.values()) EXPECT_FALSE(series::is_missing(value));
}

TEST(Forecaster, less_than_a_day_or_a_time_before_the_history_is_no_data) {
  const series::Series series = made_up(20);
  for (const auto now : {series.begin(), series.begin() + hours(23), series.begin() - hours(1)}) {
    const auto forecast = issue(ours(), series, now, hours(24));
    ASSERT_FALSE(forecast.ok());
    EXPECT_EQ(forecast.error().kind, base::ErrorKind::kNoData);
  }
  const auto nothing = with_values(series, std::vector<double>(480, series::kMissing));
  EXPECT_FALSE(issue(ours(), nothing, nothing.end(), hours(24)).ok());
}

TEST(Forecaster, an_odd_step_or_horizon_is_refused) {
  const series::Series odd({"ODD", {}, "", "", {}}, time::midnight(2022, 1, 1), std::chrono::minutes(7),
                           std::vector<double>(5000, 1.0));
  EXPECT_EQ(issue(ours(), odd, odd.end(), hours(24)).error().kind, base::ErrorKind::kUsage);
  const series::Series series = made_up(20);
  EXPECT_EQ(issue(ours(), series, series.end(), hours(0)).error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(issue(ours(), series, series.end(), hours(24 * 15)).error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(find_method("magic").error().kind, base::ErrorKind::kUsage);
}

TEST(Forecaster, any_step_that_divides_the_hour_or_the_day_is_foreseen) {
  for (const auto step : {time::Duration(std::chrono::minutes(5)), time::Duration(std::chrono::minutes(30)),
                          time::Duration(hours(3)), time::Duration(hours(24))}) {
    const series::Series series = made_up(18, step);
    for (const Method& method : methods()) {
      const auto forecast = issue(method, series, series.end(), hours(48));
      ASSERT_TRUE(forecast.ok());
      EXPECT_EQ(forecast->mean.end(), series.end() + hours(48));
      for (const double value : forecast->mean.values()) EXPECT_FALSE(series::is_missing(value)) << method.name;
    }
  }
}

TEST(Forecaster, years_before_the_last_400_days_are_not_read) {
  const series::Series series = made_up(420);
  std::vector<double> values(series.values().begin(), series.values().end());
  for (std::size_t slot = 0; slot < 19 * 24; ++slot) values[slot] = 1e5;
  const Method& method = *find_method("ridge").value();
  const auto real = issue(method, series, series.end(), hours(24));
  const auto other = issue(method, with_values(series, values), series.end(), hours(24));
  ASSERT_TRUE(real.ok() && other.ok());
  expect_same(*real, *other);
}

}  // namespace
}  // namespace ebb::forecast
