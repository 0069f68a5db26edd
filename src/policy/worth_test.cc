#include "policy/worth.h"

#include <gtest/gtest.h>

#include <cmath>

#include "grid/catalogue.h"
#include "plan/solve.h"
#include "support/real_data.h"

namespace ebb::policy {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

series::Series make_series(std::vector<double> values, time::Duration step = hours(1)) {
  return {{"TEST", series::kMarginalDirect, "", "", {}},
          std::chrono::sys_days(std::chrono::year(2020) / 3 / 1),
          step,
          std::move(values)};
}

/// Days that go up and down, `depth` g/kWh around 300.
series::Series days(double depth, std::size_t count = 20) {
  std::vector<double> values;
  for (std::size_t i = 0; i < 24 * count; ++i) {
    values.push_back(300.0 + depth * std::sin(6.283185307179586 * static_cast<double>(i) / 24.0));
  }
  return make_series(values);
}

Foreseen truthfully(const series::Series& history, double sign = 1.0) {
  return [history, sign](time::Instant now) {
    auto rest = history.slice(now, now + hours(72));
    std::vector<double> values;
    for (const double value : rest.values()) values.push_back(300.0 + sign * (value - 300.0));
    return std::make_shared<const Outlook>(
        Outlook{series::Series(rest.provenance(), rest.begin(), rest.step(), values), {}, {}, {}, "", now, false});
  };
}

TEST(Worth, where_the_grid_goes_up_and_down_it_is_worth_holding_and_where_it_is_flat_it_is_not) {
  const auto up_and_down = worth_of_shifting(days(100.0), {hours(2), hours(24), false}, {});
  ASSERT_TRUE(up_and_down.ok()) << up_and_down.error().message;
  EXPECT_TRUE(up_and_down->worth_it);
  EXPECT_FALSE(up_and_down->realised);
  EXPECT_GT(up_and_down->saved(), 90.0);
  EXPECT_EQ(up_and_down->harmed, 0.0);
  EXPECT_TRUE(up_and_down->sentence.starts_with("at most 9")) << up_and_down->sentence;
  EXPECT_TRUE(up_and_down->sentence.ends_with("with hindsight: worth holding")) << up_and_down->sentence;
  const auto flat = worth_of_shifting(days(1.0), {hours(2), hours(24), true}, {});
  EXPECT_FALSE(flat->worth_it);
  EXPECT_TRUE(flat->sentence.ends_with("not worth holding")) << flat->sentence;
}

TEST(Worth, hindsight_is_the_mean_of_the_best_plans_of_all_starts) {
  const auto history = days(100.0, 5);
  for (const bool pausable : {false, true}) {
    const auto worth = worth_of_shifting(history, {minutes(150), hours(7), pausable}, {});
    double now = 0.0;
    double best = 0.0;
    std::size_t starts = 0;
    const auto profile = workload::Profile::flat(minutes(150), units::watts(1000));
    const auto strategy = pausable ? plan::Strategy::kPauseResume : plan::Strategy::kFlexibleStart;
    for (std::size_t slot = 0; history.time_of(slot) + minutes(150) + hours(7) <= history.end(); ++slot) {
      const plan::Job job{profile, history.time_of(slot), hours(7)};
      now += (*plan::solve(job, plan::Strategy::kRunNow, {}, history))->total / 2.5;
      best += (*plan::solve(job, strategy, {}, history))->total / 2.5;
      ++starts;
    }
    EXPECT_EQ(worth->starts, starts);
    EXPECT_NEAR(worth->at_once, now / static_cast<double>(starts), 1e-9);
    EXPECT_NEAR(worth->held, best / static_cast<double>(starts), 1e-9);
  }
}

TEST(Worth, true_forecasts_realise_what_hindsight_promises_and_false_ones_harm) {
  const auto history = days(100.0);
  WorthOptions options;
  options.decisions.min_saving_fraction = 0.0;
  options.decisions.look_again = hours(1);
  const auto bound = worth_of_shifting(history, {hours(2), hours(24), false}, {});
  const auto real = worth_of_shifting(history, {hours(2), hours(24), false}, truthfully(history), options);
  ASSERT_TRUE(real.ok()) << real.error().message;
  EXPECT_TRUE(real->realised);
  EXPECT_TRUE(real->worth_it);
  EXPECT_NEAR(real->saved(), bound->saved(), 1e-6);
  const auto wrong = worth_of_shifting(history, {hours(2), hours(24), false}, truthfully(history, -1.0), options);
  EXPECT_FALSE(wrong->worth_it);
  EXPECT_LT(wrong->saved(), 0.0);
  EXPECT_GT(wrong->harmed, 0.9);
  EXPECT_GT(wrong->loss_p95, 100.0);
}

TEST(Worth, gaps_are_left_out_and_a_history_too_short_says_so) {
  auto values = std::vector<double>(30, 100.0);
  values[10] = series::kMissing;
  const auto worth = worth_of_shifting(make_series(values), {hours(2), hours(3), false}, {});
  EXPECT_EQ(worth->starts, 26U - 5U);
  const auto none = worth_of_shifting(make_series(values), {hours(2), hours(40), false}, {});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().kind, base::ErrorKind::kNoData);
  const auto blind = [](time::Instant) { return std::shared_ptr<const Outlook>(); };
  EXPECT_EQ(worth_of_shifting(make_series(values), {hours(2), hours(3), false}, blind).error().kind,
            base::ErrorKind::kNoData);
  EXPECT_EQ(worth_of_shifting(make_series(values), {hours(0), hours(3), false}, {}).error().kind,
            base::ErrorKind::kUsage);
  EXPECT_EQ(worth_of_shifting(make_series(values), {hours(1), -hours(3), false}, {}).error().kind,
            base::ErrorKind::kUsage);
}

/// The steps as issued, then the mean of the same slot of the fourteen days before.
std::vector<double> plainly_foreseen(const series::Series& truth, const formats::IssuedForecasts& issued,
                                     std::size_t slot, std::size_t horizon) {
  constexpr std::size_t kDay = 288;
  const auto row = static_cast<std::size_t>((truth.time_of(slot) - issued.begin) / issued.step);
  std::vector<double> values{truth[slot]};
  for (std::size_t ahead = 1; ahead < horizon; ++ahead) {
    double value = series::kMissing;
    if (ahead <= issued.horizon) {
      value = static_cast<double>(issued.values[row * issued.horizon + ahead - 1]);
    }
    if (series::is_missing(value)) {
      double sum = 0.0;
      double known = 0.0;
      for (std::size_t day = (ahead + kDay - 1) / kDay; day <= 14; ++day) {
        const double seen = truth[slot + ahead - day * kDay];
        if (series::is_missing(seen)) continue;
        sum += seen;
        known += 1.0;
      }
      value = sum / known;
    }
    values.push_back(value);
  }
  return values;
}

TEST(Worth, california_by_forecasts_as_issued_keeps_most_of_what_hindsight_promises) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  formats::IssuedForecasts issued;
  const auto year = grid::Catalogue(folder).marginal_2020_with_forecasts(&issued);
  ASSERT_TRUE(year.ok()) << year.error().message;
  const auto spring = year->slice(year->begin(), year->begin() + hours(24 * 120));
  const auto from = spring.begin() + hours(24 * 30);
  const Foreseen foreseen = [&](time::Instant now) {
    const auto slot = *spring.slot_at(now);
    const auto values = plainly_foreseen(spring, issued, slot, 372);
    return std::make_shared<const Outlook>(
        Outlook{series::Series(spring.provenance(), spring.time_of(slot), spring.step(), values),
                {},
                {},
                {},
                "as issued, carried on",
                now,
                false});
  };
  WorthOptions options;
  options.most_starts = 150;
  options.decisions.look_again = minutes(15);
  const auto history = spring.slice(from, spring.end());
  for (const bool pausable : {false, true}) {
    const Shiftable job{hours(6), hours(24), pausable};
    const auto bound = worth_of_shifting(history, job, {});
    const auto real = worth_of_shifting(history, job, foreseen, options);
    ASSERT_TRUE(bound.ok() && real.ok());
    EXPECT_TRUE(real->worth_it) << real->sentence;
    EXPECT_GT(real->saved(), 0.5 * bound->saved());
    EXPECT_LT(real->harmed, 0.25);
  }
}

}  // namespace
}  // namespace ebb::policy
