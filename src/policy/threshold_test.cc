#include "policy/threshold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "grid/catalogue.h"
#include "support/real_data.h"
#include "time/calendar.h"

namespace ebb::policy {
namespace {

constexpr double kImpossible = std::numeric_limits<double>::infinity();

/// Total of running `units` of the values as the thresholds say, b for each switch on and off.
double lived(const PauseThreshold& threshold, const std::vector<double>& values, std::size_t units, double b) {
  double total = 0.0;
  std::size_t done = 0;
  bool running = false;
  for (std::size_t i = 0; i < values.size() && done < units; ++i) {
    const bool no_time_left = values.size() - i <= units - done;
    const double limit = running ? threshold.running(done + 1) : threshold.resuming(done + 1);
    const bool run = no_time_left || values[i] <= limit;
    if (run != running) total += b;
    running = run;
    if (run) {
      total += values[i];
      ++done;
    }
  }
  return total + (running ? b : 0.0);
}

/// The least that could be: by work done and running or not.
double best(const std::vector<double>& values, std::size_t units, double b) {
  std::vector<double> on(units + 1, kImpossible);
  std::vector<double> off(units + 1, kImpossible);
  off[0] = 0.0;
  for (const double value : values) {
    std::vector<double> on_next(units + 1, kImpossible);
    std::vector<double> off_next(units + 1, kImpossible);
    for (std::size_t done = 0; done <= units; ++done) {
      off_next[done] = std::min(off[done], on[done] + b);
      if (done > 0) on_next[done] = std::min(on[done - 1], off[done - 1] + b) + value;
    }
    on = on_next;
    off = off_next;
  }
  return std::min(off[units], on[units] + b);
}

TEST(Threshold, solves_its_equation_and_resumes_at_the_lower_bound_when_nothing_is_left) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> part(0.0, 1.0);
  for (int i = 0; i < 5000; ++i) {
    const Bounds bounds{1.0 + 300.0 * part(random), 320.0 + 700.0 * part(random)};
    const auto units = static_cast<std::size_t>(1 + std::pow(10.0, 4.0 * part(random)));
    const double pause = i % 3 == 0 ? 0.0 : (bounds.high - bounds.low) * 0.99 * part(random);
    const auto made = PauseThreshold::make(bounds, pause, units);
    ASSERT_TRUE(made.ok());
    const double a = made->ratio();
    const double k = static_cast<double>(units);
    ASSERT_GT(a, 1.0);
    const double left =
        (bounds.high - bounds.low - pause) / (bounds.high * (1.0 - 1.0 / a) - pause * (1.0 - 1.0 / k + 1.0 / (k * a)));
    EXPECT_NEAR(left / std::pow(1.0 + 1.0 / (k * a), k), 1.0, 1e-6) << "k " << k << ", a " << a;
    EXPECT_NEAR(made->resuming(units + 1), bounds.low, 1e-7 * bounds.high) << "k " << k;
    for (std::size_t next = 1; next < std::min<std::size_t>(units, 50); ++next) {
      EXPECT_LE(made->running(next + 1), made->running(next) * (1 + 1e-12));
    }
    EXPECT_LE(made->running(1), bounds.high * (1 + 1e-12));
  }
}

TEST(Threshold, one_unit_without_pauses_waits_for_the_geometric_mean) {
  const auto made = PauseThreshold::make({100.0, 400.0}, 0.0, 1);
  ASSERT_TRUE(made.ok());
  EXPECT_NEAR(made->running(1), 200.0, 1e-9);
  EXPECT_NEAR(made->ratio(), 2.0, 1e-12);
}

TEST(Threshold, what_is_no_bound_or_never_pays_is_refused) {
  for (const Bounds bounds :
       {Bounds{0.0, 100.0}, Bounds{-5.0, 100.0}, Bounds{100.0, 100.0}, Bounds{NAN, 100.0}, Bounds{1.0, INFINITY}}) {
    EXPECT_FALSE(PauseThreshold::make(bounds, 0.0, 3).ok());
  }
  EXPECT_FALSE(PauseThreshold::make({1.0, 2.0}, 0.0, 0).ok());
  EXPECT_FALSE(PauseThreshold::make({100.0, 200.0}, 100.0, 3).ok());
  EXPECT_FALSE(PauseThreshold::make({100.0, 200.0}, -1.0, 3).ok());
  EXPECT_FALSE(PauseThreshold::make({100.0, 200.0}, NAN, 3).ok());
}

TEST(Threshold, bounds_leave_out_zeros_and_what_is_missing) {
  std::vector<double> values(100, 0.0);
  values[3] = 250.0;
  values[4] = series::kMissing;
  const series::Series past({}, time::Instant{}, std::chrono::hours(1), values);
  const auto bounds = bounds_of(past);
  ASSERT_TRUE(bounds);
  EXPECT_EQ(bounds->low, 1.0);
  EXPECT_EQ(bounds->high, 250.0);
  EXPECT_FALSE(bounds_of(series::Series({}, time::Instant{}, std::chrono::hours(1), {})));
  EXPECT_FALSE(bounds_of(series::Series({}, time::Instant{}, std::chrono::hours(1), {7, 7, 7})));
}

TEST(Threshold, keeps_its_promise_on_any_values_within_the_bounds) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> part(0.0, 1.0);
  double worst = 0.0;
  for (int i = 0; i < 20000; ++i) {
    const Bounds bounds{50.0, 500.0};
    const auto units = static_cast<std::size_t>(1 + part(random) * 6);
    const double b = i % 4 == 0 ? 0.0 : 100.0 * part(random);
    const auto made = PauseThreshold::make(bounds, 2.0 * b, units);
    ASSERT_TRUE(made.ok());
    std::vector<double> values(units + static_cast<std::size_t>(part(random) * 20));
    const double falling = part(random);
    for (std::size_t t = 0; t < values.size(); ++t) {
      // Some fall steadily, which is what hurts: each value is taken just before a better one.
      const double drift =
          falling < 0.4 ? 1.0 - static_cast<double>(t) / static_cast<double>(values.size()) : part(random);
      values[t] = std::clamp(50.0 + 450.0 * drift, 50.0, 500.0);
    }
    const double share = lived(*made, values, units, b) / best(values, units, b);
    EXPECT_LE(share, made->ratio() * (1 + 1e-9)) << "k " << units << ", b " << b;
    worst = std::max(worst, share / made->ratio());
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(worst, 0.5) << "the promise is not empty";
}

/// Sums over starts, g per kWh and slot.
struct Sums {
  double now = 0.0;
  double lived = 0.0;
  double best = 0.0;
  std::size_t starts = 0;
};

TEST(Threshold, keeps_its_promise_on_the_real_marginal_series_of_california) {
  const auto folder = ebb::test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << ebb::test::kNoRealData;
  const auto year = grid::Catalogue(folder).marginal_2020();
  ASSERT_TRUE(year.ok()) << year.error().message;
  constexpr std::size_t kDay = 288;
  constexpr std::size_t kUnits = 36;  // three hours of work in a day
  for (const double b : {0.0, 60.0}) {
    Sums sums;
    for (std::size_t start = 14 * kDay; start + kDay < year->size(); start += 499) {
      const auto past = year->slice(year->time_of(start - 14 * kDay), year->time_of(start));
      const auto bounds = bounds_of(past);
      ASSERT_TRUE(bounds);
      const auto made = PauseThreshold::make(*bounds, 2.0 * b, kUnits);
      ASSERT_TRUE(made.ok());
      const auto day = year->slice(year->time_of(start), year->time_of(start + kDay));
      std::vector<double> values(day.values().begin(), day.values().end());
      if (std::any_of(values.begin(), values.end(), series::is_missing)) continue;
      sums.lived += lived(*made, values, kUnits, b);
      sums.best += best(values, kUnits, b);
      for (std::size_t i = 0; i < kUnits; ++i) sums.now += values[i];
      sums.now += 2.0 * b;
      ++sums.starts;
      // The promise is about values within the bounds.
      for (double& value : values) value = std::clamp(value, bounds->low, bounds->high);
      ASSERT_LE(lived(*made, values, kUnits, b), made->ratio() * best(values, kUnits, b) * (1 + 1e-9)) << start;
    }
    const double share = (sums.now - sums.lived) / (sums.now - sums.best);
    RecordProperty("share_of_best_at_switch_cost_" + std::to_string(static_cast<int>(b)), std::to_string(share));
    EXPECT_GT(sums.starts, 150U);
    EXPECT_GT(share, 0.3) << "it knows nothing of what comes, but it is better than running at once";
  }
}

}  // namespace
}  // namespace ebb::policy
