#include <fmt/format.h>

#include <algorithm>

#include "queue/queue.h"

namespace ebb::queue {
namespace {

/// An attempt is over and the job is not: what it used is kept, what it held is free.
void wait_for_next_attempt(Job& job) {
  if (job.seen.energy) job.energy_kwh_before += units::in_kwh(*job.seen.energy);
  job.seen = {};
  job.seen.state = exec::TaskState::kEnded;
  job.seen.checkpointed = true;
  job.boards.clear();
}

}  // namespace

void Queue::observe(time::Instant now) {
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
}

void Queue::take(Live& live, const exec::Observation& seen, time::Instant now) {
  auto& job = live.job;
  const auto before = job.seen.state;
  job.seen = seen;
  if (!seen.handle.empty()) job.handle = seen.handle;
  if (!seen.run_id.empty() && (job.run_ids.empty() || job.run_ids.back() != seen.run_id)) {
    job.run_ids.push_back(seen.run_id);
  }
  const bool runs = seen.state == exec::TaskState::kRunning || seen.state == exec::TaskState::kPausing;
  const bool anew =
      before == exec::TaskState::kUnknown || before == exec::TaskState::kPending || before == exec::TaskState::kEnded;
  // A run that began and ended between two looks is still one.
  const bool ended = seen.state == exec::TaskState::kEnded;
  if (anew && (ended || runs) && seen.begun) {
    begin_run(job.runs, *seen.begun);
  } else if (runs) {
    begin_run(job.runs, now);
  }
  if (!runs) end_run(job.runs, ended ? seen.ended.value_or(now) : now);
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
    wait_for_next_attempt(job);
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
  // As one that goes on from a checkpoint, from nothing.
  job.ran_before = time::Duration(0);
  wait_for_next_attempt(job);
  set_state(live, State::kPaused, now);
  set_look(live, now);
}

}  // namespace ebb::queue
