#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "exec/executor.h"
#include "slurm/cluster.h"
#include "slurm/job_index.h"
#include "time/clock.h"

namespace ebb::slurm {

struct ExecutorOptions {
  std::string ebb;  ///< path of ebb on the nodes, which then measures the job there; empty: the bare command
  /// How long a job that Slurm's controller has forgotten and its history shows as running still counts as running:
  /// slurmdbd may be behind.
  time::Duration history_lag = std::chrono::hours(1);
  /// observe() asks squeue again only after this long, as each call makes work for slurmctld; sooner where something
  /// was done in between, or a job is not among those last seen.
  time::Duration refresh{0};
};

/// A job of Slurm's own queue, taken over.
struct Adopted {
  exec::Task task;  ///< id "slurm-123_4"; argv is the script's path, which ebb does not start
  exec::TaskRef ref;
  exec::Observation now;
  std::string user;
  std::string partition;
  std::optional<time::Duration> time_limit;  ///< the longest that it may run: its duration is not known better
  std::optional<time::Instant> deadline;     ///< Slurm's --deadline
  std::optional<time::Instant> submitted;
  bool held = false;  ///< already, by its owner or an administrator
};

/// Runs jobs by Slurm, through its commands (docs/slurm.md says which call does what, and which rights it needs).
///
/// start(): one batch job a task, with the tag "ebb:ID:ATTEMPT" as its name; looked for among the jobs of the task's
/// user before it is submitted. As the task's user: root for anybody, anybody else for himself.
/// pause(): `scontrol suspend` where this process may; else SIGSTOP to all of its processes. Pausable::kCheckpoint: the
/// signal to its command, which then has its grace to end; an adopted one is put back into the queue, held, once it
/// did. A job that has not begun is held. observe(): one call of squeue for all; what slurmctld has forgotten, from the
/// history. Without a history (no slurmdbd) a job is kLost once slurmctld forgets it: MinJobAge, 5 minutes, after its
/// end.
///
/// The executor keeps nothing that must survive: pauses and checkpoints asked for stand in the jobs' comments.
class SlurmExecutor final : public exec::Executor {
 public:
  /// `commands` and `clock` outlive it.
  SlurmExecutor(Commands& commands, const time::Clock& clock, ExecutorOptions options = {});

  [[nodiscard]] std::string_view name() const override { return "slurm"; }
  base::Expected<std::string> start(const exec::Task& task) override;
  base::Status pause(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Status resume(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Status cancel(const exec::Task& task, const exec::TaskRef& ref) override;
  base::Expected<std::vector<exec::Observation>> observe(std::span<const exec::TaskRef> refs) override;

  /// What is known of a job of Slurm's own queue ("123", "123_4"); a whole array as its elements. Changes nothing.
  /// Errors: kUsage, no job id, a part of a heterogeneous job, a job that slurmctld does not know; kService.
  base::Expected<std::vector<Adopted>> adopt(std::string_view job);
  /// Of a job that waits: not to be started until it is released; its owner can release it as well.
  /// Errors: kUsage, it has begun or is not known; kService.
  base::Status hold(const exec::TaskRef& ref);
  /// May start now; 120 s that a job waits after it was queued again are taken away. kUsage: an administrator holds it.
  base::Status release(const exec::TaskRef& ref);
  /// May start at that moment and not before; one that is held stays so.
  base::Status set_begin(const exec::TaskRef& ref, time::Instant moment);

 private:
  using Key = std::pair<std::string, int>;
  base::Expected<JobIndex> look(std::optional<uid_t> uid = std::nullopt);
  base::Status look_for(std::span<const exec::TaskRef> refs);
  base::Expected<std::optional<std::string>> find_started(const exec::Task& task);
  base::Expected<Job> waiting_job(const exec::TaskRef& ref, std::string_view what);
  base::Status freeze(const Job& job);
  base::Status ask_for_checkpoint(const exec::Task& task, const Job& job);
  base::Status settle_gone(std::span<const exec::TaskRef> refs, const std::vector<std::size_t>& gone,
                           std::vector<exec::Observation>& seen);
  exec::Observation standing(const exec::TaskRef& ref, const Job& job);
  exec::Observation forgotten(const exec::TaskRef& ref, const std::optional<Job>& known);

  Cluster cluster_;
  const time::Clock* clock_;
  ExecutorOptions options_;
  std::optional<JobIndex> seen_;  ///< by observe(); nothing: something was done since
  time::Duration seen_at_{0};
  std::set<Key> cancelled_;                       ///< never to be started any more
  std::map<std::string, time::Instant> missing_;  ///< handles that slurmctld has forgotten, since when
};

}  // namespace ebb::slurm
