#include "keeper/adopt.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "exec/group.h"
#include "exec/kernel_file.h"
#include "keeper/boot.h"
#include "measure/hold.h"

namespace ebb::keeper {
namespace {

using exec::Descriptor;
using exec::TaskState;
using std::chrono::seconds;

constexpr auto kEndGrace = seconds(10);
constexpr int kLookEveryMs = 1000;
constexpr const char* kUnmeasured = "its keeper was killed: what it used since then is not measured";

/// `struct pidfd_info` of Linux 6.15 (include/uapi/linux/pidfd.h), in its first version.
struct PidfdInfo {
  std::uint64_t mask = 0;
  std::uint64_t cgroup_id = 0;
  std::uint32_t ids[11] = {};
  std::int32_t exit_code = 0;
};
constexpr std::uint64_t kInfoExit = 1U << 3U;

/// How a process ended that need not be a child of ours; nothing where the kernel does not tell.
std::optional<int> exit_code_of(int pidfd) {
  for (int tries = 0; tries < 100; ++tries) {
    PidfdInfo info;
    info.mask = kInfoExit;
    if (::ioctl(pidfd, _IOWR(0xFF, 11, PidfdInfo), &info) != 0) return std::nullopt;
    if ((info.mask & kInfoExit) != 0) {
      return WIFSIGNALED(info.exit_code) ? 128 + WTERMSIG(info.exit_code) : WEXITSTATUS(info.exit_code);
    }
    // Told when whoever is its parent now has waited for it.
    ::poll(nullptr, 0, 10);
  }
  return std::nullopt;
}

class Adopted {
 public:
  Adopted(Attempt& attempt, const Keep& with) : attempt_(attempt), with_(with), since_(with.clock.steady()) {}

  void go() {
    if (!find()) return end(std::nullopt);
    pidfd_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, attempt_.status.job.pid, 0U)));
    if (!is_alive(attempt_.status.job)) return end(std::nullopt);
    open_hold();
    while (is_alive(attempt_.status.job) || (cancelling_ && hold_ && hold_->any_left())) {
      attempt_.serve();
      follow();
      write();
      pollfd waiting[] = {{attempt_.door(), POLLIN, 0}, {is_alive(attempt_.status.job) ? pidfd_.get() : -1, POLLIN, 0}};
      ::poll(waiting, 2, cancelling_ ? 50 : kLookEveryMs);
    }
    count();
    end(exit_code_of(pidfd_.get()));
  }

 private:
  bool find();
  void open_hold();
  void follow();
  void write();
  void count();
  void end(std::optional<int> code);

  Attempt& attempt_;
  const Keep& with_;
  time::Duration since_;
  Descriptor pidfd_;
  std::optional<exec::JobGroup> group_;
  std::unique_ptr<measure::Hold> hold_;
  bool cancelling_ = false;
  time::Duration kill_at_{0};
  TaskState written_ = TaskState::kUnknown;
};

bool Adopted::find() {
  auto& status = attempt_.status;
  if (status.ended || status.boot != boot_id()) return false;
  if (is_alive(status.job)) return true;
  if (status.job.pid != 0) return false;
  // Killed between the start and writing it down; the command may be just about to become itself.
  const auto entry = fmt::format("{}={}.{}", kTaskVariable, attempt_.task().id, attempt_.task().attempt);
  for (int tries = 0; tries < 20 && status.job.pid == 0; ++tries) {
    if (tries > 0) ::poll(nullptr, 0, 10);
    status.job = find_by_variable(entry);
  }
  if (status.job.pid == 0) return false;
  if (!status.begun) status.begun = with_.clock.now();
  return true;
}

void Adopted::open_hold() {
  auto& status = attempt_.status;
  exec::GroupOptions group;
  group.name = status.run_id.empty() ? "none" : status.run_id.substr(0, 60);
  exec::PauserOptions pause;
  pause.name = group.name;
  pause.own_cgroup = group.own_cgroup =
      attempt_.folder().path() + "/" + attempt_file(attempt_.task().attempt, "cgroup");
  auto made = exec::JobGroup::create(group);
  const auto pids = made ? made->process_ids() : made.error();
  const bool holds = pids && std::find(pids->begin(), pids->end(), status.job.pid) != pids->end();
  if (made && !holds) {
    static_cast<void>(made->remove());
    group.prefer = exec::GroupKind::kNone;
    made = exec::JobGroup::create(group);
  }
  if (!made) return;
  group_.emplace(*std::move(made));
  if (group_->kind() == exec::GroupKind::kNone) pause.command = status.job.pid;
  auto hold = measure::Hold::open(*group_, pause, with_.clock);
  if (!hold) return;
  hold_ = *std::move(hold);
  const auto held = hold_->adopt();
  status.state = held && *held ? TaskState::kPaused : TaskState::kRunning;
}

void Adopted::follow() {
  auto& status = attempt_.status;
  if (!hold_) return;
  const auto now = with_.clock.steady();
  if (status.wanted == Wanted::kCancel) {
    if (!cancelling_) {
      cancelling_ = true;
      kill_at_ = now + kEndGrace;
      hold_->signal_all(SIGTERM);
      static_cast<void>(hold_->resume());
    } else if (now >= kill_at_) {
      hold_->kill_all();
      kill_at_ = now + seconds(1);
    }
    return;
  }
  const bool wants_hold = status.wanted == Wanted::kPause && attempt_.task().pausable == exec::Pausable::kFreeze;
  if (wants_hold == hold_->held()) return;
  count();
  if (wants_hold) {
    const auto paused = hold_->pause();
    if (paused && *paused) ++status.pauses;
  } else {
    static_cast<void>(hold_->resume());
  }
}

/// The time since the last count, to what it was.
void Adopted::count() {
  const auto now = with_.clock.steady();
  (attempt_.status.state == TaskState::kPaused ? attempt_.status.paused : attempt_.status.ran) += now - since_;
  since_ = now;
}

void Adopted::write() {
  auto& status = attempt_.status;
  count();
  status.state = hold_ && hold_->held() ? TaskState::kPaused : TaskState::kRunning;
  status.note = kUnmeasured;
  status.power.reset();
  if (status.state == written_) return;
  if (attempt_.write(true)) written_ = status.state;
}

void Adopted::end(std::optional<int> code) {
  auto& status = attempt_.status;
  hold_.reset();
  if (group_) static_cast<void>(group_->remove());
  status.job = {};
  status.power.reset();
  if (status.ended && status.exit_code) {
    // Its keeper was killed while it filed the figures.
    status.state = TaskState::kEnded;
    status.note = "its keeper was killed after its end: its run is not in the ledger (ebb runs price)";
    return attempt_.write_at_last();
  }
  if (!code && cancelling_) code = 128 + SIGKILL;
  status.state = code ? TaskState::kEnded : TaskState::kLost;
  status.exit_code = code;
  status.ended = with_.clock.now();
  status.note = code ? kUnmeasured : "its keeper was killed: nobody knows how it ended";
  attempt_.write_at_last();
}

}  // namespace

void adopt(Attempt& attempt, const Keep& with) { Adopted(attempt, with).go(); }

}  // namespace ebb::keeper
