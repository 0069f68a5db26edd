#include "slurm/executor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "slurm/marks.h"
#include "slurm/standing.h"
#include "slurm/submission.h"
#include "time/text.h"

namespace ebb::slurm {
namespace {

using exec::Observation;
using exec::Pausable;
using exec::Task;
using exec::TaskRef;
using exec::TaskState;

/// Whose jobs may be ours: root runs jobs for all.
std::optional<uid_t> own_uid() { return ::geteuid() == 0 ? std::nullopt : std::optional(::geteuid()); }

bool is_over(const Job& job) { return is_end(job.state.state) || job.state.completing; }

}  // namespace

SlurmExecutor::SlurmExecutor(Commands& commands, const time::Clock& clock, ExecutorOptions options)
    : cluster_(commands), clock_(&clock), options_(std::move(options)) {}

base::Expected<JobIndex> SlurmExecutor::look(std::optional<uid_t> uid) {
  seen_.reset();  // whoever looks by this is about to change something
  EBB_TRY(auto jobs, cluster_.queue());
  return JobIndex(std::move(jobs), uid ? uid : own_uid());
}

base::Status SlurmExecutor::look_for(std::span<const TaskRef> refs) {
  const auto now = clock_->steady();
  const bool fresh =
      seen_ && now - seen_at_ < options_.refresh &&
      std::all_of(refs.begin(), refs.end(), [&](const auto& ref) { return seen_->find(ref).has_value(); });
  if (fresh) return base::Done{};
  EBB_TRY(auto index, look());
  seen_ = std::move(index);
  seen_at_ = now;
  return base::Done{};
}

base::Expected<std::optional<std::string>> SlurmExecutor::find_started(const Task& task) {
  const auto tag = tag_of(task.id, task.attempt);
  EBB_TRY(const auto index, look(task.uid));
  auto started = index.with_tag(tag);
  if (!started.empty()) {
    // Slurm took it twice when an answer was lost; the others have not begun, as each waits for the one before it.
    for (std::size_t i = 1; i < started.size(); ++i) {
      if (started[i].state.state == JobState::kPending) EBB_TRY_DO(cluster_.cancel(started[i].handle()));
    }
    return std::optional(started.front().handle());
  }
  EBB_TRY(auto past, cluster_.history_named(tag));
  const JobIndex ended(std::move(past), task.uid);
  const auto before = ended.with_tag(tag);
  if (before.empty()) return std::optional<std::string>();
  return std::optional(before.front().handle());
}

base::Expected<std::string> SlurmExecutor::start(const Task& task) {
  EBB_TRY(const auto submission, submission_of(task, options_.ebb));
  if (cancelled_.count({task.id, task.attempt}) != 0) {
    return base::usage_error(fmt::format("job {}: it was cancelled", task.id));
  }
  EBB_TRY(auto started, find_started(task));
  if (started) return *started;
  return cluster_.submit(submission);
}

base::Status SlurmExecutor::freeze(const Job& job) {
  if (job.state.state == JobState::kSuspended || job.state.stopped) return base::Done{};
  const auto handle = job.handle();
  auto marks = parse_marks(job.comment);
  ++marks.pauses;
  EBB_TRY(const bool suspended, cluster_.suspend(handle));
  if (suspended) return cluster_.set_comment(handle, text_of(marks));
  // Written before it is done: whoever comes after a kill between the two finds it running, and stops it again.
  marks.stopped_since = clock_->now();
  EBB_TRY_DO(cluster_.set_comment(handle, text_of(marks)));
  return cluster_.signal_all(handle, "STOP");
}

base::Status SlurmExecutor::ask_for_checkpoint(const Task& task, const Job& job) {
  if (!task.checkpoint_command.empty()) {
    return base::usage_error("a command that asks for a checkpoint cannot be run beside a Slurm job");
  }
  auto marks = parse_marks(job.comment);
  const auto now = clock_->now();
  if (marks.checkpoint_until && now < *marks.checkpoint_until) return base::Done{};
  const auto handle = job.handle();
  if (job.state.state == JobState::kSuspended) {
    EBB_TRY_DO(cluster_.resume(handle));
    return base::service_error(fmt::format(
        "job {} was suspended and goes on now, but takes no signal for a moment: ask again for its checkpoint",
        handle));
  }
  // It would not see the signal.
  if (job.state.stopped) EBB_TRY_DO(cluster_.signal_all(handle, "CONT"));
  ++marks.pauses;
  marks.checkpoint_until = now + task.grace;
  EBB_TRY_DO(cluster_.set_comment(handle, text_of(marks)));
  return cluster_.signal_command(handle, task.checkpoint_signal);
}

base::Status SlurmExecutor::pause(const Task& task, const TaskRef& ref) {
  EBB_TRY(const auto index, look());
  const auto job = index.find(ref);
  if (!job || is_over(*job)) return base::Done{};
  if (job->state.state == JobState::kPending) return job->is_held() ? base::Done{} : cluster_.hold(job->handle());
  switch (task.pausable) {
    case Pausable::kNo:
      return base::usage_error(fmt::format("job {} was not said to be pausable", task.id));
    case Pausable::kFreeze:
      return freeze(*job);
    case Pausable::kCheckpoint:
      return ask_for_checkpoint(task, *job);
  }
  return base::Done{};
}

base::Status SlurmExecutor::resume(const Task& /*task*/, const TaskRef& ref) {
  EBB_TRY(const auto index, look());
  const auto job = index.find(ref);
  if (!job || is_over(*job)) return base::Done{};
  const auto handle = job->handle();
  if (job->state.state == JobState::kPending) {
    auto marks = parse_marks(job->comment);
    if (marks.checkpoint_until) {
      marks.checkpoint_until.reset();
      EBB_TRY_DO(cluster_.set_comment(handle, text_of(marks)));
    }
    if (job->reason == "JobHeldAdmin") {
      return base::usage_error(fmt::format("job {} is held by an administrator: ebb does not release it", handle));
    }
    if (job->is_held()) EBB_TRY_DO(cluster_.release(handle));
    // A start that its owner asked for stays; the 120 s that Slurm adds when it queues a job again do not.
    return job->restarts > 0 ? cluster_.set_begin(handle, std::nullopt) : base::Done{};
  }
  if (job->state.state == JobState::kSuspended) return cluster_.resume(handle);
  if (!job->state.stopped) return base::Done{};
  EBB_TRY_DO(cluster_.signal_all(handle, "CONT"));
  auto marks = parse_marks(job->comment);
  if (!marks.stopped_since) return base::Done{};
  marks.stopped += std::max(clock_->now() - *marks.stopped_since, time::Duration(0));
  marks.stopped_since.reset();
  return cluster_.set_comment(handle, text_of(marks));
}

base::Status SlurmExecutor::cancel(const Task& task, const TaskRef& ref) {
  cancelled_.insert({ref.id, ref.attempt});
  EBB_TRY(const auto index, look());
  std::vector<Job> found;
  if (auto job = index.find(ref)) found.push_back(*std::move(job));
  if (!is_adopted(ref)) {
    for (auto& job : index.with_tag(tag_of(ref.id, ref.attempt))) {
      if (::geteuid() != 0 || !job.uid || *job.uid == task.uid) found.push_back(std::move(job));
    }
  }
  for (const auto& job : found) {
    if (!is_over(job)) EBB_TRY_DO(cluster_.cancel(job.handle()));
  }
  return base::Done{};
}

Observation SlurmExecutor::standing(const TaskRef& ref, const Job& job) {
  auto seen = standing_of(job, clock_->now());
  if (is_adopted(ref)) {
    seen.handle = ref.handle;
  } else if (!options_.ebb.empty()) {
    seen.run_id = run_id_of(ref.id, ref.attempt);
  }
  // It has written its checkpoint, and only Slurm can start it again.
  if (is_adopted(ref) && seen.checkpointed) {
    if (const auto requeued = cluster_.requeue_held(job.handle()); requeued) {
      seen_at_ = clock_->steady() - options_.refresh;  // what was seen is no more
      seen.state = TaskState::kPausing;
      seen.exit_code.reset();
      seen.ended.reset();
      seen.checkpointed = false;
      seen.note = "it has ended after its checkpoint and goes back into Slurm's queue, held";
    } else {
      seen.note = requeued.error().message;
    }
  }
  return seen;
}

Observation SlurmExecutor::forgotten(const TaskRef& ref, const std::optional<Job>& known) {
  if (known && is_end(known->state.state)) return standing(ref, *known);
  Observation seen;
  if (known) seen = standing_of(*known, clock_->now());
  seen.handle = ref.handle;
  if (cancelled_.count({ref.id, ref.attempt}) != 0) {
    // An element of an array that never began leaves no trace.
    seen.state = TaskState::kEnded;
    seen.exit_code = 128 + SIGTERM;
    seen.note = "cancelled";
    return seen;
  }
  const auto since = missing_.emplace(ref.handle, clock_->now()).first->second;
  if (cluster_.keeps_history() && clock_->now() - since < options_.history_lag) {
    seen.state = TaskState::kRunning;
    seen.note = "Slurm's controller has forgotten it and its history has not its end yet";
    return seen;
  }
  seen.state = TaskState::kLost;
  seen.note = cluster_.keeps_history()
                  ? "Slurm's controller has forgotten it, and its history does not say how it ended"
                  : "Slurm has forgotten how it ended: this cluster keeps no history (no slurmdbd)";
  return seen;
}

base::Status SlurmExecutor::settle_gone(std::span<const TaskRef> refs, const std::vector<std::size_t>& gone,
                                        std::vector<Observation>& seen) {
  std::vector<std::string> handles;
  for (const auto i : gone) {
    if (!refs[i].handle.empty()) handles.push_back(slurm_handle(refs[i]));
  }
  const auto past = cluster_.history_of(handles);
  std::optional<JobIndex> index;
  if (past) index.emplace(*past, own_uid());
  for (const auto i : gone) {
    const auto& ref = refs[i];
    if (ref.handle.empty()) {
      // Whether it was ever started only Slurm knows: without an answer there is none from us either.
      const auto tag = tag_of(ref.id, ref.attempt);
      EBB_TRY(auto named, cluster_.history_named(tag));
      const JobIndex known(std::move(named), own_uid());
      const auto started = known.with_tag(tag);
      if (!started.empty()) seen[i] = standing(ref, started.front());
    } else if (index) {
      seen[i] = forgotten(ref, index->find(ref));
    } else {
      seen[i].state = TaskState::kRunning;
      seen[i].handle = ref.handle;
      seen[i].note =
          "Slurm's controller has forgotten it, and how it ended cannot be read now: " + past.error().message;
    }
  }
  return base::Done{};
}

base::Expected<std::vector<Observation>> SlurmExecutor::observe(std::span<const TaskRef> refs) {
  std::vector<Observation> seen(refs.size());
  if (refs.empty()) return seen;
  EBB_TRY_DO(look_for(refs));
  std::vector<std::size_t> gone;
  std::vector<std::string> ended;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const auto job = seen_->find(refs[i]);
    if (!job) {
      gone.push_back(i);
      continue;
    }
    missing_.erase(refs[i].handle);
    seen[i] = standing(refs[i], *job);
    if (seen[i].state == TaskState::kEnded) ended.push_back(job->handle());
  }
  if (!gone.empty()) EBB_TRY_DO(settle_gone(refs, gone, seen));
  if (ended.empty()) return seen;
  // squeue does not tell the energy. A history that does not answer is no reason not to say that they ended.
  const auto past = cluster_.history_of(ended);
  if (!past) return seen;
  const JobIndex known(*past, std::nullopt);
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (seen[i].state != TaskState::kEnded || seen[i].energy) continue;
    auto ref = refs[i];
    if (!is_adopted(ref)) ref.handle = seen[i].handle;
    if (const auto job = known.find(ref)) seen[i].energy = job->energy;
  }
  return seen;
}

base::Expected<Job> SlurmExecutor::waiting_job(const TaskRef& ref, std::string_view what) {
  EBB_TRY(const auto index, look());
  const auto job = index.find(ref);
  const auto handle = slurm_handle(ref);
  if (!job) return base::usage_error(fmt::format("job {} cannot be {}: Slurm knows no such job", handle, what));
  if (job->state.state != JobState::kPending) {
    return base::usage_error(
        fmt::format("job {} cannot be {}: it does not wait, it is {}", handle, what, name_of(job->state.state)));
  }
  return *job;
}

base::Status SlurmExecutor::hold(const TaskRef& ref) {
  EBB_TRY(const auto job, waiting_job(ref, "held"));
  return job.is_held() ? base::Done{} : cluster_.hold(job.handle());
}

base::Status SlurmExecutor::release(const TaskRef& ref) {
  EBB_TRY(const auto job, waiting_job(ref, "released"));
  if (job.reason == "JobHeldAdmin") {
    return base::usage_error(fmt::format("job {} is held by an administrator: ebb does not release it", job.handle()));
  }
  if (job.is_held()) EBB_TRY_DO(cluster_.release(job.handle()));
  if (job.eligible && *job.eligible <= clock_->now() && job.restarts == 0) return base::Done{};
  return cluster_.set_begin(job.handle(), std::nullopt);
}

base::Status SlurmExecutor::set_begin(const TaskRef& ref, time::Instant moment) {
  EBB_TRY(const auto job, waiting_job(ref, "given a start"));
  return cluster_.set_begin(job.handle(), moment);
}

}  // namespace ebb::slurm
