#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::exec {

/// How a job may be held once it has begun.
enum class Pausable {
  kNo,
  kFreeze,      ///< in memory, by a freezer or by signals
  kCheckpoint,  ///< it writes down what it has and ends; to resume is to start its command again
};
std::string_view name_of(Pausable pausable);  ///< "no", "freeze", "checkpoint"
std::optional<Pausable> parse_pausable(std::string_view text);

/// What a job takes of its machine while it runs (a frozen one keeps its memory and its boards).
struct Resources {
  double cpus = 0.0;               ///< 0: not said
  std::uint64_t memory_bytes = 0;  ///< 0: not said
  int gpus = 0;

  friend bool operator==(const Resources&, const Resources&) = default;
};

/// Everything that an executor needs to run a job; the same bytes, however often it is asked.
struct Task {
  std::string id;    ///< of the job: letters, digits, '.', '_', '-'; never used twice
  int attempt = 1;   ///< counts the starts of its command: one resumed from a checkpoint is a new one
  std::string name;  ///< for people; any text
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value", all of it
  std::string folder;                    ///< where it runs
  std::string output;                    ///< file that stdout and stderr are appended to
  uid_t uid = 0;
  gid_t gid = 0;
  Resources resources;
  std::vector<int> boards;  ///< GPUs handed out to it, by index
  Pausable pausable = Pausable::kNo;
  std::vector<std::string> checkpoint_command;  ///< empty: `checkpoint_signal` to the job's own command
  int checkpoint_signal = 10;                   ///< SIGUSR1
  time::Duration grace = std::chrono::minutes(5);
  std::vector<std::string> run_options;     ///< of `ebb run`: what the run is measured and priced by
  std::vector<std::string> engine_options;  ///< handed to the engine as they are (sbatch)
  std::optional<time::Instant> not_before;  ///< nothing: at once
};

/// A task that was handed over.
struct TaskRef {
  std::string id;
  int attempt = 1;
  std::string handle;  ///< the executor's own name of it (a Slurm job id); may be empty
};

enum class TaskState {
  kUnknown,  ///< never heard of: it was not started
  kPending,  ///< the engine has it and will start it: held, or no room yet
  kRunning,
  kPausing,  ///< asked to, not there yet
  kPaused,
  kEnded,  ///< exit_code says how; a checkpointed one with `checkpointed`
  kLost,   ///< it was started, and nobody can say how it ended (the machine went down, its keeper was killed)
};
std::string_view name_of(TaskState state);  ///< "unknown", "pending", ...

/// How a task stands. What is not known is empty.
struct Observation {
  TaskState state = TaskState::kUnknown;
  std::optional<int> exit_code;        ///< as `ebb run`: 128 + signal; 125 to 127 where it could not be started
  bool checkpointed = false;           ///< it ended because it was asked to write a checkpoint
  std::optional<time::Instant> begun;  ///< of this attempt
  std::optional<time::Instant> ended;
  time::Duration ran{0};                ///< of this attempt, time in pause never counted
  time::Duration paused{0};             ///< of this attempt
  std::size_t pauses = 0;               ///< of this attempt
  std::optional<units::Energy> energy;  ///< so far, idle power of pauses included
  std::optional<units::Power> power;    ///< now
  std::string run_id;                   ///< in the ledger
  std::string handle;
  std::string note;  ///< what a person should know: why it is pending, lost or cannot be paused
};

/// Where jobs run: this machine, or an engine that is there already. It runs what it is told when it is told; *when* is
/// decided above.
///
/// Every call is idempotent by (id, attempt), so that whoever was killed between writing down what he wants and doing
/// it may simply do it again; and comes back within a bounded time, whatever hangs. Nothing that was started depends on
/// this process: a new one finds it again.
/// Errors: kService, and nothing or all was done: ask observe(). kUsage: this executor cannot do that at all, with why.
/// Thread safety: none.
class Executor {
 public:
  virtual ~Executor() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;  ///< "local", "slurm"

  /// Starts the command, or finds that it was started. Gives back the handle.
  virtual base::Expected<std::string> start(const Task& task) = 0;
  /// Asks; observe() says when it is so. A task that has ended is passed over.
  virtual base::Status pause(const Task& task, const TaskRef& ref) = 0;
  /// Of kPaused: goes on. What was checkpointed is start()ed anew instead, as the next attempt.
  virtual base::Status resume(const Task& task, const TaskRef& ref) = 0;
  /// Ends it, all of its processes; a paused one too, and one that was never started never will be.
  virtual base::Status cancel(const Task& task, const TaskRef& ref) = 0;
  /// One for each, in order.
  virtual base::Expected<std::vector<Observation>> observe(std::span<const TaskRef> refs) = 0;
};

}  // namespace ebb::exec
