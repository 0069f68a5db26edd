#include "study/foresight.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "plan/sweep.h"
#include "study/foresight_rules.h"
#include "study/statistics.h"

namespace ebb::study {
namespace {

constexpr double kHarm = 1.01;

/// values[0] + ... + values[i - 1] at i; missing ones count as 0, which no run that matters touches.
void sum_up(std::span<const double> values, std::vector<double>& sums) {
  sums.resize(values.size() + 1);
  sums[0] = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sums[i + 1] = sums[i] + (series::is_missing(values[i]) ? 0.0 : values[i]);
  }
}

/// One job on its way through the series.
struct Run {
  Run(const ForesightJob& foresight_job, const series::Series& series, std::span<const double> sums,
      const plan::SweepSeries& prepared)
      : job(foresight_job),
        shape(job, series.step()),
        sweep(job.duration, job.slack, series.step()),
        count(plan::count_starts(prepared, sweep)),
        rule(make_rule(job, series, sums, count)) {}

  [[nodiscard]] bool valid(const plan::SweepSeries& prepared, std::size_t start) const {
    return start < count && !prepared.any_missing(start, sweep.window);
  }

  ForesightJob job;
  ForesightShape shape;
  plan::SweepJob sweep;
  std::size_t count;  ///< slot edges whose window lies inside the series
  std::unique_ptr<ForesightRule> rule;
};

void pass_time(const series::Series& series, const IssuedForecaster& forecaster, const plan::SweepSeries& prepared,
               std::span<Run> runs) {
  std::size_t horizon = 0;
  std::size_t end = 0;
  for (const auto& run : runs) {
    if (run.count == 0) continue;
    horizon = std::max(horizon, run.shape.reach);
    end = std::max(end, run.count - 1 + run.shape.reach);
  }
  IssuedForecaster::Cursor cursor(forecaster, horizon);
  std::vector<double> sums;
  for (std::size_t slot = 0; slot < end; ++slot) {
    if (series::is_missing(series[slot])) continue;  // no window that counts holds it
    const auto values = cursor.at(slot);
    sum_up(values, sums);
    for (auto& run : runs) run.rule->see(slot, values, sums, run.valid(prepared, slot));
  }
}

std::vector<double> best_of(const Run& run, const plan::SweepSeries& prepared) {
  plan::SweepResult result;
  if (run.job.strategy == plan::Strategy::kRunNow) plan::sweep_run_now(prepared, run.sweep, result);
  if (run.job.strategy == plan::Strategy::kFlexibleStart) plan::sweep_flexible_start(prepared, run.sweep, result);
  if (run.job.strategy == plan::Strategy::kPauseResume) plan::sweep_pause_resume(prepared, run.sweep, result);
  return std::move(result.intensity);
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

ForesightTotals total(const Run& run, const series::Series& series, std::span<const double> sums,
                      const plan::SweepSeries& prepared) {
  const auto all_best = best_of(run, prepared);
  std::vector<double> baseline, promised, realised, best, saving, loss, delay, pauses;
  std::size_t harmed = 0;
  for (std::size_t slot = 0; slot < run.count; ++slot) {
    if (!run.valid(prepared, slot)) continue;
    const ForesightStart& start = run.rule->starts()[slot];
    baseline.push_back(straight_mean(run.shape, series.values(), sums, slot));
    promised.push_back(start.promised);
    realised.push_back(start.realised);
    best.push_back(all_best[slot]);
    saving.push_back(start.promised_now - start.promised);
    loss.push_back(start.realised - baseline.back());
    delay.push_back(static_cast<double>(start.delay) * time::in_seconds(series.step()));
    pauses.push_back(start.pauses);
    harmed += start.realised > kHarm * baseline.back() ? 1U : 0U;
  }
  ForesightTotals result;
  result.starts = baseline.size();
  result.skipped = run.count - baseline.size();
  if (result.starts == 0) return result;
  result.baseline = mean_of(baseline);
  result.promised = mean_of(promised);
  result.realised = mean_of(realised);
  result.best = mean_of(best);
  result.promised_saving = mean_of(saving);
  result.harmed_percent = 100.0 * static_cast<double>(harmed) / static_cast<double>(result.starts);
  result.loss_p95 = quantile(loss, 0.95);
  result.delay_seconds_mean = mean_of(delay);
  result.delay_seconds_p95 = quantile(delay, 0.95);
  result.pauses_mean = mean_of(pauses);
  return result;
}

}  // namespace

std::vector<ForesightTotals> evaluate_foresight(const series::Series& series, const IssuedForecaster& forecaster,
                                                std::span<const ForesightJob> jobs) {
  CHECK(forecaster.size() == series.size());
  const plan::SweepSeries prepared(series);
  std::vector<double> sums;
  sum_up(series.values(), sums);
  std::vector<Run> runs;
  runs.reserve(jobs.size());
  for (const auto& job : jobs) runs.emplace_back(job, series, sums, prepared);
  pass_time(series, forecaster, prepared, runs);
  std::vector<ForesightTotals> totals;
  totals.reserve(jobs.size());
  for (const auto& run : runs) totals.push_back(total(run, series, sums, prepared));
  return totals;
}

ForesightTotals evaluate_foresight(const series::Series& series, const IssuedForecaster& forecaster,
                                   const ForesightJob& job) {
  return evaluate_foresight(series, forecaster, std::span(&job, 1)).front();
}

}  // namespace ebb::study
