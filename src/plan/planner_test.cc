#include "plan/planner.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plan/flexible_start.h"
#include "plan/pause_table.h"
#include "plan/relaxation.h"
#include "plan/solve.h"
#include "support/brute_force.h"
#include "support/random_problem.h"

namespace ebb::plan {
namespace {

using test::BruteForce;
using test::Problem;
using test::ProblemMaker;

/// The cells that a schedule uses, restart cells included.
std::vector<std::size_t> cells_of(const Schedule& schedule, const Problem& problem) {
  std::vector<std::size_t> cells;
  const auto step = problem.series.step();
  for (const auto& segment : schedule.segments) {
    for (auto at = segment.begin; at < segment.end(); at += step) {
      cells.push_back(static_cast<std::size_t>((at - problem.job.start) / step));
    }
  }
  return cells;
}

base::Expected<std::optional<Solution>> solve_it(const Problem& problem, Strategy strategy) {
  return solve(problem.job, strategy, problem.costs, problem.series);
}

void expect_near(double a, double b, unsigned seed) {
  EXPECT_LE(std::fabs(a - b), 1e-9 * std::max(1e-9, std::fabs(b))) << a << " against " << b << ", seed " << seed;
}

void pause_resume_agrees_with_brute_force(unsigned first_seed, unsigned count, std::int64_t most_cells, bool costs,
                                          Standing standing = Standing::kNotStarted) {
  std::size_t feasible = 0;
  for (unsigned seed = first_seed; seed < first_seed + count; ++seed) {
    Problem problem = ProblemMaker(seed).make(most_cells, costs);
    problem.job.standing = standing;
    const auto brute = BruteForce(problem.job, problem.costs, problem.series).best();
    const auto ours = solve_it(problem, Strategy::kPauseResume);
    ASSERT_TRUE(ours.ok()) << ours.error().message;
    ASSERT_EQ(ours->has_value(), brute.has_value()) << "seed " << seed;
    if (!brute) continue;
    ++feasible;
    const Solution& solution = **ours;
    expect_near(solution.total, brute->total, seed);
    EXPECT_EQ(solution.schedule.pauses(), brute->pauses) << "seed " << seed;
    EXPECT_EQ(cells_of(solution.schedule, problem), brute->cells) << "seed " << seed;
    const auto extra =
        problem.series.step() *
        static_cast<std::int64_t>((problem.costs.pause_time + problem.series.step() - time::Duration(1)) /
                                  problem.series.step()) *
        static_cast<std::int64_t>(solution.schedule.pauses() + (standing == Standing::kPaused ? 1 : 0));
    EXPECT_EQ(solution.schedule.running(), problem.job.profile.duration() + extra) << "seed " << seed;
    EXPECT_LE(solution.schedule.end(), problem.job.window().end);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(feasible, count / 2);
}

TEST(Planner, pause_resume_with_free_pauses_equals_brute_force) {
  pause_resume_agrees_with_brute_force(1, 4000, 9, false);
}

TEST(Planner, pause_resume_with_every_cost_equals_brute_force) {
  pause_resume_agrees_with_brute_force(100000, 6000, 9, true);
}

TEST(Planner, a_job_that_runs_or_is_paused_already_equals_brute_force) {
  pause_resume_agrees_with_brute_force(200000, 1500, 9, false, Standing::kRunning);
  pause_resume_agrees_with_brute_force(300000, 2500, 9, true, Standing::kRunning);
  pause_resume_agrees_with_brute_force(400000, 1500, 9, false, Standing::kPaused);
  pause_resume_agrees_with_brute_force(500000, 2500, 9, true, Standing::kPaused);
}

TEST(Planner, going_on_and_one_resume_equal_brute_force) {
  std::size_t feasible = 0;
  for (unsigned seed = 1; seed < 4000; ++seed) {
    Problem problem = ProblemMaker(seed).make(9, seed % 4 != 0);
    problem.job.standing = seed % 2 == 0 ? Standing::kRunning : Standing::kPaused;
    BruteForce brute(problem.job, problem.costs, problem.series);
    const auto now = solve_it(problem, Strategy::kRunNow);
    const auto flexible = solve_it(problem, Strategy::kFlexibleStart);
    ASSERT_TRUE(now.ok() && flexible.ok());
    const auto brute_now = brute.straight(0);
    ASSERT_EQ(now->has_value(), brute_now.has_value()) << "seed " << seed;
    if (brute_now) expect_near((*now)->total, *brute_now, seed);
    std::optional<double> lowest;
    for (std::size_t k = 0; k < brute.starts(); ++k) {
      const auto total = brute.straight(k);
      if (total && (!lowest || *total < *lowest)) lowest = total;
    }
    ASSERT_EQ(flexible->has_value(), lowest.has_value()) << "seed " << seed;
    if (!lowest) continue;
    ++feasible;
    expect_near((*flexible)->total, *lowest, seed);
    EXPECT_EQ((*flexible)->schedule.pauses(), 0U) << "seed " << seed;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(feasible, 2000U);
}

TEST(Planner, a_long_plan_traced_through_many_blocks_scores_what_the_table_promised) {
  std::size_t feasible = 0;
  constexpr Standing kStandings[] = {Standing::kNotStarted, Standing::kRunning, Standing::kPaused};
  for (unsigned seed = 1; seed < 400; ++seed) {
    Problem problem = ProblemMaker(seed).make_long(600);
    problem.job.standing = kStandings[seed % 3];
    const auto window = make_window(problem.job, problem.series);
    ASSERT_TRUE(window.ok());
    const Work work(*window, problem.job.profile);
    const double tie = 1e-9;
    std::optional<std::size_t> layers;
    if (problem.costs.max_pauses) layers = static_cast<std::size_t>(*problem.costs.max_pauses) + 1;
    PauseTable table(*window, work, problem.costs, tie, layers);
    const std::size_t last = layers.value_or(1) - 1;
    if (!std::isfinite(table.best(last))) continue;
    ++feasible;
    const auto schedule = make_schedule(*window, problem.job.profile, table.trace(last));
    const auto scored = score(schedule, problem.job.profile, problem.costs, problem.series);
    ASSERT_TRUE(scored.has_value()) << "seed " << seed;
    expect_near(scored->total() + tie * static_cast<double>(schedule.resume_cells.size()), table.best(last), seed);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(feasible, 200U);
}

TEST(Planner, flexible_start_equals_brute_force) {
  for (unsigned seed = 1; seed < 4000; ++seed) {
    const Problem problem = ProblemMaker(seed).make(12, seed % 2 == 0);
    BruteForce brute(problem.job, problem.costs, problem.series);
    std::optional<double> lowest;
    std::size_t earliest = 0;
    for (std::size_t k = 0; k < brute.starts(); ++k) {
      const auto total = brute.straight(k);
      if (total && (!lowest || *total < *lowest - kTie * std::fabs(*lowest))) {
        lowest = total;
        earliest = k;
      }
    }
    const auto ours = solve_it(problem, Strategy::kFlexibleStart);
    ASSERT_TRUE(ours.ok());
    ASSERT_EQ(ours->has_value(), lowest.has_value()) << "seed " << seed;
    if (!lowest) continue;
    expect_near((*ours)->total, *lowest, seed);
    EXPECT_EQ((*ours)->schedule.begin(),
              problem.job.start + problem.series.step() * static_cast<std::int64_t>(earliest))
        << "seed " << seed;
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Planner, law_2_pause_resume_is_at_most_flexible_start_is_at_most_run_now) {
  for (unsigned seed = 1; seed < 1500; ++seed) {
    Problem problem = ProblemMaker(seed).make(60, true);
    const auto total = [&](Strategy strategy) {
      const auto found = solve_it(problem, strategy);
      return *found && (*found).has_value() ? (*found)->total : std::numeric_limits<double>::infinity();
    };
    const double now = total(Strategy::kRunNow);
    const double flexible = total(Strategy::kFlexibleStart);
    const double pausing = total(Strategy::kPauseResume);
    EXPECT_LE(flexible, now * (1 + 1e-12)) << "seed " << seed;
    EXPECT_LE(pausing, flexible * (1 + 1e-12)) << "seed " << seed;
    problem.costs.max_pauses = 0;
    EXPECT_EQ(total(Strategy::kPauseResume), flexible) << "seed " << seed;
  }
}

TEST(Planner, stopping_at_every_cell_to_plan_anew_from_there_loses_nothing) {
  // The tail of the best plan is the best plan of the tail: what is left, from the state that the job is then in.
  std::size_t checked = 0;
  for (unsigned seed = 1; seed < 600; ++seed) {
    Problem problem = ProblemMaker(seed).make(30, seed % 2 == 0);
    problem.costs.min_run = problem.costs.min_pause = time::Duration(0);  // those would be timers in the state
    problem.costs.transfer_energy = units::Energy{};
    const auto whole = solve_it(problem, Strategy::kPauseResume);
    ASSERT_TRUE(whole.ok());
    if (!whole->has_value()) continue;
    const auto& schedule = (*whole)->schedule;
    if (schedule.segments.size() < 2) continue;
    // At the end of the first segment the job is running and must be paused; at its resume it is paused.
    const auto& first = schedule.segments[0];
    if (first.work % problem.series.step() != time::Duration(0)) continue;  // cells would begin elsewhere
    const auto from = first.end();
    std::vector<workload::Profile::Piece> rest;
    for (const auto& piece : problem.job.profile.pieces()) {
      if (piece.end > first.work) rest.push_back({piece.end - first.work, piece.power});
    }
    Problem tail = problem;
    tail.job = {workload::Profile(rest), from, time::Duration(0), Standing::kRunning};
    tail.job.slack = problem.job.window().end - from - tail.job.profile.duration();
    const auto before = score(Schedule{{first}, {}, schedule.first_cell, problem.job.start, Standing::kNotStarted},
                              problem.job.profile, problem.costs, problem.series);
    const auto left = solve_it(tail, Strategy::kPauseResume);
    ASSERT_TRUE(left.ok() && left->has_value() && before) << "seed " << seed;
    expect_near(before->total() + (*left)->total, (*whole)->total, seed);
    tail.job.standing = Standing::kPaused;
    if (tail.costs.max_pauses) --*tail.costs.max_pauses;
    const auto paused = solve_it(tail, Strategy::kPauseResume);
    ASSERT_TRUE(paused.ok() && paused->has_value()) << "seed " << seed;
    expect_near(before->total() + (*paused)->total, (*whole)->total, seed);
    ++checked;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(checked, 100U);
}

TEST(Planner, a_job_that_has_begun_stays_in_its_zone_and_may_have_no_time_left_for_its_restart) {
  const series::Series series({"TEST", series::kMarginalDirect, "", "", {}}, time::Instant{}, std::chrono::hours(1),
                              {3, 1, 2, 5});
  Request request{{workload::Profile::flat(std::chrono::hours(2), units::watts(1000)), time::Instant{},
                   std::chrono::hours(1), Standing::kRunning},
                  Strategy::kPauseResume,
                  {},
                  {{series, {}}, {series, {}}},
                  {},
                  {},
                  0.0,
                  {}};
  const auto two = make_plan(request);
  ASSERT_FALSE(two.ok());
  EXPECT_EQ(two.error().kind, base::ErrorKind::kUsage);
  request.places.pop_back();
  const auto one = make_plan(request);
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->emissions.total(), 3.0);
  EXPECT_EQ(one->schedule.pauses(), 1U) << "not going on is a pause";
  EXPECT_EQ(one->schedule.pause(0).length(), std::chrono::hours(1));
  request.job.standing = Standing::kPaused;
  request.costs.pause_power = units::watts(100);
  request.costs.pause_energy = units::kilowatt_hours(1);
  const auto resumed = make_plan(request);
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(resumed->schedule.pauses(), 0U) << "it was counted when it began";
  EXPECT_DOUBLE_EQ(resumed->emissions.total(), 3.0 + 0.1 * 3 + 1.0) << "an hour of pause power, one pause energy";
  EXPECT_EQ(*resumed->baseline_g, 4.0 + 3.0);
  EXPECT_EQ(resumed->schedule.leading_pause()->length(), std::chrono::hours(1));
  request.costs.pause_time = std::chrono::hours(2);
  const auto late = make_plan(request);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().kind, base::ErrorKind::kInfeasible);
}

TEST(Planner, a_relaxed_plan_lies_between_its_bound_and_the_optimum_in_every_standing) {
  constexpr Standing kStandings[] = {Standing::kNotStarted, Standing::kRunning, Standing::kPaused};
  std::size_t feasible = 0;
  for (unsigned seed = 1; seed < 1200; ++seed) {
    Problem problem = ProblemMaker(seed).make(30, true);
    problem.job.standing = kStandings[seed % 3];
    problem.costs.max_pauses = 1 + seed % 2;
    const auto exact = solve_it(problem, Strategy::kPauseResume);
    ASSERT_TRUE(exact.ok());
    if (!exact->has_value()) continue;
    const auto window = make_window(problem.job, problem.series);
    const Work work(*window, problem.job.profile);
    const auto relaxed =
        relaxed_with_limit(*window, work, problem.job, problem.costs, problem.series,
                           static_cast<std::size_t>(*problem.costs.max_pauses), 1e-12 * (*exact)->total + 1e-150);
    if (!relaxed) continue;  // it never found one that keeps the limit
    ++feasible;
    const double rounding = 1e-9 * std::max(1e-9, std::fabs((*exact)->total));
    EXPECT_GE(relaxed->total, (*exact)->total - rounding) << "seed " << seed;
    EXPECT_LE(relaxed->lower_bound, (*exact)->total + rounding) << "seed " << seed;
    EXPECT_LE(relaxed->schedule.pauses(), static_cast<std::size_t>(*problem.costs.max_pauses)) << "seed " << seed;
    const auto coarse = relaxed_on_coarse_cells(*window, work, problem.job, problem.costs, problem.series);
    ASSERT_TRUE(coarse.ok());
    if (!coarse->has_value()) continue;
    EXPECT_LE((*coarse)->schedule.end(), problem.job.window().end) << "seed " << seed;
    EXPECT_LE((*coarse)->lower_bound, (*exact)->total + rounding) << "seed " << seed;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(feasible, 500U);
}

TEST(Planner, law_2_more_slack_never_costs_more_and_dearer_pauses_never_save) {
  for (unsigned seed = 1; seed < 800; ++seed) {
    ProblemMaker maker(seed);
    Problem problem = maker.make(40, true);
    const auto total = [](const Problem& p) {
      const auto found = solve_it(p, Strategy::kPauseResume);
      return found.ok() && found->has_value() ? (**found).total : std::numeric_limits<double>::infinity();
    };
    const double base = total(problem);
    const auto at_most = [&](double a, double b, const char* what) {
      if (!std::isfinite(b)) return;
      EXPECT_LE(a, b * (1 + 1e-12) + 1e-15) << what << ", seed " << seed;
    };
    Problem less_slack = problem;
    less_slack.job.slack = problem.job.slack / 2;
    at_most(base, total(less_slack), "less slack");
    Problem dearer = problem;
    dearer.costs.pause_power += units::watts(20);
    at_most(base, total(dearer), "pause power");
    dearer = problem;
    dearer.costs.pause_energy += units::joules(20000);
    at_most(base, total(dearer), "pause energy");
    dearer = problem;
    dearer.costs.min_run += problem.series.step();
    at_most(base, total(dearer), "minimum run");
    dearer = problem;
    dearer.costs.min_pause += problem.series.step();
    at_most(base, total(dearer), "minimum pause");
    dearer = problem;
    dearer.costs.max_pauses = dearer.costs.max_pauses ? std::max<std::int64_t>(0, *dearer.costs.max_pauses - 1) : 2;
    at_most(base, total(dearer), "fewer pauses");
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Planner, fewest_pauses_within_a_loss_equals_brute_force) {
  for (unsigned seed = 1; seed < 1500; ++seed) {
    const Problem problem = ProblemMaker(seed).make(9, false);
    BruteForce brute(problem.job, problem.costs, problem.series);
    const auto best = brute.best();
    const auto now = brute.straight(0);
    if (!best || !now) continue;
    Request request{problem.job, Strategy::kPauseResume, problem.costs, {{problem.series, {}}}, {}, 0.3, 0.0, {}};
    const auto plan = make_plan(request);
    ASSERT_TRUE(plan.ok()) << plan.error().message;
    const double target = *now - 0.7 * (*now - best->total);
    std::size_t fewest = 99;
    double lowest = 0.0;
    for (const auto& candidate : brute.plans()) {
      if (candidate.total > target + 1e-11 * std::fabs(target)) continue;
      if (candidate.pauses < fewest || (candidate.pauses == fewest && candidate.total < lowest)) {
        fewest = candidate.pauses;
        lowest = candidate.total;
      }
    }
    EXPECT_EQ(plan->schedule.pauses(), fewest) << "seed " << seed;
    expect_near(plan->emissions.total(), lowest, seed);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Planner, a_plan_is_scored_the_same_by_whole_and_by_resampled_series) {
  for (unsigned seed = 1; seed < 500; ++seed) {
    const Problem problem = ProblemMaker(seed).make(20, true);
    const auto found = solve_it(problem, Strategy::kPauseResume);
    if (!found.ok() || !found->has_value()) continue;
    std::vector<double> finer;
    for (const double value : problem.series.values()) finer.insert(finer.end(), 3, value);
    const series::Series fine(problem.series.provenance(), problem.series.begin(), problem.series.step() / 3, finer);
    Costs costs = problem.costs;
    const auto a = score((*found)->schedule, problem.job.profile, costs, problem.series);
    const auto b = score((*found)->schedule, problem.job.profile, costs, fine);
    ASSERT_TRUE(a && b);
    expect_near(a->total(), b->total(), seed);
  }
}

}  // namespace
}  // namespace ebb::plan
