#pragma once

#include "policy/decide.h"
#include "time/instant.h"
#include "workload/profile.h"

namespace ebb::policy {

/// What is left of a job at a moment, and how much time there is for it.
struct Rest {
  Rest(const Situation& situation, time::Instant now);

  workload::Profile profile;
  time::Duration restart{0};  ///< before work goes on: all of it where the job is paused, else what is left of it
  time::Instant latest;       ///< when it must run, if it is to end by its deadline less the margin
  time::Instant busy_until;   ///< the shortest run, pause or a restart that has begun lasts until then; <= now: none
  std::optional<std::int64_t> pauses;  ///< that it may still make

  [[nodiscard]] time::Duration need() const { return restart + profile.duration(); }
};

}  // namespace ebb::policy
