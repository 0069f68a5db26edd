#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/expected.h"
#include "exec/pause_processes.h"
#include "exec/pause_wait.h"

namespace ebb::exec {

/// Stops and continues every process of a job, one by one, by SIGSTOP and SIGCONT.
///
/// Stopped are parents before children, continued children before parents, so that no parent sees a child stopped.
/// It looks again until two looks one after the other find the same processes and none that runs: a stopped process
/// cannot fork, so no more can come. One that waits in the kernel ('D': a disk, a vfork whose child is stopped) counts
/// as stopped when it still waits a look later: it stops before its next own instruction. What was found stopped is not
/// of our doing, and stays stopped. Thread safety: none.
class SignalStopper {
 public:
  struct Count {
    std::size_t processes = 0;  ///< of the job, stopped ones that are not ours included
    bool changed = false;       ///< a signal was sent
  };

  /// Errors: kService where a process may not be signalled (another user's, set-user-ID), or one runs on at `deadline`
  /// (Waiting::steady): then all are continued again.
  base::Expected<Count> stop(JobProcesses& processes, Waiting& waiting, time::Duration deadline);
  /// Those that stop() stopped and that live. Never fails: what has ended needs nothing.
  Count go_on(JobProcesses& processes);
  /// Takes all that are stopped now as stopped by us; how many. Errors: of list().
  base::Expected<std::size_t> adopt(JobProcesses& processes);

 private:
  using Refs = std::unordered_map<pid_t, std::uint64_t>;  ///< start ticks
  /// Whether nothing ran.
  base::Expected<bool> stop_once(JobProcesses& processes, const std::vector<JobProcess>& now,
                                 const std::vector<JobProcess>& before, bool& changed);

  std::vector<ProcessRef> held_;  ///< in the order in which they were stopped
  Refs is_held_;
};

}  // namespace ebb::exec
