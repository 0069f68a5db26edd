#include "policy/rest.h"

#include <algorithm>
#include <vector>

namespace ebb::policy {
namespace {

workload::Profile behind(const workload::Profile& profile, time::Duration done) {
  if (done == time::Duration(0)) return profile;
  std::vector<workload::Profile::Piece> pieces;
  for (const auto& piece : profile.pieces()) {
    if (piece.end > done) pieces.push_back({piece.end - done, piece.power});
  }
  return workload::Profile(std::move(pieces));
}

}  // namespace

Rest::Rest(const Situation& situation, time::Instant now)
    : profile(behind(situation.profile, situation.done)), busy_until(now) {
  const auto& costs = situation.costs;
  if (situation.standing == plan::Standing::kPaused) {
    restart = costs.pause_time;
    busy_until = situation.since + costs.min_pause;
  }
  if (situation.standing == plan::Standing::kRunning) {
    const auto restarting = situation.pauses > 0 ? costs.pause_time : time::Duration(0);
    restart = std::clamp(situation.since + restarting - now, time::Duration(0), restarting);
    busy_until = situation.since + std::max(costs.min_run, restarting);
  }
  // A deadline that has passed is too late however long ago.
  latest = std::max(situation.deadline, now) - situation.margin - need();
  if (costs.max_pauses) {
    pauses = std::max<std::int64_t>(0, *costs.max_pauses - static_cast<std::int64_t>(situation.pauses));
  }
}

}  // namespace ebb::policy
