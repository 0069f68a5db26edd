#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "plan/solve.h"
#include "plan/sweep.h"
#include "study/parallel.h"
#include "study/starts.h"
#include "study/statistics.h"
#include "study/study.h"
#include "time/text.h"

namespace ebb::study {
namespace {

/// Sums over starts of one (place, duration, slack, strategy); intensities in g per kWh of the job's energy.
struct Totals {
  std::size_t starts = 0;
  std::size_t skipped = 0;
  std::size_t zero_baselines = 0;
  std::size_t harmed = 0;
  double baseline = 0.0;
  double planned = 0.0;
  double saved_share = 0.0;  ///< over starts with a baseline
  std::uint64_t pauses = 0;
  double delay_mean = 0.0;
  double delay_p95 = 0.0;
};

/// Adds up in four lanes, so that wide registers are used and the order of additions is the same everywhere.
void add_up(const std::vector<std::uint32_t>& slots, const double* baseline, const double* planned, Totals& totals) {
  constexpr std::size_t kLanes = 4;
  double base_sum[kLanes] = {};
  double plan_sum[kLanes] = {};
  double share_sum[kLanes] = {};
  std::size_t zeros = 0;
  std::size_t harmed = 0;
  const auto add = [&](std::size_t slot, std::size_t lane) {
    const double base = baseline[slot];
    const double plan = planned[slot];
    base_sum[lane] += base;
    plan_sum[lane] += plan;
    zeros += base == 0.0 ? 1 : 0;
    harmed += plan > base * 1.01 ? 1 : 0;
    share_sum[lane] += base == 0.0 ? 0.0 : (base - plan) / base;
  };
  std::size_t i = 0;
  for (; i + kLanes <= slots.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) add(slots[i + lane], lane);
  }
  for (; i < slots.size(); ++i) add(slots[i], 0);
  totals.starts = slots.size();
  totals.zero_baselines = zeros;
  totals.harmed = harmed;
  totals.baseline = (base_sum[0] + base_sum[1]) + (base_sum[2] + base_sum[3]);
  totals.planned = (plan_sum[0] + plan_sum[1]) + (plan_sum[2] + plan_sum[3]);
  totals.saved_share = (share_sum[0] + share_sum[1]) + (share_sum[2] + share_sum[3]);
}

void add_delays(const std::vector<std::uint32_t>& slots, const plan::SweepJob& job, const plan::SweepResult& result,
                Totals& totals) {
  static thread_local Histogram ends;
  ends.reset(2 * (job.window + 2));
  for (const auto slot : slots) {
    ends.add(result.end_key[slot]);
    totals.pauses += result.pauses[slot];
  }
  double sum = 0.0;
  for (std::uint32_t key = 0; key < ends.counts().size(); ++key) {
    if (ends.counts()[key] == 0) continue;
    sum += static_cast<double>(ends.counts()[key]) * time::in_seconds(plan::delay_of(job, key));
  }
  totals.delay_mean = sum / static_cast<double>(slots.size());
  const double place = 0.95 * static_cast<double>(slots.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double low = time::in_seconds(plan::delay_of(job, ends.at(below)));
  const double high = time::in_seconds(plan::delay_of(job, ends.at(std::min(below + 1, slots.size() - 1))));
  totals.delay_p95 = low + (place - static_cast<double>(below)) * (high - low);
}

/// A job with a shaped profile has no sweep: each start is planned on its own.
void plan_each_start(const Place& place, const workload::Profile& profile, const plan::SweepJob& job,
                     plan::Strategy strategy, const std::vector<std::uint32_t>& slots, plan::SweepResult& out) {
  const double energy = units::in_kwh(profile.energy());
  for (const auto slot : slots) {
    const plan::Job single{profile, place.series.time_of(slot), job.slack};
    const auto solved = plan::solve(single, strategy, {}, place.series);
    CHECK(solved.ok() && solved->has_value());
    const auto& schedule = (*solved)->schedule;
    const auto length = schedule.end() - single.start;
    out.intensity[slot] = energy == 0.0 ? 0.0 : (*solved)->total / energy;
    out.pauses[slot] = static_cast<std::uint32_t>(schedule.pauses());
    const bool whole = length % job.step == time::Duration(0);
    const auto slots_used = static_cast<std::uint32_t>(length / job.step);
    out.end_key[slot] = whole ? 2 * slots_used : 2 * (slots_used + 1) - 1;
  }
}

void sweep(const Place& place, const plan::SweepSeries& prepared, const workload::Profile& profile,
           const plan::SweepJob& job, plan::Strategy strategy, const std::vector<std::uint32_t>& slots,
           plan::SweepResult& out) {
  if (profile.is_flat()) {
    switch (strategy) {
      case plan::Strategy::kRunNow:
        sweep_run_now(prepared, job, out);
        return;
      case plan::Strategy::kFlexibleStart:
        sweep_flexible_start(prepared, job, out);
        return;
      case plan::Strategy::kPauseResume:
        sweep_pause_resume(prepared, job, out);
        return;
    }
  }
  const std::size_t edges = plan::count_starts(prepared, job);
  out.intensity.resize(edges);
  out.end_key.resize(edges);
  out.pauses.resize(edges);
  plan_each_start(place, profile, job, strategy, slots, out);
}

/// All strategies of one (place, profile, slack).
struct Task {
  std::size_t place = 0;
  const workload::Profile* profile = nullptr;
  time::Duration slack{0};
  std::vector<Totals> totals;  ///< by strategy of the spec
};

void run_task(const Spec& spec, const plan::SweepSeries& prepared, Task& task) {
  static thread_local plan::SweepResult baseline;
  static thread_local plan::SweepResult planned;
  const Place& place = spec.places[task.place];
  const plan::SweepJob job(task.profile->duration(), task.slack, place.series.step());
  const auto chosen = choose_starts(spec.starts, place.series, prepared, job);
  sweep(place, prepared, *task.profile, job, plan::Strategy::kRunNow, chosen.slots, baseline);
  for (const auto strategy : spec.strategies) {
    Totals totals;
    totals.skipped = chosen.skipped;
    if (!chosen.slots.empty()) {
      sweep(place, prepared, *task.profile, job, strategy, chosen.slots, planned);
      add_up(chosen.slots, baseline.intensity.data(), planned.intensity.data(), totals);
      add_delays(chosen.slots, job, planned, totals);
    }
    task.totals.push_back(totals);
  }
}

Row row_of(const Totals& totals, const workload::Profile& profile, time::Duration slack) {
  Row row;
  row.starts = totals.starts;
  row.skipped_starts = totals.skipped;
  row.zero_baseline_starts = totals.zero_baselines;
  if (totals.starts == 0) return row;
  const auto count = static_cast<double>(totals.starts);
  const double energy = units::in_kwh(profile.energy());
  row.baseline_g = energy * totals.baseline / count;
  row.emissions_g = energy * totals.planned / count;
  row.saved_g = energy * (totals.baseline - totals.planned) / count;
  if (totals.zero_baselines < totals.starts) {
    row.saved_percent_mean = 100.0 * totals.saved_share / static_cast<double>(totals.starts - totals.zero_baselines);
  }
  if (totals.baseline != 0.0) {
    row.saved_percent_of_total = 100.0 * (totals.baseline - totals.planned) / totals.baseline;
  }
  row.harmed_percent = 100.0 * static_cast<double>(totals.harmed) / count;
  row.pauses_mean = static_cast<double>(totals.pauses) / count;
  row.pauses_per_hour = *row.pauses_mean / (time::in_seconds(profile.duration() + slack) / 3600.0);
  row.delay_seconds_mean = totals.delay_mean;
  row.delay_seconds_p95 = totals.delay_p95;
  return row;
}

}  // namespace

time::Duration Slack::of(time::Duration running) const {
  // A share of a long job can be more than a Duration holds; a century is beyond any series all the same.
  constexpr double kLongest = 100.0 * 366 * 86400;
  return fixed ? *fixed : time::from_seconds(std::min(kLongest, share * time::in_seconds(running)));
}

base::Expected<Slack> parse_slack(std::string_view text) {
  const auto trimmed = base::trimmed(text);
  Slack slack;
  slack.text = trimmed;
  if (trimmed.ends_with('%')) {
    const auto percent = base::parse_number(base::trimmed(trimmed.substr(0, trimmed.size() - 1)));
    if (!percent || *percent < 0.0 || *percent > 1e6) {
      return base::usage_error(fmt::format("{} is no slack: a share is written like 50%", base::in_quotes(text)));
    }
    slack.share = *percent / 100.0;
    return slack;
  }
  auto fixed = time::parse_duration(trimmed);
  if (!fixed)
    return base::usage_error(
        fmt::format("as a slack, {}; or a share of the running time like 50%", fixed.error().message));
  slack.fixed = *fixed;
  return slack;
}

base::Expected<Starts> parse_starts(std::string_view text) {
  if (text == "every") return Starts{};
  if (text == "monthly5") return Starts{Starts::Kind::kMonthly5, 0, 0};
  const auto count = base::parse_number(text);
  if (!count || *count < 1.0 || *count != std::floor(*count) || *count > 1e9) {
    return base::usage_error(
        fmt::format("{} is no choice of starts: every, monthly5 or a number from 1", base::in_quotes(text)));
  }
  return Starts{Starts::Kind::kCount, static_cast<std::size_t>(*count), 0};
}

base::Expected<std::vector<Row>> evaluate(const Spec& spec) {
  std::vector<std::unique_ptr<plan::SweepSeries>> prepared(spec.places.size());
  for_each_task(spec.places.size(), spec.threads,
                [&](std::size_t i) { prepared[i] = std::make_unique<plan::SweepSeries>(spec.places[i].series); });
  // Jobs of flat power differ by their duration only: each (place, duration, slack) is swept once.
  std::vector<Task> tasks;
  std::map<std::tuple<std::size_t, const void*, std::int64_t, std::int64_t>, std::size_t> known;
  std::vector<std::size_t> task_of_row;
  for (std::size_t place = 0; place < spec.places.size(); ++place) {
    for (const auto& experiment : spec.experiments) {
      for (const auto& slack : spec.slacks) {
        const auto& profile = experiment.profile;
        const auto length = slack.of(profile.duration());
        const auto key = std::tuple(place, profile.is_flat() ? nullptr : static_cast<const void*>(&profile),
                                    profile.duration().count(), length.count());
        const auto [found, added] = known.emplace(key, tasks.size());
        if (added) tasks.push_back({place, &profile, length, {}});
        task_of_row.push_back(found->second);
      }
    }
  }
  for_each_task(tasks.size(), spec.threads,
                [&](std::size_t i) { run_task(spec, *prepared[tasks[i].place], tasks[i]); });

  std::vector<Row> rows;
  std::size_t index = 0;
  bool any = false;
  for (std::size_t place = 0; place < spec.places.size(); ++place) {
    for (std::size_t experiment = 0; experiment < spec.experiments.size(); ++experiment) {
      for (std::size_t slack = 0; slack < spec.slacks.size(); ++slack, ++index) {
        const Task& task = tasks[task_of_row[index]];
        for (std::size_t strategy = 0; strategy < spec.strategies.size(); ++strategy) {
          Row row = row_of(task.totals[strategy], spec.experiments[experiment].profile, task.slack);
          row.place = place;
          row.experiment = experiment;
          row.slack = slack;
          row.strategy = spec.strategies[strategy];
          any = any || row.starts > 0;
          rows.push_back(row);
        }
      }
    }
  }
  if (!any) {
    return base::no_data(
        "no start has its whole window inside the series: they are too short for these jobs and slacks, or slots are "
        "missing in every window");
  }
  return rows;
}

}  // namespace ebb::study
