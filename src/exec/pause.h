#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "exec/group.h"
#include "exec/pause_freezer.h"
#include "exec/pause_freezer_group.h"
#include "exec/pause_processes.h"
#include "exec/pause_signals.h"
#include "exec/pause_wait.h"
#include "time/instant.h"

namespace ebb::exec {

/// How a job is held, best first.
enum class PauseWay {
  kFreezeV2,  ///< the freezer of its v2 cgroup
  kFreezeV1,  ///< the v1 freezer, in a group of its own where the job's has none
  kSignals,   ///< SIGSTOP and SIGCONT to each process
};
std::string_view name_of(PauseWay way);  ///< "freezer-v2", "freezer-v1", "signals"

struct PauserOptions {
  std::string name;  ///< GroupOptions::name of the job: a v1 freezer group is called "ebb-NAME" too
  PauseWay prefer = PauseWay::kFreezeV2;
  /// The command of a job without a group, where it runs already; nothing: what this process starts from now on.
  std::optional<pid_t> command;
  time::Duration timeout = std::chrono::seconds(10);  ///< of one pause or resume
  std::string proc = "/proc";
  std::string mountinfo = "/proc/self/mountinfo";
  std::string own_cgroup = "/proc/self/cgroup";
};

/// What pause() or resume() came to.
struct PauseAnswer {
  PauseWay way = PauseWay::kSignals;
  time::Duration took{0};
  std::size_t processes = 0;  ///< that the job has (pause), that go on (resume)
  bool changed = false;       ///< false: it was so before
  bool job_ended = false;     ///< nothing of the job lives; nothing is frozen then
};

/// Pauses and resumes a job: every process of it, whatever it forked and whatever it does with signals.
///
/// Open it before the command starts where that can be: so the command is in the v1 freezer group, where there is one,
/// from its first instruction on; else it is moved there by the first pause(). A command that could not enter its
/// group (LocalJob::in_group) has a Pauser with a group of kind kNone.
/// pause() and resume() may be called in any order and again: pause() holds again what somebody else let go.
/// What stopped by itself (SIGSTOP by its user, a job of a terminal) stays so after resume(), as far as it was stopped
/// before pause(). The job's clocks go on: its time-outs, its scheduler's limits (docs/pausing.md).
/// The destructor resumes. After SIGKILL of this process the job stays paused: thaw_left_behind().
/// Thread safety: none.
class Pauser {
 public:
  /// `group` and `waiting` outlive it, and stay where they are. Always has a way, with why_not_better(). Errors:
  /// kUsage, a name that is no name or a `command` that is no process.
  static base::Expected<Pauser> open(JobGroup& group, const PauserOptions& options, Waiting& waiting);
  Pauser(Pauser&&) noexcept = default;
  Pauser& operator=(Pauser&&) = delete;
  Pauser(const Pauser&) = delete;
  Pauser& operator=(const Pauser&) = delete;
  ~Pauser();

  [[nodiscard]] PauseWay way() const { return freezer_ ? freezer_way() : PauseWay::kSignals; }
  /// For each better way, why it is not to be had; may be empty.
  [[nodiscard]] const std::vector<std::string>& why_not_better() const { return why_not_better_; }
  [[nodiscard]] bool paused() const { return paused_; }

  /// Returns when no process of the job runs. Errors: kService, and the job goes on as if nothing had been: a process
  /// that cannot be stopped in time or not by this user. kUsage where this process itself is in the group.
  base::Expected<PauseAnswer> pause();
  /// Returns when they go on. Errors: kService; it may be tried again.
  base::Expected<PauseAnswer> resume();
  /// A Pauser of this job that was killed may have left it paused: this one takes that over as its own. By signals:
  /// every stopped process, those included that stopped by themselves. Whether it is paused. Errors: kService.
  base::Expected<bool> adopt();

 private:
  Pauser() = default;
  void choose_freezer(const PauserOptions& options);
  [[nodiscard]] PauseWay freezer_way() const;
  [[nodiscard]] base::Status gather(std::size_t& processes);
  base::Expected<PauseAnswer> freeze(PauseAnswer answer, time::Duration deadline);
  base::Expected<PauseAnswer> thaw(PauseAnswer answer, time::Duration deadline);
  [[nodiscard]] bool is_group_gone() const;

  JobGroup* group_ = nullptr;
  Waiting* waiting_ = nullptr;
  time::Duration timeout_{0};
  std::string proc_;
  std::optional<Freezer> freezer_;
  std::optional<FreezerGroup> own_group_;  ///< where freezer_ is not the job's own group
  std::unique_ptr<JobProcesses> processes_;
  SignalStopper stopper_;
  bool paused_ = false;
  std::vector<std::string> why_not_better_;
};

/// For a job whose ebb was killed while a freezer held it: finds its group by name, and lets it go on. Where the job
/// had a group, nothing else is needed; where it had none, `options.command` says whose tree is to be continued.
/// `changed` false: nothing was paused. Errors: kUsage; kService.
base::Expected<PauseAnswer> thaw_left_behind(const GroupOptions& group, const PauserOptions& options, Waiting& waiting);

}  // namespace ebb::exec
