#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>

#include "base/expected.h"
#include "exec/group.h"
#include "exec/launch.h"
#include "exec/process_tree.h"
#include "exec/signals.h"
#include "time/clock.h"

namespace ebb::exec {

struct JobSpec {
  Launch launch;
  ProcessTree* tree = nullptr;  ///< where the group is none; told of every child that ends. Outlives the job
  /// Off where whoever sends signals sends them to every process anyway (Slurm): the command would get them twice.
  bool forward_signals = true;
};

/// How the command ended.
struct ExitStatus {
  int code = 0;                     ///< its own, or 128 + signal
  std::optional<int> signal;        ///< that killed it
  time::Duration cpu{0};            ///< of itself and of the descendants it waited for (wait4)
  std::uint64_t max_rss_bytes = 0;  ///< of the largest of those processes
};

/// What wait_until() woke for.
struct Event {
  enum class Kind {
    kDeadline,
    kExited,     ///< status() says how
    kStopped,    ///< the command was stopped, by `signal`
    kContinued,  ///< it goes on
    kSignal,     ///< `signal` came to this process; `forwarded` says whether it was handed on
    kReadable,   ///< `fd` can be read, or its other end is closed
  };
  Kind kind = Kind::kDeadline;
  int signal = 0;
  bool forwarded = false;
  int fd = -1;
};

/// One command, started as a child of this process, and everything that comes from it or for it.
///
/// Signals: what the terminal sends (Ctrl-C, Ctrl-\, Ctrl-Z) the command gets from the kernel as this process does, so
/// it is not handed on; what a process sends to us is (TERM, INT, HUP, QUIT, USR1, USR2, CONT, TSTP), unless the sender
/// is of the job itself. A signal that a process sends to the whole process group reaches the command twice: once
/// itself, once from us; the two cannot be told apart.
/// Job control: when the command was stopped by TSTP, TTIN or TTOU, the *next* wait_until() first stops this process
/// too, so that the shell sees the job stopped: write down what must be before calling it. SIGSTOP (a scheduler's
/// pause) is an event only: measuring goes on.
/// The job ends with its command. What it leaves running (left_behind()) is neither waited for nor killed; nor is
/// anything when this process dies.
///
/// The destructor does nothing to the command. Thread safety: none; one thread owns it.
class LocalJob {
 public:
  /// Errors: of launch(). `inbox` outlives the job.
  static base::Expected<LocalJob> start(const JobSpec& spec, SignalInbox& inbox);

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Whether the command is in its group; why not, where it could not enter it.
  [[nodiscard]] bool in_group() const { return in_group_; }
  [[nodiscard]] const std::string& why_not_in_group() const { return why_not_in_group_; }

  /// Where the command could not enter its group: `tree` was opened after the start, with its pid.
  void count_with(ProcessTree& tree);

  /// The next event: at once where one is due, else when one comes, at `deadline` (Clock::steady) at the latest. A
  /// change of the command comes first, then the deadline, then `fds` in their order.
  /// Errors: kService where the kernel refuses to wait, or somebody else took the command's end.
  base::Expected<Event> wait_until(const time::Clock& clock, time::Duration deadline, std::span<const int> fds = {});

  /// Once it has ended.
  [[nodiscard]] const std::optional<ExitStatus>& status() const { return status_; }
  /// The command is stopped just now.
  [[nodiscard]] bool is_stopped() const { return stopped_by_ != 0; }
  /// Processes of the job alive besides the command: in its group (other ranks' included), else in the tree.
  [[nodiscard]] std::size_t left_behind() const;

 private:
  explicit LocalJob(SignalInbox& inbox) : inbox_(&inbox) {}
  base::Status collect();
  void take(const ReceivedSignal& signal);
  base::Status reap();
  void take_change(int wait_status, time::Duration cpu, std::uint64_t max_rss_bytes);
  base::Status follow_stop();
  [[nodiscard]] bool is_of_job(pid_t pid) const;

  SignalInbox* inbox_;
  const JobGroup* group_ = nullptr;
  ProcessTree* tree_ = nullptr;
  bool forward_signals_ = true;
  pid_t pid_ = 0;
  Descriptor pidfd_;
  bool in_group_ = false;
  std::string why_not_in_group_;
  std::deque<Event> events_;
  std::optional<ExitStatus> status_;
  int stopped_by_ = 0;
  bool stop_due_ = false;  ///< we have not yet followed the command's stop
  bool waking_ = false;    ///< we stopped: a SIGCONT now is meant for both
  bool woken_ = false;
};

}  // namespace ebb::exec
