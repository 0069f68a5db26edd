#include "measure/checkpointing.h"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "exec/launch.h"
#include "time/text.h"

namespace ebb::measure {
namespace {

/// Its code where it has ended; 0, too, where the job's own waiting has taken it.
std::optional<int> end_of(pid_t pid, int flags) {
  int status = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(pid, &status, flags);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return std::nullopt;
  if (got < 0) return 0;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

base::Expected<Checkpointing> Checkpointing::ask(const exec::LocalJob& job, const exec::CheckpointRequest& request,
                                                 const exec::SignalInbox& inbox, const time::Clock& clock) {
  if (request.grace < time::Duration{0}) return base::usage_error("the grace period of a checkpoint is negative");
  Checkpointing asked;
  asked.grace_ = request.grace;
  asked.deadline_ = clock.steady() + request.grace;
  if (const auto* command = std::get_if<std::vector<std::string>>(&request.how)) {
    exec::Launch what;
    what.argv = *command;
    what.set = {{"EBB_JOB_PID", std::to_string(job.pid())}};
    EBB_TRY(asked.command_, exec::launch(what, inbox.inherited()));
    return asked;
  }
  asked.signal_ = std::get<int>(request.how);
  if (*asked.signal_ <= 0 || ::kill(job.pid(), *asked.signal_) != 0) {
    return base::usage_error(fmt::format("signal {} cannot be sent to the job: {}", *asked.signal_,
                                         std::strerror(*asked.signal_ <= 0 ? EINVAL : errno)));
  }
  return asked;
}

Checkpointing::Checkpointing(Checkpointing&& other) noexcept
    : command_(std::exchange(other.command_, {})),
      signal_(other.signal_),
      deadline_(other.deadline_),
      grace_(other.grace_) {}

Checkpointing::~Checkpointing() {
  if (command_.pid == 0) return;
  // By descriptor: its end may have been taken by the job's own waiting, and its pid be another's.
  if (::syscall(SYS_pidfd_send_signal, command_.pidfd.get(), SIGKILL, nullptr, 0U) == 0) end_of(command_.pid, 0);
}

std::optional<std::string> Checkpointing::failure(time::Duration now) {
  if (command_.pid != 0) {
    const auto code = end_of(command_.pid, WNOHANG);
    if (code) command_ = {};
    if (code.value_or(0) != 0) return fmt::format("the checkpoint command failed with exit code {}", *code);
  }
  if (now < deadline_) return std::nullopt;
  return fmt::format("the job did not end within {} of being asked for a checkpoint; it goes on",
                     time::text_of(grace_));
}

}  // namespace ebb::measure
