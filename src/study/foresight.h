#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "plan/problem.h"
#include "series/series.h"
#include "study/issued_forecast.h"

namespace ebb::study {

/// A job of flat power, and the rule by which it is decided on forecasts.
///
/// In slots: q whole slots of work and, where the duration is no multiple of the step, a piece f of one. flexible-start
/// prices the run exactly (q slots and the fraction f of the next). pause-resume has q + 1 units: the whole slots come
/// first in time, the piece is the last unit; in the ranking it counts like any other.
/// - Decided once: flexible-start takes the start of the lowest forecast mean (ties: the earliest), pause-resume the
///   slots of the lowest forecasts (ties: the earlier).
/// - Re-planned every n slots, flexible-start: starts when no later start allowed is forecast to be better than now
/// (ties
///   start), else waits for the next re-plan; the last re-plan before the latest start takes its best start.
///   At submission it also starts if the forecast gain is at most `margin` x (dearest - cheapest forecast start).
/// - Re-planned every n slots, pause-resume: for each slot up to the next re-plan in turn: runs if fewer later slots of
///   the window are forecast lower than it than there are units left (so it always runs when no slot is to spare).
struct ForesightJob {
  plan::Strategy strategy = plan::Strategy::kFlexibleStart;
  time::Duration duration{0};               ///< > 0
  time::Duration slack{0};                  ///< >= 0
  std::optional<std::size_t> replan_slots;  ///< nothing: decided once, at submission; else >= 1
  double margin = 0.0;                      ///< >= 0, flexible-start only
};

/// Over all starts: every slot edge whose window lies inside the series, but those whose window touches a missing slot.
/// Intensities are means over starts of what the job meets, g per kWh of its energy; missing where there is no start.
struct ForesightTotals {
  std::size_t starts = 0;                        ///< evaluated
  std::size_t skipped = 0;                       ///< window touches a missing slot
  double baseline = series::kMissing;            ///< run-now
  double promised = series::kMissing;            ///< the plan at submission, priced by the forecast it was made on
  double realised = series::kMissing;            ///< what the rule really met
  double best = series::kMissing;                ///< perfect foresight
  double promised_saving = series::kMissing;     ///< forecast of run-now minus `promised`
  double harmed_percent = series::kMissing;      ///< of starts: realised > 1.01 x run-now
  double loss_p95 = series::kMissing;            ///< 95th percentile over starts of realised - run-now, g/kWh
  double delay_seconds_mean = series::kMissing;  ///< of the end, behind run-now's
  double delay_seconds_p95 = series::kMissing;
  double pauses_mean = series::kMissing;

  /// Realised as a share of the best possible saving; missing where nothing could be saved.
  [[nodiscard]] double share_of_best() const {
    return baseline > best ? (baseline - realised) / (baseline - best) : series::kMissing;
  }
};

/// One result for each job. The forecaster must be one made of `series`. Where a forecast as issued is missing the
/// start still counts: the forecaster falls back. One thread, deterministic; callers may run several at once. The
/// forecasts are made once for all jobs, so give jobs together. O(slots x (longest window + windows of the jobs)).
std::vector<ForesightTotals> evaluate_foresight(const series::Series& series, const IssuedForecaster& forecaster,
                                                std::span<const ForesightJob> jobs);
ForesightTotals evaluate_foresight(const series::Series& series, const IssuedForecaster& forecaster,
                                   const ForesightJob& job);

}  // namespace ebb::study
