#pragma once

#include <optional>
#include <string>

#include "base/expected.h"
#include "exec/job.h"
#include "exec/pause_checkpoint.h"
#include "exec/signals.h"
#include "time/clock.h"

namespace ebb::measure {

/// A job that was asked for a checkpoint and may take minutes for it: as exec::checkpoint, but it never waits, so that
/// sampling goes on. The destructor ends the user's command, not the job. Thread safety: none.
class Checkpointing {
 public:
  /// Asks. Errors: as exec::checkpoint.
  static base::Expected<Checkpointing> ask(const exec::LocalJob& job, const exec::CheckpointRequest& request,
                                           const exec::SignalInbox& inbox, const time::Clock& clock);
  Checkpointing(Checkpointing&& other) noexcept;
  Checkpointing& operator=(Checkpointing&&) = delete;
  Checkpointing(const Checkpointing&) = delete;
  Checkpointing& operator=(const Checkpointing&) = delete;
  ~Checkpointing();

  /// Of the user's command, readable at its end; -1 for none.
  [[nodiscard]] int fd() const { return command_.pid == 0 ? -1 : command_.pidfd.get(); }
  [[nodiscard]] time::Duration deadline() const { return deadline_; }
  /// Why it will not come any more, in a sentence; nothing while it may. The job goes on.
  std::optional<std::string> failure(time::Duration now);
  /// Whether a job that ended so has followed the asking: one that the signal itself killed has not.
  [[nodiscard]] bool is_checkpoint(const exec::ExitStatus& status) const {
    return !signal_ || status.signal != signal_;
  }

 private:
  Checkpointing() = default;
  exec::Launched command_;
  std::optional<int> signal_;
  time::Duration deadline_{0};
  time::Duration grace_{0};
};

}  // namespace ebb::measure
