#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/expected.h"
#include "exec/descriptor.h"
#include "exec/rank_record.h"
#include "exec/tree_counter.h"
#include "time/instant.h"

namespace ebb::exec {

/// CPU time of everything that descends from this process, where no group can be had.
///
/// While it exists this process is the subreaper of its descendants (PR_SET_CHILD_SUBREAPER): one whose parent dies
/// becomes our child, and wait4 tells exactly what it used. So the total is exact once all have ended, and between cut
/// to clock ticks (10 ms a living process). It has the hole named at TreeCounter (SIGCHLD ignored); a group has none.
/// Children that this process had before open() (of the shell that became it) do not count.
///
/// One a process: every other child that it has is taken to be the job's. Thread safety: none.
class ProcessTree {
 public:
  /// Errors: kService where /proc is not ours (of another PID namespace, or not mounted). `job`: the command, where it
  /// was started before; orphans from before open() are missing.
  static base::Expected<ProcessTree> open(const std::string& proc = "/proc", pid_t job = 0);
  ProcessTree(ProcessTree&&) noexcept = default;
  ProcessTree& operator=(ProcessTree&&) noexcept = delete;
  ~ProcessTree();

  /// A child of ours was waited for; `cpu` is what wait4 says of it.
  void reaped(pid_t pid, time::Duration cpu);

  /// Another rank of the job on this node; again with its final figure when it has ended. Our own record is passed
  /// over. A rank whose meter died is followed by its command.
  void follow(const RankRecord& rank);

  /// Since open(); of other ranks since they started.
  base::Expected<time::Duration> cpu_time();
  /// Processes of the tree alive at the last cpu_time().
  [[nodiscard]] std::size_t live() const { return counter_->live(); }
  /// Whether it was of the tree then.
  [[nodiscard]] bool contains(pid_t pid) const { return counter_->contains(pid); }

 private:
  struct Rank {
    RankRecord record;
    TreeCounter::RootId meter = 0;
  };
  ProcessTree() = default;

  std::unique_ptr<TreeCounter> counter_;
  std::vector<ProcessRef> before_;
  std::vector<Rank> ranks_;
  std::string proc_;
  TreeCounter::RootId own_ = 0;
  bool was_subreaper_ = false;
};

/// CPU time of a process that runs already and of its descendants, from now on (`ebb run --attach`).
///
/// Its orphans stay counted when they were seen once. Thread safety: none.
class AttachedTree {
 public:
  /// Errors: kUsage where there is no such process, or it is this one.
  static base::Expected<AttachedTree> open(pid_t pid, const std::string& proc = "/proc");

  /// Since open(), cut to clock ticks.
  base::Expected<time::Duration> cpu_time();
  [[nodiscard]] std::size_t live() const { return counter_.live(); }
  [[nodiscard]] bool contains(pid_t pid) const { return counter_.contains(pid); }
  /// The process itself has ended (its pid may belong to another by now).
  [[nodiscard]] bool ended() const;
  /// Becomes readable when it ends; -1 on kernels before 5.3: ask ended() from time to time.
  [[nodiscard]] int end_fd() const { return pidfd_.get(); }
  [[nodiscard]] const ProcessRef& process() const { return process_; }

 private:
  AttachedTree(ProcessRef process, const std::string& proc, Descriptor pidfd);

  ProcessRef process_;
  std::string proc_;
  Descriptor pidfd_;
  TreeCounter counter_;
  time::Duration before_{0};
};

}  // namespace ebb::exec
