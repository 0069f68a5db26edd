// A year of hours back-tested with a forecast at every hour, beside the least that a regression must do.
#include <benchmark/benchmark.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <vector>

#include "forecast/score.h"

namespace {

using namespace ebb;

/// A year of a daily cycle, slow weather and noise.
const series::Series& year() {
  static const auto made = [] {
    std::mt19937_64 random(1);
    const auto even = [&] { return static_cast<double>(random() >> 11) * 0x1p-52 - 1.0; };
    std::vector<double> values;
    double weather = 0.0;
    for (int hour = 0; hour < 8760; ++hour) {
      weather = 0.97 * weather + 15.0 * even();
      values.push_back(300.0 - 80.0 * std::cos(hour * 6.283185307 / 24.0) + weather + 10.0 * even());
    }
    return series::Series({"BENCH", series::kMarginalDirect, "made up", "", {}},
                          std::chrono::sys_days(std::chrono::year(2022) / 1 / 1), std::chrono::hours(1), values);
  }();
  return made;
}

/// One ridge regression of 48 leads on 72 lags over the whole year, solved once and applied at every hour.
void reference_one_ridge(benchmark::State& state) {
  constexpr Eigen::Index kLags = 72;
  constexpr Eigen::Index kLeads = 48;
  for (auto _ : state) {
    const auto values = year().values();
    Eigen::MatrixXd left = Eigen::MatrixXd::Identity(kLags, kLags);
    Eigen::MatrixXd right = Eigen::MatrixXd::Zero(kLags, kLeads);
    const auto last = static_cast<Eigen::Index>(values.size()) - kLags - kLeads;
    for (Eigen::Index at = 0; at <= last; ++at) {
      const Eigen::Map<const Eigen::VectorXd> z(values.data() + at, kLags);
      const Eigen::Map<const Eigen::VectorXd> y(values.data() + at + kLags, kLeads);
      left.selfadjointView<Eigen::Lower>().rankUpdate(z);
      right.noalias() += z * y.transpose();
    }
    const Eigen::MatrixXd slopes = left.selfadjointView<Eigen::Lower>().llt().solve(right);
    double sum = 0.0;
    for (Eigen::Index at = 0; at <= last; ++at) {
      sum += (slopes.transpose() * Eigen::Map<const Eigen::VectorXd>(values.data() + at, kLags)).sum();
    }
    benchmark::DoNotOptimize(sum);
  }
}
BENCHMARK(reference_one_ridge)->Unit(benchmark::kMillisecond)->Name("reference/one_ridge_on_a_year");

void score_year(benchmark::State& state) {
  const auto& method = forecast::methods().at(static_cast<std::size_t>(state.range(0)));
  state.SetLabel(std::string(method.name));
  for (auto _ : state) benchmark::DoNotOptimize(forecast::score(year(), method, {}));
}
BENCHMARK(score_year)->DenseRange(0, 4)->Unit(benchmark::kMillisecond)->Name("score/a_year_of_hours");

void issue_once(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        forecast::issue(forecast::methods().front(), year(), year().end(), std::chrono::hours(24)));
  }
}
BENCHMARK(issue_once)->Unit(benchmark::kMillisecond)->Name("issue/from_a_year_of_hours");

}  // namespace

BENCHMARK_MAIN();
