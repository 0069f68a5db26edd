#include "study/details.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "plan/solve.h"
#include "plan/sweep.h"
#include "study/parallel.h"
#include "study/starts.h"
#include "study/statistics.h"
#include "time/calendar.h"

namespace ebb::study {
namespace {

/// What each start emits when it runs at once, in grams.
struct RunNow {
  ChosenStarts chosen;
  std::vector<double> grams;  ///< by chosen start
};

RunNow run_now(const Spec& spec, std::size_t place, std::size_t experiment) {
  const auto& series = spec.places[place].series;
  const auto& profile = spec.experiments[experiment].profile;
  const plan::SweepSeries prepared(series, plan::SweepSeries::Ranks::kNo);
  const plan::SweepJob job(profile.duration(), time::Duration(0), series.step());
  RunNow result;
  result.chosen = choose_starts(spec.starts, series, prepared, job);
  plan::SweepResult sweep;
  if (profile.is_flat()) sweep_run_now(prepared, job, sweep);
  for (const auto slot : result.chosen.slots) {
    if (profile.is_flat()) {
      result.grams.push_back(sweep.intensity[slot] * units::in_kwh(profile.energy()));
    } else {
      const auto solved =
          plan::solve({profile, series.time_of(slot), time::Duration(0)}, plan::Strategy::kRunNow, {}, series);
      CHECK(solved.ok() && solved->has_value());
      result.grams.push_back((*solved)->total);
    }
  }
  return result;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::optional<double> percent(double part, double whole) {
  return whole == 0.0 ? std::nullopt : std::optional(100.0 * part / whole);
}

/// One place's months and hours of one experiment.
void add_calendar(const Spec& spec, std::size_t place, std::size_t experiment, Calendar& out) {
  const auto now = run_now(spec, place, experiment);
  const auto& series = spec.places[place].series;
  std::vector<unsigned char> hours;
  if (!spec.places[place].time_zone.empty()) {
    auto local = time::local_hours(spec.places[place].time_zone, series.begin(), series.step(), series.size());
    if (local) hours = *std::move(local);
  }
  std::array<std::vector<double>, 12> months;
  std::array<std::vector<double>, 24> by_hour;
  for (std::size_t i = 0; i < now.grams.size(); ++i) {
    const auto slot = now.chosen.slots[i];
    months[time::civil_time(series.time_of(slot)).month - 1].push_back(now.grams[i]);
    if (!hours.empty()) by_hour[hours[slot]].push_back(now.grams[i]);
  }
  for (std::size_t month = 0; month < months.size(); ++month) {
    auto& grams = months[month];
    if (grams.empty()) continue;
    const double mean = mean_of(grams);
    out.months.push_back({place, experiment, static_cast<unsigned>(month + 1), grams.size(), mean,
                          quantile(grams, 0.05), quantile(grams, 0.95)});
  }
  for (std::size_t hour = 0; hour < by_hour.size(); ++hour) {
    auto& grams = by_hour[hour];
    if (grams.empty()) continue;
    const double mean = mean_of(grams);
    out.hours.push_back({place, experiment, static_cast<unsigned>(hour), grams.size(), mean, quantile(grams, 0.1),
                         quantile(grams, 0.9)});
  }
}

/// Saving of one place, experiment and limit over the monthly starts.
PausesStat pauses_stat(const Spec& spec, PausesStat stat) {
  const auto& series = spec.places[stat.place].series;
  const auto& profile = spec.experiments[stat.experiment].profile;
  const auto slack = stat.slack.of(profile.duration());
  const plan::SweepSeries prepared(series, plan::SweepSeries::Ranks::kNo);
  const plan::SweepJob job(profile.duration(), slack, series.step());
  const auto chosen = choose_starts({Starts::Kind::kMonthly5, 0, spec.starts.hour}, series, prepared, job);
  plan::Costs costs;
  costs.max_pauses = stat.max_pauses;
  double planned = 0.0;
  for (const auto slot : chosen.slots) {
    const plan::Job single{profile, series.time_of(slot), slack};
    const auto now = plan::solve(single, plan::Strategy::kRunNow, {}, series);
    const auto best = plan::solve(single, plan::Strategy::kPauseResume, costs, series);
    CHECK(now.ok() && now->has_value() && best.ok() && best->has_value());
    stat.baseline_g += (*now)->total;
    planned += (*best)->total;
    stat.pauses_mean += static_cast<double>((*best)->schedule.pauses());
  }
  stat.starts = chosen.slots.size();
  if (stat.starts == 0) return stat;
  const auto count = static_cast<double>(stat.starts);
  stat.saved_percent_of_total = percent(stat.baseline_g - planned, stat.baseline_g);
  stat.saved_g = (stat.baseline_g - planned) / count;
  stat.baseline_g /= count;
  stat.pauses_mean /= count;
  return stat;
}

}  // namespace

Calendar by_calendar(const Spec& spec, const std::vector<std::size_t>& experiments) {
  std::vector<Calendar> parts(spec.places.size() * experiments.size());
  for_each_task(parts.size(), spec.threads, [&](std::size_t i) {
    add_calendar(spec, i / experiments.size(), experiments[i % experiments.size()], parts[i]);
  });
  Calendar all;
  for (auto& part : parts) {
    all.months.insert(all.months.end(), part.months.begin(), part.months.end());
    all.hours.insert(all.hours.end(), part.hours.begin(), part.hours.end());
  }
  return all;
}

std::vector<LengthStat> by_length(const Spec& spec, const Slack& slack) {
  constexpr std::array<int, 13> kMinutes{15, 30, 60, 120, 240, 480, 960, 1440, 2880, 5760, 10080, 20160, 40320};
  Spec lengths = spec;
  lengths.experiments.clear();
  lengths.slacks = {slack};
  lengths.strategies = {plan::Strategy::kFlexibleStart, plan::Strategy::kPauseResume};
  for (const int minutes : kMinutes) {
    lengths.experiments.push_back(
        {"", workload::Profile::flat(std::chrono::minutes(minutes), units::kilowatt_hours(1)), "", "", false});
  }
  const auto rows = evaluate(lengths);
  std::vector<LengthStat> out;
  if (!rows) return out;
  for (const auto& row : *rows) {
    if (row.starts == 0) continue;
    const auto duration = lengths.experiments[row.experiment].profile.duration();
    const auto step = spec.places[row.place].series.step();
    out.push_back({row.place, duration, slack, row.strategy, *row.baseline_g, *row.saved_g, row.saved_percent_of_total,
                   step >= std::chrono::hours(1) && duration < 2 * step});
  }
  return out;
}

std::vector<PausesStat> by_pauses(const Spec& spec, const std::vector<std::size_t>& places,
                                  const std::vector<std::size_t>& experiments, const Slack& slack) {
  const std::array<std::optional<std::int64_t>, 8> kLimits{0, 1, 2, 3, 4, 6, 8, std::nullopt};
  std::vector<PausesStat> stats;
  for (const auto place : places) {
    for (const auto experiment : experiments) {
      for (const auto& limit : kLimits) {
        PausesStat stat;
        stat.place = place;
        stat.experiment = experiment;
        stat.slack = slack;
        stat.max_pauses = limit;
        stats.push_back(stat);
      }
    }
  }
  for_each_task(stats.size(), spec.threads, [&](std::size_t i) { stats[i] = pauses_stat(spec, stats[i]); });
  std::erase_if(stats, [](const PausesStat& stat) { return stat.starts == 0; });
  return stats;
}

}  // namespace ebb::study
