#include "plan/sweep.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "plan/rank_set.h"
#include "plan/solve.h"
#include "support/random_problem.h"

namespace ebb::plan {
namespace {

TEST(RankSet, agrees_with_a_set_of_numbers) {
  std::mt19937 random(7);
  for (const std::uint32_t size : {1U, 63U, 64U, 5000U, 300000U}) {
    RankSet ours(size);
    std::set<std::uint32_t> theirs;
    for (int round = 0; round < 3000; ++round) {
      const std::uint32_t n = static_cast<std::uint32_t>(random() % (size + 1));
      if (random() % 2 == 0) {
        ours.insert(n);
        theirs.insert(n);
      } else {
        ours.erase(n);
        theirs.erase(n);
      }
      const std::uint32_t probe = static_cast<std::uint32_t>(random() % (size + 1));
      const auto after = theirs.lower_bound(probe);
      EXPECT_EQ(ours.at_or_after(probe), after == theirs.end() ? RankSet::kNone : *after);
      auto before = theirs.upper_bound(probe);
      EXPECT_EQ(ours.at_or_before(probe), before == theirs.begin() ? RankSet::kNone : *--before);
      EXPECT_EQ(ours.contains(probe), theirs.contains(probe));
    }
  }
}

/// A random year in small: any step, ties, zeros, missing slots; any duration and slack.
struct Sweep {
  series::Series series;
  time::Duration duration;
  time::Duration slack;
};

Sweep make_sweep(unsigned seed) {
  test::ProblemMaker maker(seed);
  const std::int64_t steps[] = {300, 900, 1800, 3600};
  const auto step = std::chrono::seconds(steps[maker.below(4)]);
  std::vector<double> values;
  const auto kind = maker.below(4);
  const double missing = maker.chance(0.4) ? 0.02 : 0.0;
  for (int i = 0; i < 90; ++i) {
    double value = kind == 0 ? static_cast<double>(100 * maker.below(4)) : maker.between(-20.0, 700.0);
    if (kind == 3) value = 250.0;
    values.push_back(maker.chance(missing) ? series::kMissing : value);
  }
  const time::Duration duration = step * (1 + maker.below(120)) / 10;
  const time::Duration slack = step * maker.below(maker.chance(0.5) ? 160 : 12) / 10;
  return {series::Series({"TEST", series::kMarginalDirect, "", "", {}},
                         std::chrono::sys_days(std::chrono::year(2020) / 3 / 1), step, values),
          duration, slack};
}

void sweep_agrees_with_single_plans(Strategy strategy) {
  std::size_t compared = 0;
  for (unsigned seed = 1; seed < 400; ++seed) {
    const Sweep sweep = make_sweep(seed);
    const SweepSeries prepared(sweep.series);
    const SweepJob job(sweep.duration, sweep.slack, sweep.series.step());
    SweepResult result;
    if (strategy == Strategy::kRunNow) sweep_run_now(prepared, job, result);
    if (strategy == Strategy::kFlexibleStart) sweep_flexible_start(prepared, job, result);
    if (strategy == Strategy::kPauseResume) sweep_pause_resume(prepared, job, result);
    const auto profile = workload::Profile::flat(sweep.duration, units::kilowatt_hours(1));
    for (std::size_t start = 0; start < result.starts(); ++start) {
      const Job single{profile, sweep.series.time_of(start), sweep.slack};
      if (prepared.any_missing(start, job.window)) continue;
      const auto plan = solve(single, strategy, {}, sweep.series);
      ASSERT_TRUE(plan.ok() && plan->has_value());
      ++compared;
      const auto& schedule = (*plan)->schedule;
      EXPECT_NEAR(result.intensity[start], (*plan)->total, 1e-9 * std::fabs((*plan)->total) + 1e-9);
      if (strategy != Strategy::kPauseResume) {
        EXPECT_EQ(delay_of(job, result.end_key[start]), schedule.end() - single.start - sweep.duration);
      }
      EXPECT_GE(result.pauses[start], schedule.pauses()) << "the single plan has the fewest";
      if (testing::Test::HasFailure()) {
        FAIL() << "seed " << seed << " start " << start;
      }
    }
    const auto beyond = sweep.series.time_of(result.starts());
    EXPECT_GT(beyond + sweep.duration + sweep.slack, sweep.series.end());
  }
  EXPECT_GT(compared, 10000U);
}

TEST(Sweep, run_now_equals_single_plans) { sweep_agrees_with_single_plans(Strategy::kRunNow); }
TEST(Sweep, flexible_start_equals_single_plans) { sweep_agrees_with_single_plans(Strategy::kFlexibleStart); }
TEST(Sweep, pause_resume_equals_single_plans) { sweep_agrees_with_single_plans(Strategy::kPauseResume); }

/// The slow reference: sort the window, ties to the earlier slot, count segments and the end from the chosen slots.
void expect_as_sorted(const series::Series& series, const SweepJob& job, std::size_t start, const SweepResult& result) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < job.full; ++i) order.emplace_back(series[start + i], i);
  std::sort(order.begin(), order.end());
  std::vector<std::pair<std::size_t, time::Duration>> used;
  for (std::size_t i = 0; i < job.whole; ++i) used.emplace_back(order[i].second, job.step);
  if (job.piece.count() > 0) {
    const bool short_fits = job.last_length >= job.piece;
    std::size_t cell = job.full;
    if (job.full > job.whole && (!short_fits || order[job.whole].first <= series[start + job.full])) {
      cell = order[job.whole].second;
    }
    used.emplace_back(cell, job.piece);
  }
  std::sort(used.begin(), used.end());
  std::size_t segments = 0;
  time::Duration end{-1};
  double total = 0.0;
  for (const auto& [cell, length] : used) {
    const time::Duration begin = job.step * static_cast<std::int64_t>(cell);
    segments += begin != end ? 1 : 0;
    end = begin + length;
    total += series[start + cell] * time::in_seconds(length);
  }
  const double mean = total / time::in_seconds(job.duration);
  EXPECT_EQ(result.pauses[start] + 1, segments) << "start " << start;
  EXPECT_EQ(delay_of(job, result.end_key[start]), end - job.duration) << "start " << start;
  EXPECT_NEAR(result.intensity[start], mean, 1e-9 * std::fabs(mean) + 1e-9) << "start " << start;
}

TEST(Sweep, pauses_and_ends_equal_those_of_sorted_windows) {
  for (unsigned seed = 1000; seed < 1300; ++seed) {
    const Sweep sweep = make_sweep(seed);
    const SweepSeries prepared(sweep.series);
    const SweepJob job(sweep.duration, sweep.slack, sweep.series.step());
    SweepResult result;
    sweep_pause_resume(prepared, job, result);
    for (std::size_t start = 0; start < result.starts(); ++start) {
      if (!prepared.any_missing(start, job.window)) expect_as_sorted(sweep.series, job, start, result);
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed;
    }
  }
}

TEST(Sweep, long_series_are_swept_alike_across_stretches_and_for_windows_longer_than_one) {
  test::ProblemMaker maker(5);
  std::vector<double> values;
  for (int i = 0; i < 15000; ++i) {
    const double swing = 200.0 * std::sin(i / 46.0);
    values.push_back(maker.chance(0.0005) ? series::kMissing
                     : maker.chance(0.3)  ? static_cast<double>(50 * maker.below(9))
                                          : 300.0 + swing + maker.between(-90.0, 90.0));
  }
  const series::Series series({"TEST", series::kMarginalDirect, "", "", {}},
                              std::chrono::sys_days(std::chrono::year(2020) / 3 / 1), std::chrono::seconds(300),
                              values);
  const SweepSeries prepared(series);
  const std::int64_t minutes[][2] = {{18, 60},      {360, 1440},   {7, 3},      {1440, 720},
                                     {14400, 5000}, {18000, 7000}, {300, 19000}};
  for (const auto& [duration, slack] : minutes) {
    const SweepJob job(std::chrono::minutes(duration), std::chrono::minutes(slack), series.step());
    SweepResult result;
    sweep_pause_resume(prepared, job, result);
    std::size_t compared = 0;
    for (std::size_t start = 0; start < result.starts(); start += start % 4096 < 4090 && start % 4096 > 5 ? 97 : 1) {
      if (prepared.any_missing(start, job.window)) continue;
      expect_as_sorted(series, job, start, result);
      ++compared;
    }
    EXPECT_GT(compared, 0U);
  }
}

}  // namespace
}  // namespace ebb::plan
