// Speed of one decision (docs/policy.md), beside a plain reference loop in the same run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "policy/decide.h"
#include "policy/together.h"

namespace {

using namespace ebb;

policy::Outlook made_up_outlook(std::size_t slots, time::Duration step, bool quantiles) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0.0, 12.0);
  std::vector<double> values;
  const double of_day = time::in_seconds(std::chrono::hours(24)) / time::in_seconds(step);
  for (std::size_t i = 0; i < slots; ++i) {
    values.push_back(350.0 + 120.0 * std::sin(6.2832 * static_cast<double>(i) / of_day) + noise(random));
  }
  const auto series = [&](double factor) {
    std::vector<double> scaled;
    for (const double value : values) scaled.push_back(value * factor);
    return series::Series({"BENCH", series::kMarginalDirect, "made up", "", {}}, time::Instant{}, step, scaled);
  };
  policy::Outlook outlook{series(1.0), {}, {}, {}, "made up", time::Instant{}, false};
  if (quantiles) {
    outlook.low = series(0.8);
    outlook.high = series(1.2);
  }
  return outlook;
}

policy::Situation job(bool pausable) {
  return {workload::Profile::flat(std::chrono::hours(6), units::watts(500)),
          time::Duration(0),
          plan::Standing::kNotStarted,
          time::Instant{},
          0,
          time::Instant{} + std::chrono::hours(24),
          std::chrono::minutes(10),
          pausable,
          {}};
}

/// What a decision comes to at its plainest: the sum over the job's slots for each of its starts.
void reference(benchmark::State& state) {
  const auto outlook = made_up_outlook(288, std::chrono::minutes(5), false);
  for (auto _ : state) {
    double best = 1e300;
    for (std::size_t k = 0; k + 72 <= outlook.mean.size(); ++k) {
      double sum = 0.0;
      for (std::size_t i = 0; i < 72; ++i) sum += outlook.mean[k + i] * 0.5 / 12.0;
      best = std::min(best, sum);
    }
    benchmark::DoNotOptimize(best);
  }
}
BENCHMARK(reference)->Unit(benchmark::kMicrosecond)->Name("reference/flexible_start/6h/24h_of_5min");

void decide(benchmark::State& state, const policy::Outlook& outlook, const policy::Situation& situation) {
  const policy::Options options;
  for (auto _ : state) benchmark::DoNotOptimize(policy::decide(situation, &outlook, time::Instant{}, options)->run);
}
void flexible_start(benchmark::State& state) {
  decide(state, made_up_outlook(288, std::chrono::minutes(5), state.range(0) != 0), job(false));
}
BENCHMARK(flexible_start)
    ->Unit(benchmark::kMicrosecond)
    ->Name("decide/flexible_start/6h/24h_of_5min/quantiles")
    ->Arg(0)
    ->Arg(1);
void pause_resume(benchmark::State& state) {
  auto situation = job(true);
  situation.costs.pause_power = units::watts(60);
  situation.costs.pause_energy = units::joules(200000);
  if (state.range(0) != 0) situation.costs.max_pauses = state.range(0);
  decide(state, made_up_outlook(288, std::chrono::minutes(5), false), situation);
}
BENCHMARK(pause_resume)
    ->Unit(benchmark::kMicrosecond)
    ->Name("decide/pause_resume_with_costs/6h/24h_of_5min/most_pauses")
    ->Arg(0)
    ->Arg(2);
void hourly(benchmark::State& state) {
  decide(state, made_up_outlook(48, std::chrono::hours(1), false), job(state.range(0) != 0));
}
BENCHMARK(hourly)->Unit(benchmark::kMicrosecond)->Name("decide/6h/48h_of_hours/pausable")->Arg(0)->Arg(1);

/// Jobs of up to two hours in a day of 5-minute slots, on room for eight of 60 at a time.
void together(benchmark::State& state) {
  std::mt19937 random(1);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const auto outlook = made_up_outlook(288, std::chrono::minutes(5), false);
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<policy::Contender> jobs;
  for (std::size_t i = 0; i < count; ++i) {
    policy::Contender job;
    job.length = 1 + below(24);
    job.first = below(150);
    job.deadline = std::min<std::size_t>(288, job.first + job.length + 12 + below(188));
    job.needs = {1.0, static_cast<double>(1 + below(8)), 0.0, static_cast<double>(below(2))};
    const auto profile = workload::Profile::flat(std::chrono::minutes(5) * static_cast<std::int64_t>(job.length),
                                                 units::watts(static_cast<double>(100 + below(1900))));
    job.grams = policy::start_grams(profile, outlook.mean, job.first, job.deadline);
    jobs.push_back(job);
  }
  const double size = std::max(1.0, std::floor(static_cast<double>(count) / 60.0));
  const std::vector<policy::Amount> room(288, {8.0 * size, 32.0 * size, policy::Amount::kUnlimited, 4.0 * size});
  double gap = 0.0;
  for (auto _ : state) {
    const auto placed = policy::place_together(jobs, room);
    gap = (placed->total - placed->lower_bound) / placed->total;
  }
  state.counters["gap_percent"] = 100.0 * gap;
}
BENCHMARK(together)->Unit(benchmark::kMillisecond)->Name("together/jobs")->Arg(12)->Arg(60)->Arg(240);

}  // namespace

BENCHMARK_MAIN();
