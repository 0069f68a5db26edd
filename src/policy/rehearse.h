#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "base/expected.h"
#include "policy/decide.h"
#include "series/series.h"

namespace ebb::policy {

/// What is foreseen at a moment; null: nothing.
using Foreseen = std::function<std::shared_ptr<const Outlook>(time::Instant now)>;
/// When to decide anew: after `now`, and by the decision's look_again. Nothing: at look_again.
using NextLook = std::function<time::Instant(time::Instant now, const Decision& decision)>;

/// What became of one job that did what it was told, decision by decision.
struct Rehearsal {
  double grams = 0.0;         ///< on what the grid then did, pauses and restarts included; missing over a missing slot
  time::Instant end;          ///< of the job
  time::Duration running{0};  ///< restarts included
  time::Duration restarts{0};
  std::size_t pauses = 0;
  std::size_t decisions = 0;
  std::vector<time::Duration> segments;  ///< each from start or resume to pause or end
  std::vector<time::Duration> gaps;      ///< the pauses
  Decision first;                        ///< the one at submission: what it promised
};

/// Lets decide() lead a job from `now` to its end, and prices it by `truth`, as plan/ does: pause energy at the mean of
/// a slot's length from the resume on, a restart at the mean power of the next slot's length of work. kUsage as
/// decide(); kNoData where the truth ends before the job.
base::Expected<Rehearsal> rehearse(Situation situation, const series::Series& truth, time::Instant now,
                                   const Foreseen& foreseen, const Options& options, const NextLook& next_look = {});

}  // namespace ebb::policy
