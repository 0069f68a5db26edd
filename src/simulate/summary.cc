#include <algorithm>
#include <cmath>
#include <map>

#include "simulate/simulation.h"

namespace ebb::simulate {
namespace {

constexpr double kHarm = 0.01;

}  // namespace

Summary summary_of(const Outcome& outcome, const Outcome& at_once) {
  CHECK(outcome.jobs.size() == at_once.jobs.size());
  Summary summary;
  summary.policy = outcome.policy;
  std::vector<time::Duration> delays;
  double delay_seconds = 0.0;
  double later_seconds = 0.0;
  for (std::size_t i = 0; i < outcome.jobs.size(); ++i) {
    const auto& job = outcome.jobs[i];
    const auto& baseline = at_once.jobs[i];
    using Fate = JobOutcome::Fate;
    if (job.fate == Fate::kBeyondData) ++summary.beyond_data;
    if (job.fate == Fate::kTooLarge) ++summary.too_large;
    if (job.fate == Fate::kBeyondData || job.fate == Fate::kTooLarge) continue;
    summary.impossible += job.impossible ? 1 : 0;
    summary.missed += job.missed ? 1 : 0;
    summary.pauses += job.pauses;
    delays.push_back(job.delay);
    delay_seconds += time::in_seconds(job.delay);
    if (job.fate == Fate::kUnpriced || baseline.fate == Fate::kUnpriced) {
      ++summary.unpriced;
      continue;
    }
    ++summary.jobs;
    summary.grams += job.grams;
    summary.kwh += job.kwh;
    summary.saved_grams += baseline.grams - job.grams;
    later_seconds += time::in_seconds(job.delay - baseline.delay);
    summary.harmed += job.grams > baseline.grams * (1.0 + kHarm) ? 1 : 0;
  }
  if (delays.empty()) return summary;
  summary.delay_mean = time::from_seconds(delay_seconds / static_cast<double>(delays.size()));
  // Nearest rank.
  const auto rank = static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(delays.size()))) - 1;
  std::nth_element(delays.begin(), delays.begin() + static_cast<std::ptrdiff_t>(rank), delays.end());
  summary.delay_p95 = delays[rank];
  if (later_seconds > 0.0) summary.saved_grams_per_hour = summary.saved_grams / (later_seconds / 3600.0);
  return summary;
}

Peak peak_of(const JobTrace& trace) {
  std::map<time::Duration, std::pair<double, double>> changes;
  for (const auto& job : trace.jobs) {
    const auto begin = job.start.value_or(job.submit);
    const auto gpus = std::ceil(job.gpus);
    auto& rise = changes[begin];
    rise.first += gpus;
    rise.second += job.cpus;
    auto& fall = changes[begin + job.length];
    fall.first -= gpus;
    fall.second -= job.cpus;
  }
  Peak peak;
  double gpus = 0.0;
  double cpus = 0.0;
  for (const auto& [moment, change] : changes) {
    gpus += change.first;
    cpus += change.second;
    peak.gpus = std::max(peak.gpus, static_cast<int>(gpus));
    peak.cpus = std::max(peak.cpus, cpus);
  }
  return peak;
}

}  // namespace ebb::simulate
