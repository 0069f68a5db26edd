#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "exec/group.h"
#include "exec/proc_reader.h"
#include "exec/proc_stat.h"

namespace ebb::exec {

/// A process of a job as pausing sees it.
struct JobProcess {
  enum class State {
    kRuns,     ///< or could at any moment
    kWaits,    ///< uninterruptible in the kernel ('D'), every other thread stopped or so too
    kStopped,  ///< every thread: by a signal, or by a debugger
  };
  ProcessRef process;
  pid_t parent = 0;
  State state = State::kRuns;
  friend bool operator==(const JobProcess&, const JobProcess&) = default;
};

/// What stopping by signals sees and does. Thread safety: none.
class JobProcesses {
 public:
  enum class Sent { kDone, kEnded, kForbidden };

  JobProcesses() = default;
  JobProcesses(const JobProcesses&) = delete;
  JobProcesses& operator=(const JobProcesses&) = delete;
  virtual ~JobProcesses() = default;

  /// All that are alive, in no order; never this process itself. One that comes or goes meanwhile may be missed.
  /// Errors: kService.
  virtual base::Expected<std::vector<JobProcess>> list() = 0;
  /// To that very process, never to a later one with its pid.
  virtual Sent send(const ProcessRef& to, int signal) = 0;
};

/// Those that a group holds, wherever they stand in the tree.
class GroupProcesses final : public JobProcesses {
 public:
  /// `group` outlives it.
  GroupProcesses(const JobGroup& group, std::string proc) : group_(&group), proc_(std::move(proc)) {}
  base::Expected<std::vector<JobProcess>> list() override;
  Sent send(const ProcessRef& to, int signal) override;

 private:
  const JobGroup* group_;
  std::string proc_;
};

/// Those that descend from a process. One that was seen once stays of the tree when its parent dies.
class TreeProcesses final : public JobProcesses {
 public:
  /// `root` and all below it; nothing: all below this process but the children that it has now (exec::ProcessTree,
  /// which makes this process the subreaper, takes the same for the job: have one open). Errors: kUsage where there is
  /// no such root, or it is this process.
  static base::Expected<std::unique_ptr<TreeProcesses>> open(std::optional<pid_t> root, const std::string& proc);
  base::Expected<std::vector<JobProcess>> list() override;
  Sent send(const ProcessRef& to, int signal) override;

 private:
  explicit TreeProcesses(std::string proc) : reader_(std::move(proc)) {}
  using Seen = std::unordered_map<pid_t, std::uint64_t>;  ///< start ticks
  void walk(pid_t from, pid_t parent, Seen& seen, std::vector<JobProcess>& out);

  ProcReader reader_;
  std::optional<ProcessRef> root_;
  std::vector<ProcessRef> before_;
  Seen known_;
};

}  // namespace ebb::exec
