#pragma once

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <vector>

#include "base/expected.h"
#include "exec/descriptor.h"

namespace ebb::exec {

/// What a command inherits about signals through exec: which are blocked and which ignored.
struct SignalState {
  sigset_t blocked{};
  sigset_t ignored{};

  /// Of the calling thread and process.
  static SignalState now();
  /// Makes the calling process so; async-signal-safe, for the child between fork and exec.
  void restore() const noexcept;
};

/// A signal as it came.
struct ReceivedSignal {
  int signal = 0;
  int code = 0;      ///< si_code: SI_USER, SI_QUEUE (sent by a process), SI_KERNEL (the terminal)
  pid_t sender = 0;  ///< 0 where the kernel sent it, or a process of an outer PID namespace
  sigval_t value{};
  [[nodiscard]] bool from_process() const { return code <= 0; }
};

/// Takes the signals that would end or stop this process: SIGCHLD, TERM, INT, HUP, QUIT, USR1, USR2, CONT, TSTP.
///
/// They are blocked and read from a descriptor instead; no handler is installed and no disposition changed, save that
/// an ignored SIGCHLD is set to its default, or no child's end could be told. The destructor forgets what is pending
/// and puts everything back: a second Ctrl-C then ends the program as usual.
///
/// One a process, opened before its first thread (threads inherit the mask). Thread safety: none.
class SignalInbox {
 public:
  /// Errors: kService where the system has no descriptor left.
  static base::Expected<SignalInbox> open();
  SignalInbox(SignalInbox&& other) noexcept;
  SignalInbox& operator=(SignalInbox&&) = delete;
  ~SignalInbox();

  /// As this process got it: what a command is to be started with.
  [[nodiscard]] const SignalState& inherited() const { return inherited_; }
  [[nodiscard]] int fd() const { return fd_.get(); }
  /// The next one, never waiting.
  std::optional<ReceivedSignal> next();
  /// Stops this process as that signal does by default; returns when it goes on, or at once where the kernel does not
  /// let it stop (an orphaned process group: nobody would wake it).
  void stop_self(int signal);

 private:
  SignalInbox() = default;

  SignalState inherited_;
  Descriptor fd_;
  bool child_was_ignored_ = false;
};

}  // namespace ebb::exec
