#include "exec/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "base/text.h"
#include "exec/command_line.h"
#include "exec/kernel_file.h"

namespace ebb::exec {
namespace {

/// What the child tells through a pipe that exec closes.
struct Word {
  enum class What : std::int32_t { kNotInGroup, kNotExecuted };
  What what = What::kNotExecuted;
  std::int32_t error_number = 0;
};

struct Clone {
  pid_t pid = -1;
  Descriptor pidfd;
  bool in_group = false;
  int group_error = 0;
};

/// fork() with a pidfd, and into a cgroup where there is one. Not vfork(): the kernel's way into a cgroup needs
/// clone3, which has no wrapper in the C library.
Clone clone_child(const JobGroup* group) {
  Clone made;
  clone_args arguments{};
  int pidfd = -1;
  arguments.flags = CLONE_PIDFD;
  arguments.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  arguments.exit_signal = SIGCHLD;
  if (const int folder = group == nullptr ? -1 : group->clone_into_fd(); folder >= 0) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = static_cast<std::uint64_t>(folder);
    made.pid = static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
    made.in_group = made.pid >= 0;
    if (made.pid < 0) made.group_error = errno;
    arguments.flags = CLONE_PIDFD;
    arguments.cgroup = 0;
  }
  if (made.pid < 0) made.pid = static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
  // Kernels before 5.3, and the seccomp filters of old container engines.
  if (made.pid < 0 && (errno == ENOSYS || errno == EPERM || errno == E2BIG)) made.pid = ::fork();
  if (made.pid > 0) made.pidfd = Descriptor(pidfd);
  return made;
}

[[noreturn]] void be_child(const Launch& what, const SignalState& signals, CommandLine& line, const Clone& made,
                           int pipe) noexcept {
  const auto tell = [pipe](Word::What kind, int error_number) {
    const Word word{kind, error_number};
    // Nobody else to tell when this fails.
    [[maybe_unused]] const auto put = ::write(pipe, &word, sizeof word);
  };
  if (what.group != nullptr && !made.in_group && !what.group->join_from_child()) tell(Word::What::kNotInGroup, errno);
  signals.restore();
  tell(Word::What::kNotExecuted, line.execute());
  ::_exit(127);
}

base::Error not_executed(const std::string& program, int error_number) {
  const bool is_missing = error_number == ENOENT;
  const bool has_slash = program.find('/') != std::string::npos;
  return base::Error{is_missing ? kNotFound : kNotExecutable,
                     fmt::format("cannot run {}{}", system_reason(base::in_quotes(program), error_number),
                                 is_missing && !has_slash ? " in PATH" : "")};
}

}  // namespace

base::Expected<Launched> launch(const Launch& what, const SignalState& signals) {
  EBB_TRY(CommandLine line, CommandLine::make(what.argv, what.environment, what.set, what.unset));
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return base::Error{kNotStarted, system_reason("cannot make a pipe", errno)};
  const Descriptor from_child(ends[0]);
  Descriptor to_parent(ends[1]);
  Clone made = clone_child(what.group);
  if (made.pid == 0) be_child(what, signals, line, made, to_parent.get());
  if (made.pid < 0) return base::Error{kNotStarted, system_reason("cannot start a process", errno)};
  to_parent.reset();
  Launched launched{
      made.pid, std::move(made.pidfd), what.group != nullptr && what.group->kind() != GroupKind::kNone, {}};
  const int group_error = made.group_error;
  for (;;) {
    Word word;
    const auto got = ::read(from_child.get(), &word, sizeof word);
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(sizeof word)) return launched;
    if (word.what == Word::What::kNotInGroup) {
      launched.in_group = false;
      launched.why_not_in_group = system_reason(what.group->path(), group_error != 0 ? group_error : word.error_number);
      continue;
    }
    while (::waitpid(made.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return not_executed(what.argv[0], word.error_number);
  }
}

}  // namespace ebb::exec
