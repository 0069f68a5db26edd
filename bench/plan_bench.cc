// Speeds of planning (docs/performance.md), each beside a plain reference loop in the same run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <vector>

#include "plan/planner.h"
#include "plan/sweep.h"

namespace {

using namespace ebb;

/// A 5-minute year with daily, yearly and random parts: what matters to the sweeps is its size and its order.
series::Series made_up_year(unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0.0, 12.0);
  std::vector<double> values;
  double drift = 0.0;
  for (int i = 0; i < 105120; ++i) {
    drift = 0.97 * drift + noise(random);
    const double day = std::sin(6.2832 * i / 288.0 + seed);
    const double year = std::cos(6.2832 * i / 105120.0);
    values.push_back(std::max(0.0, 350.0 + 120.0 * day + 40.0 * year + drift));
  }
  return {{"BENCH", series::kMarginalDirect, "made up", "", {}},
          std::chrono::sys_days(std::chrono::year(2020) / 1 / 1),
          std::chrono::seconds(300),
          values};
}

const std::vector<series::Series>& sixteen_years() {
  static const auto years = [] {
    std::vector<series::Series> made;
    for (unsigned seed = 0; seed < 16; ++seed) made.push_back(made_up_year(seed));
    return made;
  }();
  return years;
}

const std::vector<plan::SweepSeries>& sixteen_prepared() {
  static const auto prepared = [] {
    std::vector<plan::SweepSeries> made;
    for (const auto& year : sixteen_years()) made.emplace_back(year);
    return made;
  }();
  return prepared;
}

/// The plainest correct loop: for each start, the best of all starts of its window by prefix sums.
void reference_flexible_start(benchmark::State& state) {
  const auto& year = sixteen_years()[0];
  const auto job = plan::SweepJob(std::chrono::hours(6), std::chrono::hours(24), year.step());
  std::vector<double> prefix(year.size() + 1, 0.0);
  for (auto _ : state) {
    for (std::size_t i = 0; i < year.size(); ++i) prefix[i + 1] = prefix[i] + year[i];
    double sum = 0.0;
    // One zone, scaled in docs/performance.md: sixteen would take too long.
    for (std::size_t start = 0; start + job.window <= year.size(); ++start) {
      double best = 1e300;
      for (std::size_t k = 0; k <= job.last_delay; ++k) {
        best = std::min(best, prefix[start + k + job.whole] - prefix[start + k]);
      }
      sum += best;
    }
    benchmark::DoNotOptimize(sum);
  }
}
BENCHMARK(reference_flexible_start)->Unit(benchmark::kMillisecond)->Name("reference/flexible_start/1_zone");

template <void (*kSweep)(const plan::SweepSeries&, const plan::SweepJob&, plan::SweepResult&)>
void sweep(benchmark::State& state) {
  const auto& zones = sixteen_prepared();
  plan::SweepResult result;
  const plan::SweepJob job(std::chrono::minutes(state.range(0)), std::chrono::hours(24), zones[0].step());
  for (auto _ : state) {
    double sum = 0.0;
    for (const auto& zone : zones) {
      kSweep(zone, job, result);
      for (const double value : result.intensity) sum += value;
    }
    benchmark::DoNotOptimize(sum);
  }
  state.counters["starts"] = static_cast<double>(16 * result.starts());
}
BENCHMARK(sweep<plan::sweep_flexible_start>)
    ->Unit(benchmark::kMillisecond)
    ->Name("flexible_start/16_zones/minutes")
    ->Arg(18)
    ->Arg(360)
    ->Arg(11520);
BENCHMARK(sweep<plan::sweep_pause_resume>)
    ->Unit(benchmark::kMillisecond)
    ->Name("pause_resume/16_zones/minutes")
    ->Arg(18)
    ->Arg(360)
    ->Arg(1260)
    ->Arg(11520);

void prepare(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(plan::SweepSeries(sixteen_years()[0]).unit());
}
BENCHMARK(prepare)->Unit(benchmark::kMillisecond)->Name("prepare/1_zone");

plan::Request request(time::Duration duration, bool shaped) {
  const auto& year = sixteen_years()[0];
  std::vector<workload::Profile::Piece> pieces;
  for (int i = 1; i <= (shaped ? 200 : 1); ++i) {
    pieces.push_back({duration * i / (shaped ? 200 : 1), units::watts(shaped ? 200.0 + 10.0 * (i % 17) : 500.0)});
  }
  plan::Request made{{workload::Profile(pieces), year.time_of(30000), std::chrono::hours(24)},
                     plan::Strategy::kPauseResume,
                     {},
                     {{year, std::nullopt}},
                     {},
                     {},
                     0.0,
                     {}};
  made.costs.pause_power = units::watts(60);
  made.costs.pause_energy = units::joules(200000);
  return made;
}

void one_plan(benchmark::State& state, const plan::Request& made) {
  for (auto _ : state) benchmark::DoNotOptimize(plan::make_plan(made)->emissions.pauses);
}
void plan_6h_at_most_2(benchmark::State& state) {
  auto made = request(std::chrono::hours(6), false);
  made.costs.max_pauses = 2;
  made.costs.min_run = std::chrono::minutes(30);
  made.costs.pause_time = std::chrono::minutes(5);
  one_plan(state, made);
}
BENCHMARK(plan_6h_at_most_2)->Unit(benchmark::kMillisecond)->Name("plan/6h/24h_slack/2_pauses_with_costs");
void plan_8d_shaped(benchmark::State& state) { one_plan(state, request(std::chrono::hours(192), true)); }
BENCHMARK(plan_8d_shaped)->Unit(benchmark::kMillisecond)->Name("plan/8d/24h_slack/shaped_with_costs");
void plan_8d_every_cost(benchmark::State& state) {
  auto made = request(std::chrono::hours(192) + std::chrono::seconds(100), true);
  made.costs.min_run = std::chrono::minutes(60);
  made.costs.min_pause = std::chrono::minutes(20);
  made.costs.pause_time = std::chrono::minutes(10);
  one_plan(state, made);
}
BENCHMARK(plan_8d_every_cost)->Unit(benchmark::kMillisecond)->Name("plan/8d/24h_slack/shaped_every_cost");

}  // namespace

BENCHMARK_MAIN();
