#include "plan/planner.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plan/flexible_start.h"
#include "plan/pause_table.h"
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

void pause_resume_agrees_with_brute_force(unsigned first_seed, unsigned count, std::int64_t most_cells, bool costs) {
  std::size_t feasible = 0;
  for (unsigned seed = first_seed; seed < first_seed + count; ++seed) {
    const Problem problem = ProblemMaker(seed).make(most_cells, costs);
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
        static_cast<std::int64_t>(solution.schedule.pauses());
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

TEST(Planner, a_long_plan_traced_through_many_blocks_scores_what_the_table_promised) {
  std::size_t feasible = 0;
  for (unsigned seed = 1; seed < 400; ++seed) {
    const Problem problem = ProblemMaker(seed).make_long(600);
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
    expect_near(scored->total() + tie * static_cast<double>(schedule.pauses()), table.best(last), seed);
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
