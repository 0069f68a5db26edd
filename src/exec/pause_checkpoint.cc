#include "exec/pause_checkpoint.h"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "exec/kernel_file.h"
#include "exec/launch.h"

namespace ebb::exec {
namespace {

/// How long the kernel may take to end what was killed.
constexpr auto kEndOfKilled = std::chrono::seconds(10);

/// The user's command while it runs; killed and waited for in the end.
class Helper {
 public:
  Helper() = default;
  explicit Helper(Launched launched) : launched_(std::move(launched)) {}
  Helper(Helper&&) = delete;
  ~Helper() {
    if (launched_.pid == 0) return;
    ::kill(launched_.pid, SIGKILL);
    static_cast<void>(wait(0));
  }
  [[nodiscard]] int fd() const { return launched_.pid == 0 ? -1 : launched_.pidfd.get(); }
  /// Its code where it has ended; nothing, too, where the job's own waiting has taken it.
  std::optional<int> wait(int flags) {
    int status = 0;
    pid_t got = 0;
    do {
      got = ::waitpid(launched_.pid, &status, flags);
    } while (got < 0 && errno == EINTR);
    if (got == 0) return std::nullopt;
    launched_.pid = 0;
    if (got < 0) return std::nullopt;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  Launched launched_;
};

base::Expected<Launched> start_helper(const std::vector<std::string>& argv, pid_t job, const SignalInbox& inbox) {
  Launch what;
  what.argv = argv;
  what.set = {{"EBB_JOB_PID", std::to_string(job)}};
  return launch(what, inbox.inherited());
}

/// Until the job or the user's command has ended, or the deadline.
base::Expected<Event> wait_for_end(LocalJob& job, const time::Clock& clock, time::Duration deadline,
                                   const Helper& helper, std::vector<Event>& others) {
  for (;;) {
    const int fds[] = {helper.fd()};
    EBB_TRY(const Event event, job.wait_until(clock, deadline, fds));
    if (event.kind == Event::Kind::kSignal || event.kind == Event::Kind::kStopped ||
        event.kind == Event::Kind::kContinued) {
      others.push_back(event);
      continue;
    }
    return event;
  }
}

}  // namespace

base::Expected<CheckpointEnd> checkpoint(LocalJob& job, const CheckpointRequest& request, const SignalInbox& inbox,
                                         const time::Clock& clock) {
  CheckpointEnd end;
  const auto begin = clock.steady();
  const auto finish = [&](bool ended) {
    end.ended = ended;
    end.took = clock.steady() - begin;
    return end;
  };
  if (request.grace < time::Duration(0)) return base::usage_error("the grace period of a checkpoint is negative");
  if (job.status()) return finish(true);
  std::optional<Helper> helper;
  if (const int* signal = std::get_if<int>(&request.how)) {
    if (*signal <= 0 || ::kill(job.pid(), *signal) != 0) {
      return base::usage_error(
          system_reason(fmt::format("signal {} cannot be sent to the job", *signal), *signal <= 0 ? EINVAL : errno));
    }
    helper.emplace();
  } else {
    EBB_TRY(Launched launched, start_helper(std::get<1>(request.how), job.pid(), inbox));
    helper.emplace(std::move(launched));
  }
  for (;;) {
    EBB_TRY(const Event event, wait_for_end(job, clock, begin + request.grace, *helper, end.events));
    if (event.kind == Event::Kind::kReadable) {
      end.command_code = helper->wait(WNOHANG);
      if (end.command_code.value_or(0) != 0) return finish(false);
      continue;
    }
    if (event.kind == Event::Kind::kExited) return finish(true);
    break;
  }
  if (!request.kill_after_grace) return finish(false);
  end.killed = ::kill(job.pid(), SIGKILL) == 0;
  EBB_TRY(const Event event, wait_for_end(job, clock, clock.steady() + kEndOfKilled, Helper(), end.events));
  return finish(event.kind == Event::Kind::kExited);
}

}  // namespace ebb::exec
