#include "cli/grid_show.h"
#include "plan/sweep.h"

namespace ebb::cli {

std::optional<Shifting> shifting_of(const series::Series& series, time::Duration duration, time::Duration slack) {
  if (series.size() == 0 || series.missing_count() == series.size()) return std::nullopt;
  const plan::SweepSeries sweep(series);
  const plan::SweepJob job(duration, slack, series.step());
  const auto starts = plan::count_starts(sweep, job);
  plan::SweepResult now;
  plan::SweepResult flexible;
  plan::SweepResult paused;
  plan::sweep_run_now(sweep, job, now);
  plan::sweep_flexible_start(sweep, job, flexible);
  plan::sweep_pause_resume(sweep, job, paused);
  Shifting shifting;
  shifting.duration = duration;
  shifting.slack = slack;
  for (std::size_t start = 0; start < starts; ++start) {
    if (sweep.any_missing(start, job.window)) {
      ++shifting.skipped;
      continue;
    }
    ++shifting.starts;
    shifting.baseline += now.intensity[start];
    shifting.flexible_start += now.intensity[start] - flexible.intensity[start];
    shifting.pause_resume += now.intensity[start] - paused.intensity[start];
  }
  if (shifting.starts == 0) return std::nullopt;
  const auto count = static_cast<double>(shifting.starts);
  shifting.baseline /= count;
  shifting.flexible_start /= count;
  shifting.pause_resume /= count;
  return shifting;
}

}  // namespace ebb::cli
