#include "policy/together.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "policy/together_problem.h"

namespace ebb::policy {
namespace {

base::Status check(std::span<const Contender> jobs, std::span<const Amount> room) {
  const auto sound = [](const Amount& amount) {
    const auto all = amount.all();
    return std::all_of(all.begin(), all.end(), [](double value) { return value >= 0.0; });
  };
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto& job = jobs[i];
    if (job.length == 0) return base::usage_error(fmt::format("job {} has a length of nothing", i));
    if (!sound(job.needs)) return base::usage_error(fmt::format("job {} needs an amount below zero", i));
    const bool fits = job.deadline >= job.length && job.first <= job.deadline - job.length;
    const std::size_t starts = fits ? job.deadline - job.length - job.first + 1 : 0;
    if (job.grams.size() != starts) {
      return base::usage_error(
          fmt::format("job {} can start in {} slots, but {} grams are given", i, starts, job.grams.size()));
    }
  }
  if (!std::all_of(room.begin(), room.end(), sound)) return base::usage_error("there cannot be less than no room");
  return base::Done{};
}

/// The cheapest start of each of all but `late` jobs, those dearest to place left out: no placement is below.
double sum_of_cheapest(const TogetherProblem& problem, std::size_t late) {
  std::vector<double> cheapest;
  for (std::size_t job = 0; job < problem.jobs.size(); ++job) {
    double least = 0.0;  // of one without any start: it is among the late
    bool any = false;
    for (const std::size_t start : problem.starts[job]) {
      const double grams = problem.grams(job, start);
      least = any ? std::min(least, grams) : grams;
      any = true;
    }
    if (any) cheapest.push_back(least);
  }
  std::sort(cheapest.begin(), cheapest.end());
  double sum = 0.0;
  const std::size_t placed = problem.jobs.size() - late;
  for (std::size_t i = 0; i < std::min(placed, cheapest.size()); ++i) sum += cheapest[i];
  return sum;
}

}  // namespace

std::vector<double> start_grams(const workload::Profile& profile, const series::Series& series, std::size_t first,
                                std::size_t deadline) {
  const auto step = series.step();
  const auto length = static_cast<std::size_t>((profile.duration() + step - time::Duration(1)) / step);
  if (deadline < length || first > deadline - length) return {};
  std::vector<double> kwh;
  for (auto from = time::Duration(0); from < profile.duration(); from += step) {
    kwh.push_back(units::in_kwh(profile.energy_between(from, std::min(from + step, profile.duration()))));
  }
  std::vector<double> grams;
  for (std::size_t start = first; start <= deadline - length; ++start) {
    double sum = 0.0;
    for (std::size_t i = 0; i < length; ++i) {
      const double value = start + i < series.size() ? series[start + i] : series::kMissing;
      sum += kwh[i] * value;
    }
    grams.push_back(std::isfinite(sum) ? sum : Amount::kUnlimited);
  }
  return grams;
}

TogetherProblem::TogetherProblem(std::span<const Contender> contenders, std::span<const Amount> amounts)
    : jobs(contenders), room(amounts), starts(contenders.size()) {
  const FreeRoom free(room);
  double largest_alone = 0.0;
  double spread = 0.0;
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    double largest = 0.0;
    double smallest = Amount::kUnlimited;
    for (std::size_t i = 0; i < jobs[job].grams.size(); ++i) {
      const std::size_t start = jobs[job].first + i;
      if (!std::isfinite(jobs[job].grams[i]) || start + jobs[job].length > room.size()) continue;
      if (!free.fits(jobs[job], start)) continue;
      starts[job].push_back(start);
      largest = std::max(largest, std::fabs(jobs[job].grams[i]));
      smallest = std::min(smallest, jobs[job].grams[i]);
    }
    if (starts[job].empty()) continue;
    largest_total += largest;
    largest_alone = std::max(largest_alone, largest);
    spread += largest - smallest;
  }
  // One more that is late spares its own grams, and lets all others move to where they emit least.
  late_charge = 1.001 * (2.0 * largest_alone + spread) + 1e-6;
}

double TogetherProblem::cost(const Starts& placed) const {
  double sum = 0.0;
  for (std::size_t job = 0; job < jobs.size(); ++job) sum += cost(job, placed[job]);
  return sum;
}

base::Expected<Together> place_together(std::span<const Contender> jobs, std::span<const Amount> room,
                                        const TogetherOptions& options) {
  EBB_TRY_DO(check(jobs, room));
  const TogetherProblem problem(jobs, room);
  const Dual dual = raise_prices(problem, options.rounds);
  Together result;
  result.start = dual.best;
  if (const auto proven = search(problem, dual, options.most_nodes)) {
    result.start = *proven;
    result.exact = true;
  }
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    if (!result.start[job]) ++result.late;
    if (result.start[job]) result.total += problem.grams(job, *result.start[job]);
  }
  if (result.exact) {
    result.least_late = result.late;
    result.lower_bound = result.total;
    return result;
  }
  // cost = grams + late x charge, and grams lie within largest_total of zero.
  const double least_late = std::ceil((dual.bound - problem.largest_total) / problem.late_charge - 1e-9);
  result.least_late = static_cast<std::size_t>(std::max(0.0, least_late));
  const double by_prices = dual.bound - problem.late_charge * static_cast<double>(result.late);
  result.lower_bound = std::min(result.total, std::max(by_prices, sum_of_cheapest(problem, result.late)));
  return result;
}

}  // namespace ebb::policy
