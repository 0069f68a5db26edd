#include "slurm/standing.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "slurm/marks.h"
#include "time/text.h"

namespace ebb::slurm {
namespace {

using exec::Observation;
using exec::TaskState;

constexpr time::Duration kNone{0};

time::Duration never_negative(time::Duration length) { return std::max(length, kNone); }

/// Why a job waits, in words.
std::string why_pending(const Job& job) {
  if (job.reason == "JobHeldUser") return "held in Slurm";
  if (job.reason == "JobHeldAdmin") return "held in Slurm by an administrator";
  if (job.reason == "BeginTime" && job.eligible) return "Slurm starts it from " + time::text_of(*job.eligible) + " on";
  if (job.reason == "DependencyNeverSatisfied") return "Slurm will never start it: what it waits for has failed";
  if (job.reason == "Dependency") return "Slurm starts it after the jobs that it waits for";
  if (job.reason.empty() || job.reason == "None") return "Slurm has not looked at it yet";
  return "Slurm says: " + job.reason;
}

/// From the begin of this attempt to `until`, less what Slurm counted as suspended.
time::Duration ran_by_slurm(const Job& job, time::Instant until) {
  if (job.elapsed) return *job.elapsed;
  if (!job.begun) return kNone;
  if (!job.suspended_at) return never_negative(until - *job.begun);
  if (job.state.state == JobState::kSuspended) return job.before_suspension;
  return job.before_suspension + never_negative(until - *job.suspended_at);
}

int exit_code_of(const Job& job) {
  const int code = job.exit_code.value_or(0);
  switch (job.state.state) {
    case JobState::kCompleted:
      return code;
    case JobState::kBootFail:
      return 125;
    case JobState::kFailed:
      if (job.reason == "JobLaunchFailure") return 125;
      return code != 0 ? code : 1;
    case JobState::kOutOfMemory:
      return code != 0 ? code : 128 + SIGKILL;
    default:
      return code != 0 ? code : 128 + SIGTERM;
  }
}

void settle_end(const Job& job, const Marks& marks, Observation& seen) {
  if (job.state.state == JobState::kNodeFail) {
    seen.state = TaskState::kLost;
    seen.note = "Slurm says that its node failed";
    return;
  }
  seen.state = TaskState::kEnded;
  seen.ended = job.ended;
  seen.exit_code = exit_code_of(job);
  const bool by_itself = job.state.state == JobState::kCompleted || job.state.state == JobState::kFailed;
  seen.checkpointed = by_itself && marks.checkpoint_until.has_value() && seen.exit_code != 125;
  if (!by_itself) seen.note = fmt::format("Slurm says: {}", name_of(job.state.state));
}

void settle_running(const Job& job, const Marks& marks, time::Instant now, Observation& seen) {
  seen.state = TaskState::kRunning;
  if (job.state.state == JobState::kSuspended) {
    seen.state = TaskState::kPaused;
    seen.note = held_while_suspended();
  } else if (job.state.stopped) {
    seen.state = TaskState::kPaused;
    seen.note = held_while_stopped();
  } else if (marks.checkpoint_until && now < *marks.checkpoint_until) {
    seen.state = TaskState::kPausing;
    seen.note = "it was told to write a checkpoint and end";
  } else if (marks.checkpoint_until) {
    seen.note = "it was told to write a checkpoint and end, and goes on: does it take the signal?";
  } else if (job.state.completing) {
    seen.note = "Slurm is ending it";
  } else if (job.state.state == JobState::kOther) {
    seen.note = "Slurm names a state that ebb does not know; taken as running";
  }
}

}  // namespace

std::string_view held_while_suspended() {
  return "suspended: it keeps its memory, its GPUs with their memory and its licences; its cores are free for other "
         "jobs, "
         "and when it is resumed they are shared with what runs there by then; its time limit waits";
}

std::string_view held_while_stopped() {
  return "stopped by signal: for Slurm it runs, so that it keeps its cores, memory, GPUs and licences and its time "
         "limit "
         "goes on; only an operator can suspend it";
}

exec::Observation standing_of(const Job& job, time::Instant now) {
  Observation seen;
  const auto marks = parse_marks(job.comment);
  seen.handle = job.handle();
  seen.pauses = marks.pauses;
  if (job.state.state == JobState::kPending) {
    seen.state = TaskState::kPending;
    seen.note = why_pending(job);
    // It ran, was told to write a checkpoint, and was put back: a pause.
    if (marks.checkpoint_until && job.restarts > 0 && job.is_held()) seen.state = TaskState::kPaused;
    return seen;
  }
  seen.begun = job.begun;
  const bool over = is_end(job.state.state);
  const auto until = over ? job.ended.value_or(now) : now;
  auto stopped = marks.stopped;
  if (marks.stopped_since && (over || job.state.stopped)) stopped += never_negative(until - *marks.stopped_since);
  const auto ran = ran_by_slurm(job, until);
  seen.ran = never_negative(ran - stopped);
  if (job.begun) seen.paused = never_negative(until - *job.begun - seen.ran);
  seen.energy = job.energy;
  if (over) {
    settle_end(job, marks, seen);
  } else {
    settle_running(job, marks, now, seen);
  }
  return seen;
}

}  // namespace ebb::slurm
