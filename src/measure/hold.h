#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/expected.h"
#include "exec/group.h"
#include "exec/job.h"
#include "exec/pause.h"

namespace ebb::measure {

/// Everything that can be done to all processes of a run's command at once. The destructor lets them go on.
///
/// Thread safety: none.
class Hold {
 public:
  /// Before the command starts: so a freezer has it from its first instruction on; or, with `options.command`, of one
  /// that runs. `group`, `clock` outlive it. Errors: of exec::Pauser.
  static base::Expected<std::unique_ptr<Hold>> open(exec::JobGroup& group, const exec::PauserOptions& options,
                                                    const time::Clock& clock);
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  ~Hold() = default;

  /// Where the command could not enter its group, its tree is held instead.
  base::Status follow(const exec::LocalJob& job);

  /// What a killed one may have left held is held by this one: exec::Pauser::adopt().
  base::Expected<bool> adopt() { return pauser_->adopt(); }
  [[nodiscard]] bool held() const { return pauser_->paused(); }
  /// True: all stand still. False: nothing is left to hold. Errors: of exec::Pauser::pause(), all go on.
  base::Expected<bool> pause();
  base::Status resume();

  /// Sends a signal to each process; those that fork meanwhile may be missed.
  void signal_all(int signal);
  /// SIGKILL to each, held still before, so that none gets away by forking.
  void kill_all();
  [[nodiscard]] bool any_left();

 private:
  Hold(exec::PauserOptions options, const time::Clock& clock) : options_(std::move(options)), waiting_(clock) {}
  base::Status take(exec::JobGroup& group);

  exec::PauserOptions options_;
  exec::Waiting waiting_;
  std::optional<exec::JobGroup> no_group_;
  std::optional<exec::Pauser> pauser_;
  std::unique_ptr<exec::JobProcesses> processes_;
};

}  // namespace ebb::measure
