#include "imports/sacct_energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "units/format.h"

namespace ebb::imports {
namespace {

// Steps are printed in whole joules, or with three digits and a prefix.
constexpr double kSame = 0.01;

const SacctRow* step_named(const SacctJob& job, std::string_view name) {
  const auto found = std::find_if(job.steps.begin(), job.steps.end(),
                                  [&](const auto& step) { return step.step == name && step.energy; });
  return found == job.steps.end() ? nullptr : &*found;
}

bool on_one_node(const SacctJob& job) {
  if (job.row.node_count) return *job.row.node_count == 1;
  return !job.row.nodes.empty() && job.row.nodes.find_first_of("[,") == std::string::npos;
}

bool is_numbered(const SacctRow& step) {
  return !step.step.empty() && step.step.front() >= '0' && step.step.front() <= '9';
}

/// Whether any two of the steps that have an energy run at the same time; a step without times might.
bool overlap(const std::vector<const SacctRow*>& steps) {
  std::vector<time::Interval> times;
  for (const auto* step : steps) {
    const auto when = time_of(*step);
    if (!when || !*when) return steps.size() > 1;
    times.push_back(**when);
  }
  std::sort(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i].begin < times[i - 1].end) return true;
    times[i].end = std::max(times[i].end, times[i - 1].end);
  }
  return false;
}

struct Once {
  units::Energy energy;
  std::string from;
};

/// The energy of the steps without counting any twice, where that can be told.
std::optional<Once> steps_once(const SacctJob& job) {
  if (const auto* external = step_named(job, "extern")) return Once{*external->energy, "its extern step"};
  if (const auto* batch = step_named(job, "batch"); batch != nullptr && on_one_node(job)) {
    return Once{*batch->energy, "its batch step, which ran on its only node all the time"};
  }
  std::vector<const SacctRow*> numbered;
  units::Energy sum;
  for (const auto& step : job.steps) {
    if (!is_numbered(step) || !step.energy) continue;
    numbered.push_back(&step);
    sum += *step.energy;
  }
  if (numbered.empty() || overlap(numbered)) return std::nullopt;
  return Once{sum, "its numbered steps, which ran one after the other"};
}

/// All steps with an energy, added up as Slurm does.
std::optional<units::Energy> overlapping_sum(const SacctJob& job) {
  std::vector<const SacctRow*> known;
  units::Energy sum;
  for (const auto& step : job.steps) {
    if (!step.energy) continue;
    known.push_back(&step);
    sum += *step.energy;
  }
  return known.size() > 1 && overlap(known) ? std::optional(sum) : std::nullopt;
}

/// The pair of begin and end that lasts as long as Elapsed says; the first that is one, where none does.
std::optional<time::Interval> fitting(const SacctRow& row) {
  std::optional<time::Interval> any;
  for (const auto begin : {std::optional(row.start->first), row.start->second}) {
    for (const auto end : {std::optional(row.end->first), row.end->second}) {
      if (!begin || !end || *end < *begin) continue;
      const time::Interval when{*begin, *end};
      if (row.elapsed && when.length() == *row.elapsed) return when;
      if (!any) any = when;
    }
  }
  return any;
}

}  // namespace

std::optional<JobEnergy> energy_of(const SacctJob& job) {
  const auto once = steps_once(job);
  const auto stated = job.row.energy;
  if (!stated) {
    if (!once) return std::nullopt;
    return JobEnergy{once->energy, 1.0, "the job's own row has no energy: it is that of " + once->from};
  }
  const auto sum = overlapping_sum(job);
  const bool is_sum = sum && std::fabs(units::in_joules(*stated - *sum)) <= kSame * units::in_joules(*sum);
  if (!is_sum || !once || once->energy >= *stated) return JobEnergy{*stated, 1.0, ""};
  return JobEnergy{
      once->energy, units::as_number(*stated / once->energy),
      fmt::format("Slurm's {} is the sum of steps that ran at the same time on the same nodes; taken is the "
                  "energy of {}",
                  units::text_of(*stated), once->from)};
}

base::Expected<std::optional<time::Interval>> time_of(const SacctRow& row) {
  if (!row.start) return std::optional<time::Interval>();
  if (row.end) {
    const auto when = fitting(row);
    if (!when) return base::bad_data("it ends before it begins");
    return when;
  }
  if (!row.elapsed) return base::bad_data("End is not known and there is no Elapsed: ask sacct for Elapsed too");
  return std::optional(time::Interval{row.start->first, row.start->first + *row.elapsed});
}

}  // namespace ebb::imports
