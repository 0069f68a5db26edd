#pragma once

#include <optional>

#include "policy/decide.h"
#include "series/series.h"
#include "time/instant.h"

namespace ebb::policy {

/// What a plan is made on: an outlook cut to a job's window, without gaps.
struct Objective {
  series::Series mean;                  ///< begins at or before the window, and covers it
  std::optional<series::Series> sigma;  ///< standard deviation of the error, same slots; where quantiles are known
};

/// The stretch of time that a plan needs.
struct Stretch {
  time::Instant from;      ///< where the plan begins
  time::Duration need{0};  ///< what the job takes from there if it is never held
  time::Instant end;       ///< where it must have ended; >= from + need
};

/// An outlook over a stretch; nothing where it does not hold the stretch's begin, or knows nothing.
///
/// What it does not know (missing slots, and all behind its end) is taken as its own mean. `stretch.end` is brought
/// forward where nothing is foreseen any more: a job begun there may as well begin at the outlook's end.
/// The slots are the outlook's own, cut finer (to `look_again`, at most twelve parts) where decisions come more often
/// than slots, so that every moment of decision lies on an edge of the grid that began at the first; or put together,
/// two, four, ... at a time, where the table of a plan would grow beyond kMostStates.
std::optional<Objective> make_objective(const Outlook& outlook, Stretch& stretch, time::Duration look_again);

/// States of a pause-resume table in one decision: about ten milliseconds.
inline constexpr double kMostStates = 4e6;

}  // namespace ebb::policy
