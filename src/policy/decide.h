#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/expected.h"
#include "plan/problem.h"
#include "plan/schedule.h"
#include "series/series.h"
#include "time/instant.h"
#include "units/quantity.h"
#include "workload/profile.h"

namespace ebb::policy {

/// What is foreseen of a zone's intensity as of a moment, and what was seen of it.
struct Outlook {
  series::Series mean;                 ///< expected, g/kWh; slots from the one that holds `issued` on
  std::optional<series::Series> low;   ///< 5% quantile, same slots
  std::optional<series::Series> high;  ///< 95% quantile
  std::optional<series::Series>
      past;             ///< as measured, ending where `mean` begins at the latest: bounds for the rule without forecast
  std::string made_by;  ///< "WattTime, as issued", "ebb's own forecast, from history", "measured" (hindsight)
  time::Instant issued;
  bool perfect = false;  ///< hindsight: a simulation's
};

/// How a job stands at a moment.
struct Situation {
  workload::Profile profile;  ///< of the whole job, against its own running time
  time::Duration done{0};     ///< of it: running time so far, restarts not counted
  plan::Standing standing = plan::Standing::kNotStarted;
  time::Instant since;       ///< when `standing` began; of a job not started: when it was submitted
  std::size_t pauses = 0;    ///< so far
  time::Instant deadline;    ///< hard: the job must have ended
  time::Duration margin{0};  ///< kept free before the deadline (the job may take longer than thought)
  bool pausable = false;
  plan::Costs costs;  ///< of each further pause; max_pauses is of the whole job
};

struct Options {
  double min_saving_fraction = 0.01;           ///< of what running at once would emit; below it the job runs at once
  std::optional<units::Emissions> min_saving;  ///< ... or below this much
  /// A running job is paused, or a change of plan taken up, only when the forecast gain is above this share of what is
  /// left to emit, costs counted: forecasts wander.
  double switch_gain_fraction = 0.005;
  /// A job is held, or paused, only where that saves anything at all with at least this probability by the outlook's
  /// quantiles. 0.95: the 90% interval lies above zero.
  double least_chance = 0.5;
  time::Duration look_again = std::chrono::minutes(5);  ///< > 0; at the latest, while a later decision may change
};

/// Why a decision is as it is.
enum class Rule {
  kPlan,        ///< the best plan on the forecast
  kDeadline,    ///< no time to spare: the job runs to its end whatever the grid does
  kNotWorthIt,  ///< shifting saves too little here
  kUncertain,   ///< the promised saving may well be none (least_chance)
  kStay,        ///< another plan is better by less than a switch costs, or the job's shortest run or pause is not over
  kThreshold,   ///< no forecast: run while it is cleaner than a threshold (planning.md, online threshold)
  kBlind,       ///< neither forecast nor history, or a job longer than foreseen: as without ebb
  kTooLate,     ///< it cannot end by its deadline any more: it runs on at once, and is told
};
std::string_view name_of(Rule rule);  ///< "plan", "deadline", "not-worth-it", ...

/// What to do now.
struct Decision {
  bool run = true;  ///< else: wait, or pause
  Rule rule = Rule::kBlind;
  time::Instant look_again;  ///< when to decide anew at the latest: the next change planned, a slot's end, look_again
  std::optional<time::Instant> next_change;  ///< as planned now: the start, resume or pause that comes next
  std::optional<plan::Schedule> schedule;    ///< of the rest of the job as planned now, from this moment on
  std::optional<time::Instant> end;          ///< of it, as planned
  /// Grams by the forecast, from now to the end: of this plan, and of running at once (going on at once).
  std::optional<units::Emissions> planned;
  std::optional<units::Emissions> at_once;
  std::optional<std::pair<units::Emissions, units::Emissions>>
      saving_90;       ///< of at_once - planned, where quantiles are known
  std::string reason;  ///< one sentence for a person, with figures: grams first
};

/// The decision for one job alone, at `now`.
///
/// The deadline is hard: when what is left (with its restart and `margin`) just fits, the job runs, whatever is
/// foreseen; `look_again` is never later than that moment, so whoever asks again by then keeps the deadline. The plan
/// is the exact optimum of plan/ over what is left, from the state that the job is in (a running job pays for a pause,
/// a paused one has paid for its own). Shortest runs and pauses that have begun are waited out; so is a restart. What
/// the outlook does not know, missing slots and all behind its end, is taken as its mean. `outlook` null: kBlind. One
/// that holds only `past` (an empty `mean`), or ended already: kThreshold, as long as `past` reaches to within an hour,
/// or two of its slots, of now; a job that cannot be paused waits for the square root of L x U, once.
///
/// A running job is paused only for a gain above `switch_gain_fraction` of what going on would emit. A paused one
/// follows the plan: it is resumed when no later moment is better. A job that has done all of its profile runs on.
/// With an outlook that comes true and Options of zero it emits what the optimum of the first decision promised, if
/// that one fell on a slot's edge and the job is whole slots long. Between edges a job that has not started chooses
/// between starting now and the edges to come. look_again falls on edges of the plan's grid where it can.
///
/// Pure and deterministic. Errors: kUsage, a situation or options that contradict themselves (time done below zero, a
/// cost below zero, look_again of nothing, lengths above a hundred years).
base::Expected<Decision> decide(const Situation& situation, const Outlook* outlook, time::Instant now,
                                const Options& options);

}  // namespace ebb::policy
