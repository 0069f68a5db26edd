#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "exec/executor.h"
#include "exec/proc_stat.h"

namespace ebb::keeper {

/// What is wanted of a task that runs.
enum class Wanted { kRun, kPause, kCancel };
std::string_view name_of(Wanted wanted);  ///< "run", "pause", "cancel"

/// How an attempt of a task stands, as its keeper wrote it down last.
struct Status {
  /// kPending: claimed, and its command may have begun; kRunning with `ended`: over, its figures are being filed.
  exec::TaskState state = exec::TaskState::kPending;
  Wanted wanted = Wanted::kRun;
  std::optional<int> exit_code;
  bool checkpointed = false;
  std::optional<time::Instant> begun;
  std::optional<time::Instant> ended;
  time::Duration ran{0};
  time::Duration paused{0};
  std::size_t pauses = 0;
  std::optional<units::Energy> energy;
  std::optional<units::Power> power;
  std::string run_id;
  std::string note;
  exec::ProcessRef keeper;
  exec::ProcessRef job;  ///< pid 0: none
  std::string boot;      ///< of the machine's start that the pids are of
  time::Instant as_of;

  [[nodiscard]] bool is_final() const { return state == exec::TaskState::kEnded || state == exec::TaskState::kLost; }
  friend bool operator==(const Status&, const Status&) = default;
};

std::string json_of(const Status& status);
/// kBadData, naming the field.
base::Expected<Status> parse_status(std::string_view json);

/// As of `now`: what ran when it was written down has run on since.
exec::Observation observation_of(const Status& status, time::Instant now);

}  // namespace ebb::keeper
