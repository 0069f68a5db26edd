#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "plan/problem.h"
#include "study/study.h"

namespace ebb::study {

// What the figures of a study's report show beside its rows. All over the starts of the spec, perfect foresight, the
// same whatever the number of threads. Grams are those of one job.

/// Emissions of a job that starts at once, over the starts of one month of UTC's calendar.
struct MonthStat {
  std::size_t place = 0;
  std::size_t experiment = 0;
  unsigned month = 1;
  std::size_t starts = 0;
  double mean_g = 0.0;
  double p5_g = 0.0;
  double p95_g = 0.0;
};

/// ... over the starts at one hour of the place's own clocks.
struct HourStat {
  std::size_t place = 0;
  std::size_t experiment = 0;
  unsigned local_hour = 0;
  std::size_t starts = 0;
  double mean_g = 0.0;
  double p10_g = 0.0;
  double p90_g = 0.0;
};

struct Calendar {
  std::vector<MonthStat> months;
  std::vector<HourStat> hours;  ///< none for places without a time zone
};
/// `experiments`: indices into the spec.
Calendar by_calendar(const Spec& spec, const std::vector<std::size_t>& experiments);

/// What a flat job of some length can avoid, per kWh of its energy.
struct LengthStat {
  std::size_t place = 0;
  time::Duration duration{0};
  Slack slack;
  plan::Strategy strategy = plan::Strategy::kFlexibleStart;
  double baseline_g_per_kwh = 0.0;
  double saved_g_per_kwh = 0.0;
  std::optional<double> saved_percent_of_total;
  bool limited_by_resolution = false;  ///< a job shorter than two slots of an hourly series
};
/// From 15 minutes to 4 weeks; lengths whose window does not fit a series are left out.
std::vector<LengthStat> by_length(const Spec& spec, const Slack& slack);

/// The saving with at most so many pauses, by the exact planner, over five starts a month.
struct PausesStat {
  std::size_t place = 0;
  std::size_t experiment = 0;
  Slack slack;
  std::optional<std::int64_t> max_pauses;  ///< nothing: any number
  std::size_t starts = 0;
  double baseline_g = 0.0;
  double saved_g = 0.0;
  std::optional<double> saved_percent_of_total;
  double pauses_mean = 0.0;
};
std::vector<PausesStat> by_pauses(const Spec& spec, const std::vector<std::size_t>& places,
                                  const std::vector<std::size_t>& experiments, const Slack& slack);

}  // namespace ebb::study
