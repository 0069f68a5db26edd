#pragma once

#include <signal.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/expected.h"
#include "exec/job.h"
#include "exec/signals.h"
#include "time/clock.h"

namespace ebb::exec {

struct CheckpointRequest {
  /// A signal to the job's own command (not to its children), or a command of the user's, which is started with
  /// EBB_JOB_PID set and tells the job itself.
  std::variant<int, std::vector<std::string>> how = SIGUSR1;
  time::Duration grace = std::chrono::minutes(5);  ///< for the job to write down what it has and to end
  bool kill_after_grace = false;                   ///< by SIGKILL, the job's command only
};

struct CheckpointEnd {
  bool ended = false;               ///< LocalJob::status() says how; else the job goes on
  bool killed = false;              ///< it did not end within its grace, and was killed as asked
  time::Duration took{0};           ///< from the signal to the end, or to giving up
  std::optional<int> command_code;  ///< of the user's command, as ExitStatus::code; nothing while it did not end
  std::vector<Event> events;        ///< what else came meanwhile, in order
};

/// Asks a job to write a checkpoint and end, and waits for that. Whether what it wrote is of use only the job knows:
/// its exit code is said, not judged. A job that has ended is asked nothing. One that is paused must be resumed first:
/// it would not see the signal.
///
/// A user's command that fails ends the waiting at once; one that outlives the grace is killed: the job is not.
/// Errors: kUsage, a signal that is none, a negative grace; of launch(); kService.
base::Expected<CheckpointEnd> checkpoint(LocalJob& job, const CheckpointRequest& request, const SignalInbox& inbox,
                                         const time::Clock& clock);

}  // namespace ebb::exec
