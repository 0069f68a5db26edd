#include <fmt/format.h>

#include <algorithm>

#include "queue/queue.h"

namespace ebb::queue {

using base::Done;
using base::Status;

Status Queue::observe(time::Instant now) {
  for (const auto& [name, executor] : executors_) {
    std::vector<exec::TaskRef> refs;
    std::vector<Live*> lives;
    for (auto* live : active_) {
      if (live->job.what.executor != name) continue;
      refs.push_back({live->job.id(), live->job.attempt, live->job.handle});
      lives.push_back(live);
    }
    if (refs.empty()) continue;
    const auto seen = executor->observe(refs);
    if (!seen) {
      // What cannot be seen goes on; its deadline is watched all the same.
      for (auto* live : lives) live->job.seen.note = seen.error().message;
      continue;
    }
    for (std::size_t i = 0; i < lives.size(); ++i) take(*lives[i], (*seen)[i], now);
  }
  return Done{};
}

void Queue::take(Live& live, const exec::Observation& seen, time::Instant now) {
  auto& job = live.job;
  const auto before = job.seen.state;
  const bool ran = !job.runs.empty() && job.runs.back().end == job.runs.back().begin;
  job.seen = seen;
  if (!seen.handle.empty()) job.handle = seen.handle;
  if (!seen.run_id.empty() && (job.run_ids.empty() || job.run_ids.back() != seen.run_id)) {
    job.run_ids.push_back(seen.run_id);
  }
  const bool runs = seen.state == exec::TaskState::kRunning || seen.state == exec::TaskState::kPausing;
  const bool anew =
      before == exec::TaskState::kUnknown || before == exec::TaskState::kPending || before == exec::TaskState::kEnded;
  // A run that began and ended between two looks is still one.
  if (anew && !ran && (seen.state == exec::TaskState::kEnded || runs) && seen.begun) {
    job.runs.push_back({*seen.begun, *seen.begun});
  } else if (runs && !ran) {
    job.runs.push_back({now, now});
  }
  if (!runs && !job.runs.empty() && job.runs.back().end == job.runs.back().begin) {
    const auto end = seen.state == exec::TaskState::kEnded ? seen.ended.value_or(now) : now;
    // An end at its begin would read as open.
    job.runs.back().end = std::max(end, job.runs.back().begin + time::Duration(1));
  }
  if (seen.state != before) {
    room_due_ = true;
    live.failures = 0;
    live.retry = now;
    note(live, now, exec::name_of(seen.state), seen.note);
  }
  if (seen.state == exec::TaskState::kEnded) take_end(live, now);
  if (seen.state == exec::TaskState::kLost) take_lost(live, now);
}

void Queue::take_end(Live& live, time::Instant now) {
  auto& job = live.job;
  if (job.seen.checkpointed && !job.cancelling) {
    // The next attempt goes on from what was written; this one's figures are kept.
    job.ran_before += job.seen.ran;
    if (job.seen.energy) job.energy_kwh_before += units::in_kwh(*job.seen.energy);
    exec::Observation ended;
    ended.state = exec::TaskState::kEnded;
    ended.checkpointed = true;
    job.seen = ended;
    job.boards.clear();
    if (job.state == State::kRunning) set_state(live, State::kPaused, now);
    file(live);
    touch(live);
    set_look(live, now);
    return;
  }
  job.exit_code = job.seen.exit_code;
  job.ended = job.seen.ended.value_or(now);
  job.reason = job.seen.exit_code ? fmt::format("ended with exit code {}", *job.seen.exit_code) : "ended";
  job.rule = "ended";
  const bool fine = job.seen.exit_code == 0;
  set_state(live, job.cancelling && !fine ? State::kCancelled : fine ? State::kFinished : State::kFailed, now);
}

void Queue::take_lost(Live& live, time::Instant now) {
  auto& job = live.job;
  if (job.cancelling) {
    set_state(live, State::kCancelled, now);
    return;
  }
  if (!job.what.restartable) {
    job.reason = "lost: " + (job.seen.note.empty() ? std::string("nobody knows how it ended") : job.seen.note);
    job.rule = "lost";
    set_state(live, State::kLost, now);
    return;
  }
  note(live, now, "again", "it was lost and may be restarted: from its begin");
  job.ran_before = time::Duration(0);
  if (job.seen.energy) job.energy_kwh_before += units::in_kwh(*job.seen.energy);
  exec::Observation ended;
  ended.state = exec::TaskState::kEnded;
  ended.checkpointed = true;  // as one that starts anew; from nothing
  job.seen = ended;
  job.boards.clear();
  set_state(live, State::kPaused, now);
  set_look(live, now);
}

}  // namespace ebb::queue
