#include "queue/settle.h"

#include <algorithm>

#include "plan/planner.h"

namespace ebb::queue {
namespace {

time::Duration total_of(const std::vector<time::Interval>& runs) {
  time::Duration total{0};
  for (const auto& run : runs) total += run.length();
  return total;
}

/// Grams of a constant power over an interval; nothing where a slot is missing.
std::optional<double> grams_over(const series::Series& actual, time::Interval when, units::Power power) {
  if (when.begin < actual.begin() || when.end > actual.end()) return std::nullopt;
  if (when.length() <= time::Duration(0)) return 0.0;
  const double mean = actual.mean_over(when);
  if (series::is_missing(mean)) return std::nullopt;
  return units::in_kwh(power * time::as_quantity(when.length())) * mean;
}

}  // namespace

time::Interval settling_window(const Job& job) {
  const auto ended = job.ended.value_or(job.submitted);
  const auto length = total_of(job.runs);
  const auto end = std::max({ended, job.what.deadline.value_or(ended), job.submitted + length});
  // Whole slots: the last one must be known to its end.
  return {job.submitted, end};
}

std::optional<Saved> settle(const Job& job, const series::Series& actual) {
  const auto length = total_of(job.runs);
  if (length <= time::Duration(0)) return std::nullopt;
  const auto energy = job.energy();
  const auto power = energy && units::in_joules(*energy) > 0.0
                         ? units::watts(units::in_joules(*energy) / time::in_seconds(length))
                         : job.what.power;
  Saved saved;
  saved.source = actual.provenance().source;
  for (const auto& run : job.runs) {
    const auto grams = grams_over(actual, run, power);
    if (!grams) return std::nullopt;
    saved.realised_g += *grams;
  }
  for (std::size_t i = 1; i < job.runs.size(); ++i) {
    const auto held = grams_over(actual, {job.runs[i - 1].end, job.runs[i].begin}, job.what.costs.pause_power);
    if (!held) return std::nullopt;
    saved.realised_g += *held;
  }
  const auto window = settling_window(job);
  const auto at_once = grams_over(actual, {job.submitted, job.submitted + length}, power);
  if (!at_once) return std::nullopt;
  saved.at_once_g = *at_once;
  plan::Request request{{workload::Profile::flat(length, power), window.begin, window.length() - length},
                        job.what.strategy,
                        job.what.costs,
                        {{actual, std::nullopt}},
                        {},
                        {},
                        0.0,
                        {}};
  const auto best = plan::make_plan(request);
  if (!best) return std::nullopt;
  // What really happened need not keep to the costs and cells of a plan.
  saved.best_g = std::min({best->emissions.total(), saved.realised_g, saved.at_once_g});
  return saved;
}

}  // namespace ebb::queue
