#include "policy/decide.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "plan/solve.h"
#include "policy/rehearse.h"
#include "support/random_problem.h"

namespace ebb::policy {
namespace {

using ebb::test::Problem;
using ebb::test::ProblemMaker;
using plan::Standing;
using std::chrono::hours;
using std::chrono::minutes;

series::Series make_series(std::vector<double> values, time::Duration step = hours(1)) {
  return {{"TEST", series::kMarginalDirect, "", "", {}},
          std::chrono::sys_days(std::chrono::year(2020) / 3 / 1),
          step,
          std::move(values)};
}

std::shared_ptr<const Outlook> outlook_of(series::Series mean) {
  const auto begin = mean.begin();
  return std::make_shared<Outlook>(Outlook{std::move(mean), {}, {}, {}, "measured", begin, true});
}

Options exact() {
  Options options;
  options.min_saving_fraction = 0.0;
  options.switch_gain_fraction = 0.0;
  return options;
}

Situation situation_of(const Problem& problem, bool pausable) {
  return {problem.job.profile, time::Duration(0), Standing::kNotStarted, problem.job.start, 0, problem.job.window().end,
          time::Duration(0),   pausable,          problem.costs};
}

/// A problem whose optimum can be lived exactly: on slots' edges, whole slots of work, no missing slot.
Problem lived_problem(unsigned seed, std::int64_t most_cells) {
  ProblemMaker maker(seed);
  Problem problem = maker.make(most_cells, seed % 3 != 0);
  std::vector<double> values(problem.series.values().begin(), problem.series.values().end());
  for (double& value : values) value = series::is_missing(value) ? 250.0 : value;
  const auto step = problem.series.step();
  problem.series = series::Series(problem.series.provenance(), problem.series.begin(), step, values);
  const auto up = [step](time::Duration length) { return (length + step - time::Duration(1)) / step * step; };
  const auto end = problem.job.window().end;
  problem.job.start = problem.series.begin();
  const auto duration = up(problem.job.profile.duration());
  std::vector<workload::Profile::Piece> pieces = problem.job.profile.pieces();
  pieces.back().end = duration;
  problem.job.profile = workload::Profile(pieces);
  problem.job.slack = std::max(time::Duration(0), end - problem.job.start - duration);
  auto& costs = problem.costs;
  for (auto* length : {&costs.pause_time, &costs.min_run, &costs.min_pause}) *length = up(*length);
  costs.transfer_energy = units::Energy{};
  return problem;
}

void expect_near(double a, double b, const std::string& what) {
  EXPECT_LE(std::fabs(a - b), 1e-9 * std::max(1e-9, std::fabs(b))) << a << " against " << b << ", " << what;
}

// --- a perfect outlook ---------------------------------------------------------------------------------------------

TEST(Decide, a_perfect_outlook_realises_the_exact_optimum) {
  std::size_t with_pauses = 0;
  for (unsigned seed = 1; seed < 3000; ++seed) {
    const Problem problem = lived_problem(seed, 40);
    const bool pausable = seed % 4 != 0;
    const auto strategy = pausable ? plan::Strategy::kPauseResume : plan::Strategy::kFlexibleStart;
    const auto best = plan::solve(problem.job, strategy, problem.costs, problem.series);
    ASSERT_TRUE(best.ok() && best->has_value()) << "seed " << seed;
    Options options = exact();
    options.look_again = problem.series.step() * (1 + seed % 5);  // it asks at every edge, or at few
    const auto outlook = outlook_of(problem.series);
    const auto lived = rehearse(
        situation_of(problem, pausable), problem.series, problem.job.start, [&](time::Instant) { return outlook; },
        options);
    ASSERT_TRUE(lived.ok()) << lived.error().message;
    expect_near(lived->grams, (*best)->total, "seed " + std::to_string(seed));
    EXPECT_EQ(lived->running, problem.job.profile.duration() + lived->restarts) << "seed " << seed;
    EXPECT_LE(lived->end, problem.job.window().end) << "seed " << seed;
    with_pauses += lived->pauses > 0 ? 1 : 0;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(with_pauses, 500U);
}

TEST(Decide, between_two_edges_a_job_starts_at_once_or_on_the_best_edge) {
  std::size_t waited = 0;
  for (unsigned seed = 1; seed < 1500; ++seed) {
    Problem problem = lived_problem(seed, 30);
    const auto step = problem.series.step();
    const auto edge = problem.job.start + step;
    problem.job.start += step * (1 + seed % 9) / 10;
    const auto once = plan::solve(problem.job, plan::Strategy::kRunNow, {}, problem.series);
    const plan::Job from_edge{problem.job.profile, edge, problem.job.slack + problem.job.start - edge};
    double best = (*once)->total;
    if (from_edge.slack >= time::Duration(0)) {
      const auto later = plan::solve(from_edge, plan::Strategy::kFlexibleStart, {}, problem.series);
      best = std::min(best, (*later)->total);
    }
    Options options = exact();
    options.look_again = step;
    const auto outlook = outlook_of(problem.series);
    const auto lived = rehearse(
        situation_of(problem, false), problem.series, problem.job.start, [&](time::Instant) { return outlook; },
        options);
    ASSERT_TRUE(lived.ok()) << lived.error().message;
    // Cells that begin now may do better still, where the job ends on no edge anyway.
    EXPECT_LE(lived->grams, best * (1.0 + 1e-9) + 1e-9) << "seed " << seed;
    waited += lived->first.run ? 0 : 1;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(waited, 300U);
}

TEST(Decide, asking_more_often_than_the_slots_never_loses) {
  for (unsigned seed = 1; seed < 600; ++seed) {
    Problem problem = lived_problem(seed, 12);
    if (problem.series.step() < minutes(30)) continue;
    problem.costs.pause_time = time::Duration(0);  // its power would be that of a finer cell
    problem.costs.pause_energy = units::Energy{};
    const auto best = plan::solve(problem.job, plan::Strategy::kPauseResume, problem.costs, problem.series);
    Options options = exact();
    options.look_again = minutes(5);
    const auto outlook = outlook_of(problem.series);
    const auto lived = rehearse(
        situation_of(problem, true), problem.series, problem.job.start, [&](time::Instant) { return outlook; },
        options);
    ASSERT_TRUE(lived.ok()) << lived.error().message;
    EXPECT_LE(lived->grams, (*best)->total * (1.0 + 1e-9) + 1e-9) << "seed " << seed;
    if (testing::Test::HasFailure()) return;
  }
}

// --- outlooks that lie ---------------------------------------------------------------------------------------------

/// Another one at each call: true to nothing.
class Liar {
 public:
  Liar(unsigned seed, time::Instant begin, time::Duration step) : random_(seed), begin_(begin), step_(step) {}

  std::shared_ptr<const Outlook> operator()(time::Instant now) {
    const auto kind = below(8);
    if (kind == 0) return nullptr;
    const auto from = begin_ + (now - begin_) / step_ * step_;
    auto outlook = std::make_shared<Outlook>(
        Outlook{values(from, kind == 1 ? 0 : 1 + below(60)), {}, {}, {}, "a liar", now, false});
    if (kind == 2) outlook->mean = values(from + step_ * 3, 10);
    if (kind == 3) outlook->mean = values(from - step_ * 30, 10);
    if (kind <= 4) outlook->past = values(from - step_ * 40, 40);
    if (kind == 5) {
      outlook->low = values(from, 1 + below(60));
      outlook->high = values(from, 1 + below(60));
    }
    return outlook;
  }
  std::int64_t below(std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_); }

 private:
  series::Series values(time::Instant from, std::int64_t count) {
    const auto kind = below(6);
    std::vector<double> out;
    for (std::int64_t i = 0; i < count; ++i) {
      double value = static_cast<double>(below(500));
      if (kind == 0) value = series::kMissing;
      if (kind == 1 && below(2) == 0) value = series::kMissing;
      if (kind == 2) value = 1000.0 - static_cast<double>(i);  // always better later
      if (kind == 3) value = -value;
      if (kind == 4) value = 0.0;
      out.push_back(value);
    }
    return {{"LIES", series::kMarginalDirect, "", "", {}}, from, step_, std::move(out)};
  }

  std::mt19937_64 random_;
  time::Instant begin_;
  time::Duration step_;
};

TEST(Decide, no_sequence_of_lies_makes_a_job_miss_its_deadline_or_break_its_costs) {
  std::size_t paused = 0;
  for (unsigned seed = 1; seed < 4000; ++seed) {
    ProblemMaker maker(seed);
    Problem problem = maker.make(40, seed % 3 != 0);
    const auto step = problem.series.step();
    const series::Series truth(problem.series.provenance(), problem.series.begin(), step,
                               std::vector<double>(problem.series.size() + 2, 100.0));
    Situation situation = situation_of(problem, seed % 4 != 0);
    situation.margin = std::min(problem.job.slack, time::Duration(minutes(maker.below(60))));
    Options options;
    options.min_saving_fraction = maker.chance(0.5) ? 0.0 : 0.01;
    options.switch_gain_fraction = maker.chance(0.5) ? 0.0 : 0.005;
    options.look_again = minutes(1 + maker.below(120));
    Liar liar(seed, problem.series.begin(), step);
    const auto ask = [&](time::Instant now, const Decision& decision) {
      EXPECT_GT(decision.look_again, now) << "seed " << seed;
      if (liar.below(3) != 0) return decision.look_again;
      return std::min(decision.look_again, now + std::chrono::seconds(1 + liar.below(4000)));
    };
    const auto lived = rehearse(
        situation, truth, problem.job.start, [&](time::Instant now) { return liar(now); }, options, ask);
    ASSERT_TRUE(lived.ok()) << lived.error().message;
    EXPECT_LE(lived->end, situation.deadline - situation.margin) << "seed " << seed;
    EXPECT_EQ(lived->running,
              problem.job.profile.duration() + problem.costs.pause_time * static_cast<std::int64_t>(lived->pauses))
        << "seed " << seed;
    if (problem.costs.max_pauses) {
      EXPECT_LE(static_cast<std::int64_t>(lived->pauses), *problem.costs.max_pauses) << "seed " << seed;
    }
    if (!situation.pausable) {
      EXPECT_EQ(lived->pauses, 0U);
    }
    for (std::size_t i = 0; i + 1 < lived->segments.size(); ++i) {
      EXPECT_GE(lived->segments[i], problem.costs.min_run) << "seed " << seed;
    }
    for (const auto gap : lived->gaps) EXPECT_GE(gap, problem.costs.min_pause) << "seed " << seed;
    paused += lived->pauses;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(paused, 300U);
}

TEST(Decide, what_a_decision_says_is_what_its_schedule_emits_on_the_outlook) {
  std::size_t pauses = 0;
  for (unsigned seed = 1; seed < 3000; ++seed) {
    Problem problem = lived_problem(seed, 30);
    if (seed % 5 == 0) problem.job.start += problem.series.step() / 3;
    Situation situation = situation_of(problem, true);
    situation.standing = seed % 3 == 0 ? Standing::kPaused : Standing::kRunning;
    situation.since = problem.job.start - hours(100);
    situation.pauses = situation.standing == Standing::kPaused ? 1 : 0;
    if (problem.costs.max_pauses) situation.costs.max_pauses = *problem.costs.max_pauses + 1;
    const auto outlook = outlook_of(problem.series);
    Options options;
    options.look_again = hours(2);
    const auto decision = decide(situation, outlook.get(), problem.job.start, options);
    ASSERT_TRUE(decision.ok());
    EXPECT_FALSE(decision->reason.empty());
    ASSERT_TRUE(decision->schedule && decision->planned && decision->at_once) << "seed " << seed;
    const auto scored = plan::score(*decision->schedule, problem.job.profile, situation.costs, problem.series);
    ASSERT_TRUE(scored) << "seed " << seed;
    expect_near(units::in_grams(*decision->planned), scored->total(), "seed " + std::to_string(seed));
    if (situation.standing == Standing::kRunning && !decision->run) {
      ++pauses;
      const double gain = units::in_grams(*decision->at_once - *decision->planned);
      EXPECT_GT(gain, options.switch_gain_fraction * units::in_grams(*decision->at_once)) << "seed " << seed;
      EXPECT_EQ(decision->schedule->begin(), *decision->next_change) << "seed " << seed;
      EXPECT_GT(*decision->next_change, problem.job.start) << "seed " << seed;
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(pauses, 300U);
}

// --- by hand -------------------------------------------------------------------------------------------------------

/// One hour of 1 kW is left of two, and four hours of time.
Situation running_job() {
  const auto begin = make_series({}).begin();
  Situation situation{workload::Profile::flat(hours(2), units::watts(1000)),
                      hours(1),
                      Standing::kRunning,
                      begin,
                      0,
                      begin + hours(5),
                      time::Duration(0),
                      true,
                      {}};
  return situation;
}

TEST(Decide, a_running_job_is_paused_only_for_more_than_the_pause_costs) {
  const auto outlook = outlook_of(make_series({999, 200, 100, 100, 100}));
  const auto now = outlook->mean.begin() + hours(1);
  Situation situation = running_job();
  // A pause of an hour saves 100 g of 200 g; so much energy at 100 g/kWh just eats them up.
  situation.costs.pause_energy = units::kilowatt_hours(0.98);
  auto decision = decide(situation, outlook.get(), now, exact());
  EXPECT_FALSE(decision->run);
  EXPECT_EQ(decision->rule, Rule::kPlan);
  EXPECT_NEAR(units::in_grams(*decision->at_once - *decision->planned), 2.0, 1e-9);
  EXPECT_TRUE(decide(situation, outlook.get(), now, Options{0.01, {}, 0.02})->run) << "2 g of 200 g are too little";
  EXPECT_EQ(decide(situation, outlook.get(), now, Options{0.01, {}, 0.02})->rule, Rule::kStay);
  situation.costs.pause_energy = units::kilowatt_hours(1.02);
  decision = decide(situation, outlook.get(), now, exact());
  EXPECT_TRUE(decision->run);
  EXPECT_EQ(decision->rule, Rule::kPlan) << "going on is the best plan";
}

TEST(Decide, a_job_that_cannot_be_paused_or_has_had_its_pauses_runs_on) {
  const auto outlook = outlook_of(make_series({999, 200, 1, 1, 1}));
  const auto now = outlook->mean.begin() + hours(1);
  Situation situation = running_job();
  situation.pausable = false;
  auto decision = decide(situation, outlook.get(), now, exact());
  EXPECT_TRUE(decision->run);
  EXPECT_EQ(decision->look_again, now + hours(1)) << "nothing is left to decide";
  EXPECT_DOUBLE_EQ(units::in_grams(*decision->planned), 200.0);
  situation = running_job();
  situation.costs.max_pauses = 2;
  situation.pauses = 2;
  EXPECT_TRUE(decide(situation, outlook.get(), now, exact())->run);
  situation.pauses = 1;
  EXPECT_FALSE(decide(situation, outlook.get(), now, exact())->run);
}

TEST(Decide, a_restart_and_a_shortest_run_or_pause_that_have_begun_are_waited_out) {
  const auto outlook = outlook_of(make_series({999, 200, 1, 1, 1}));
  const auto now = outlook->mean.begin() + hours(1);
  Situation situation = running_job();
  situation.since = now - minutes(10);
  situation.costs.min_run = minutes(30);
  auto decision = decide(situation, outlook.get(), now, exact());
  EXPECT_TRUE(decision->run);
  EXPECT_EQ(decision->rule, Rule::kStay);
  EXPECT_EQ(decision->look_again, now + minutes(20));
  situation.costs = {};
  situation.costs.pause_time = minutes(15);
  EXPECT_FALSE(decide(situation, outlook.get(), now, exact())->run) << "it was never paused: this is no restart";
  situation.pauses = 1;
  decision = decide(situation, outlook.get(), now, exact());
  EXPECT_TRUE(decision->run);
  EXPECT_EQ(decision->look_again, now + minutes(5));
  EXPECT_EQ(*decision->end, now + minutes(65)) << "what is left of the restart takes time too";
  situation.standing = Standing::kPaused;
  situation.costs = {};
  situation.costs.min_pause = minutes(40);
  const auto cheap_now = outlook_of(make_series({999, 1, 200, 200, 200}));
  decision = decide(situation, cheap_now.get(), now, exact());
  EXPECT_FALSE(decision->run);
  EXPECT_EQ(decision->rule, Rule::kStay);
  situation.costs.min_pause = minutes(10);
  EXPECT_TRUE(decide(situation, cheap_now.get(), now, exact())->run);
}

TEST(Decide, the_deadline_decides_when_no_time_is_left) {
  const auto outlook = outlook_of(make_series({999, 200, 1, 1, 1, 1, 1, 1}));
  const auto now = outlook->mean.begin() + hours(1);
  Situation situation = running_job();
  situation.standing = Standing::kNotStarted;
  situation.done = time::Duration(0);
  situation.deadline = now + hours(3);
  auto decision = decide(situation, outlook.get(), now, exact());
  EXPECT_FALSE(decision->run);
  situation.margin = hours(1);
  decision = decide(situation, outlook.get(), now, exact());
  EXPECT_TRUE(decision->run);
  EXPECT_EQ(decision->rule, Rule::kDeadline);
  EXPECT_DOUBLE_EQ(units::in_grams(*decision->at_once), 201.0);
  decision = decide(situation, outlook.get(), now + minutes(61), exact());
  EXPECT_EQ(decision->rule, Rule::kTooLate);
  EXPECT_TRUE(decision->run);
  // Held until half an hour before it must run: looked at again no later than that.
  situation.margin = time::Duration(0);
  situation.deadline = now + hours(2) + minutes(30);
  Options options = exact();
  options.look_again = hours(9);
  const auto later = outlook_of(make_series({999, 200, 100, 100, 1, 1, 1, 1}));
  decision = decide(situation, later.get(), now, options);
  if (!decision->run) {
    EXPECT_LE(decision->look_again, now + minutes(30));
  }
}

TEST(Decide, too_small_or_too_doubtful_a_saving_is_not_waited_for) {
  const auto outlook = outlook_of(make_series({200, 198.5, 250, 250, 250}));
  Situation situation = running_job();
  situation.standing = Standing::kNotStarted;
  situation.done = hours(1);
  const auto now = outlook->mean.begin();
  EXPECT_EQ(decide(situation, outlook.get(), now, {})->rule, Rule::kNotWorthIt);
  EXPECT_FALSE(decide(situation, outlook.get(), now, exact())->run);
  Options least = exact();
  least.min_saving = units::grams(2);
  EXPECT_EQ(decide(situation, outlook.get(), now, least)->rule, Rule::kNotWorthIt);
  // 100 g at best, give or take a lot.
  auto doubtful = std::make_shared<Outlook>(*outlook_of(make_series({200, 100, 250, 250, 250})));
  doubtful->low = make_series({100, 0, 150, 150, 150});
  doubtful->high = make_series({300, 200, 350, 350, 350});
  Options certain = exact();
  certain.least_chance = 0.95;
  const auto sure = decide(situation, doubtful.get(), now, certain);
  ASSERT_FALSE(sure->run) << "errors of neighbouring hours mostly cancel";
  EXPECT_LT(units::in_grams(sure->saving_90->first), 100.0);
  EXPECT_GT(units::in_grams(sure->saving_90->first), 0.0);
  EXPECT_NEAR(units::in_grams(sure->saving_90->first + sure->saving_90->second), 200.0, 1e-9);
  doubtful->low = make_series({0, 0, 0, 0, 0});
  doubtful->high = make_series({600, 600, 600, 600, 600});
  EXPECT_EQ(decide(situation, doubtful.get(), now, certain)->rule, Rule::kUncertain);
  certain.least_chance = 0.5;
  EXPECT_FALSE(decide(situation, doubtful.get(), now, certain)->run);
}

TEST(Decide, without_a_forecast_a_threshold_decides_and_without_history_nothing_is_held) {
  std::vector<double> values(48);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0 ? 100.0 : 400.0;
  Outlook outlook{make_series({}), {}, {}, make_series(values), "", make_series({}).begin(), false};
  const auto now = outlook.past->end();
  Situation situation = running_job();
  situation.deadline = now + hours(9);
  situation.since = now - hours(3);
  auto decision = decide(situation, &outlook, now, {});
  EXPECT_EQ(decision->rule, Rule::kThreshold);
  EXPECT_FALSE(decision->run) << "400 g/kWh now";
  EXPECT_TRUE(decide(situation, &outlook, now - hours(2), {})->run) << "100 g/kWh";
  situation.standing = Standing::kNotStarted;
  situation.pausable = false;
  EXPECT_FALSE(decide(situation, &outlook, now, {})->run);
  EXPECT_EQ(decide(situation, &outlook, situation.deadline - hours(1), {})->rule, Rule::kDeadline);
  EXPECT_EQ(decide(situation, &outlook, now + hours(3), {})->rule, Rule::kBlind) << "what was seen is too old";
  EXPECT_EQ(decide(situation, nullptr, now, {})->rule, Rule::kBlind);
  EXPECT_TRUE(decide(situation, nullptr, now, {})->run);
  situation.pausable = true;
  situation.costs.pause_energy = units::kilowatt_hours(50);
  EXPECT_EQ(decide(situation, &outlook, now, {})->rule, Rule::kBlind) << "no pause pays for that";
}

TEST(Decide, a_contradicting_situation_is_refused_and_a_job_longer_than_foreseen_runs_on) {
  const auto outlook = outlook_of(make_series({200, 1, 1, 1, 1}));
  const auto now = outlook->mean.begin();
  const auto refused = [&](const Situation& situation, const Options& options = {}) {
    const auto decision = decide(situation, outlook.get(), now, options);
    return !decision.ok() && decision.error().kind == base::ErrorKind::kUsage && !decision.error().message.empty();
  };
  Situation situation = running_job();
  situation.done = -minutes(1);
  EXPECT_TRUE(refused(situation));
  situation = running_job();
  situation.margin = -minutes(1);
  EXPECT_TRUE(refused(situation));
  situation = running_job();
  situation.costs.pause_power = units::watts(-1);
  EXPECT_TRUE(refused(situation));
  situation = running_job();
  situation.costs.max_pauses = -1;
  EXPECT_TRUE(refused(situation));
  situation = running_job();
  situation.costs.min_pause = time::Duration::max();
  EXPECT_TRUE(refused(situation));
  Options never;
  never.look_again = time::Duration(0);
  EXPECT_TRUE(refused(running_job(), never));
  situation = running_job();
  situation.done = hours(3);
  const auto decision = decide(situation, outlook.get(), now, {});
  EXPECT_TRUE(decision->run);
  EXPECT_EQ(decision->rule, Rule::kBlind);
  EXPECT_GT(decision->look_again, now);
}

TEST(Decide, a_deadline_years_away_is_planned_within_what_is_foreseen) {
  std::vector<double> values(288, 300.0);
  values[200] = 100.0;
  const auto outlook = outlook_of(make_series(values, minutes(5)));
  Situation situation = running_job();
  situation.standing = Standing::kNotStarted;
  situation.done = time::Duration(0);
  situation.profile = workload::Profile::flat(minutes(5), units::watts(1000));
  situation.deadline = situation.since + hours(24 * 365 * 90);
  const auto decision = decide(situation, outlook.get(), outlook->mean.begin(), {});
  EXPECT_FALSE(decision->run);
  EXPECT_EQ(*decision->next_change, outlook->mean.time_of(200));
  situation.deadline = time::Instant::max();
  EXPECT_EQ(*decide(situation, outlook.get(), outlook->mean.begin(), {})->next_change, outlook->mean.time_of(200));
  situation.deadline = time::Instant{} - hours(24 * 365 * 60);
  EXPECT_EQ(decide(situation, outlook.get(), outlook->mean.begin(), {})->rule, Rule::kTooLate);
  situation.deadline = time::Instant::max();
  situation.profile = workload::Profile::flat(hours(24 * 365 * 90), units::watts(1000));
  ASSERT_TRUE(decide(situation, outlook.get(), outlook->mean.begin(), {}).ok());
  situation.profile = workload::Profile::flat(hours(24 * 60), units::watts(1000));  // far beyond what is foreseen
  const auto months = decide(situation, outlook.get(), outlook->mean.begin(), {});
  ASSERT_TRUE(months.ok());
  EXPECT_GT(months->look_again, outlook->mean.begin());
}

}  // namespace
}  // namespace ebb::policy
