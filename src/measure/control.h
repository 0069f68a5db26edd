#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "exec/pause_checkpoint.h"
#include "exec/proc_stat.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::measure {

enum class RunState {
  kWaiting,  ///< no command: not started yet, or it wrote a checkpoint and ended
  kRunning,
  kPaused,  ///< held, by us
};

/// How a controlled run stands.
struct Standing {
  RunState state = RunState::kWaiting;
  std::string run_id;                  ///< empty before the first start
  int attempt = 0;                     ///< starts of the command so far
  exec::ProcessRef job;                ///< the command's process; pid 0 where there is none
  std::optional<time::Instant> begun;  ///< of the first start
  time::Duration ran{0};               ///< all attempts together; stopped by others is not running either
  time::Duration paused{0};            ///< held, stopped or waiting between two attempts
  std::size_t pauses = 0;              ///< begun so far, of our doing
  units::Energy energy;                ///< the job's so far, its part of idle power included
  std::optional<units::Power> power;   ///< mean of the last sampling
  bool checkpointed = false;           ///< the last attempt ended because it was asked for a checkpoint
  std::optional<int> exit_code;        ///< of the attempt that ended last
  bool checkpointing = false;          ///< asked to, and not yet ended
  std::string trouble;                 ///< why the wish could not be granted; empty: it was, or it is on its way
};

enum class Wish {
  kRun,         ///< start, go on, or start anew from a checkpoint
  kPause,       ///< hold it; before the first start and after a checkpoint: wait
  kCheckpoint,  ///< have it write down what it has and end; then wait
  kEnd,         ///< end all of its processes: SIGTERM, after `end_grace` SIGKILL; before the first start: never start
};

struct Order {
  Wish wish = Wish::kRun;
  std::optional<time::Duration> ask_again;  ///< Clock::steady, at the latest; nothing: when something changes
  exec::CheckpointRequest checkpoint;       ///< of kCheckpoint; `kill_after_grace` is passed over
  time::Duration end_grace = std::chrono::seconds(10);
};

/// Somebody who decides over a run while it is measured.
///
/// Asked before the command starts, when `ask_again` is due, when one of descriptors() can be read, and at every change
/// of Standing::state. It answers at once: sampling waits for it. A wish that cannot be granted is tried again from
/// time to time (Standing::trouble says why), and the job goes on meanwhile. Thread safety: none; one loop asks.
class Control {
 public:
  Control() = default;
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;
  virtual ~Control() = default;

  virtual Order ask(const Standing& standing) = 0;
  /// Wakes the run when one of them can be read; asked for before each waiting.
  [[nodiscard]] virtual std::vector<int> descriptors() const { return {}; }
  /// INT, TERM, HUP or QUIT came while no command could see it: it waits, or is held. True (as if there were no
  /// control): a held job is let go on for a while so that it sees the signal, a waiting one never starts. False: the
  /// control deals with it, and is asked next.
  virtual bool lets_signal_through(const Standing& standing, int signal) {
    static_cast<void>(standing);
    static_cast<void>(signal);
    return true;
  }
};

}  // namespace ebb::measure
