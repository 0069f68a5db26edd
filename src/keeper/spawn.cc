#include "keeper/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>

#include "exec/descriptor.h"
#include "exec/kernel_file.h"

namespace ebb::keeper {
namespace {

using exec::Descriptor;
using exec::system_reason;

constexpr int kRunsWithinMs = 10'000;
constexpr int kPipe = 3;
constexpr int kProgram = 4;

/// What could not be done on the way, told through the pipe.
struct Word {
  std::array<char, 24> what{};
  int error_number = 0;
};

/// All that the child needs, made before the fork: there nothing may be allocated.
struct Prepared {
  std::vector<char*> argv;
  std::vector<char*> environment;
  std::vector<gid_t> groups;
  Descriptor program;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

std::vector<gid_t> groups_of(const Detached::User& user) {
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(user.uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return {user.gid};
  int count = 1024;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(entry.pw_name, user.gid, groups.data(), &count) < 0) return {user.gid};
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

void reset_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal <= SIGRTMAX; ++signal) ::sigaction(signal, &action, nullptr);
  sigset_t none{};
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_from(unsigned first) {
  if (::syscall(SYS_close_range, first, ~0U, 0U) == 0) return;
  const long most = ::sysconf(_SC_OPEN_MAX);
  for (int fd = static_cast<int>(first); fd < (most > 0 ? most : 1024); ++fd) ::close(fd);
}

/// The grandchild; gives back what failed.
const char* become(const Detached& what, Prepared& prepared) {
  reset_signals();
  ::umask(022);
  if (what.user) {
    if (::setgroups(prepared.groups.size(), prepared.groups.data()) != 0) return "setgroups";
    if (::setresgid(what.user->gid, what.user->gid, what.user->gid) != 0) return "setgid";
    if (::setresuid(what.user->uid, what.user->uid, what.user->uid) != 0) return "setuid";
  }
  const int null = ::open("/dev/null", O_RDWR);
  if (null < 0 || ::dup2(null, STDIN_FILENO) < 0) return "/dev/null";
  const int log = ::open(what.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600);
  struct stat info {};
  if (log < 0) return "its log";
  if (::fstat(log, &info) != 0 || !S_ISREG(info.st_mode)) return errno = ELOOP, "its log";
  if (::dup2(log, STDOUT_FILENO) < 0 || ::dup2(log, STDERR_FILENO) < 0) return "its log";
  close_from(kProgram + 1);
  if (::chdir(what.folder.c_str()) != 0) return "its folder";
  // By descriptor: the path to the program may be closed to its user.
  ::syscall(SYS_execveat, kProgram, "", prepared.argv.data(), prepared.environment.data(), AT_EMPTY_PATH);
  const int by_descriptor = errno;
  ::execve(prepared.argv[0], prepared.argv.data(), prepared.environment.data());
  if (errno == EACCES || errno == ENOENT) errno = by_descriptor;
  return "the program";
}

[[noreturn]] void be_child(const Detached& what, Prepared& prepared, int pipe) {
  ::setsid();
  if (::fork() != 0) ::_exit(0);
  // Above what they are put to, so that neither overwrites the other.
  const int high_pipe = ::fcntl(pipe, F_DUPFD_CLOEXEC, 10);
  const int high_program = ::fcntl(prepared.program.get(), F_DUPFD_CLOEXEC, 10);
  ::dup3(high_pipe, kPipe, O_CLOEXEC);
  ::dup3(high_program, kProgram, O_CLOEXEC);
  Word word;
  const char* failed = become(what, prepared);
  word.error_number = errno;
  for (std::size_t i = 0; failed[i] != '\0' && i + 1 < word.what.size(); ++i) word.what[i] = failed[i];
  [[maybe_unused]] const auto put = ::write(kPipe, &word, sizeof word);
  ::_exit(127);
}

}  // namespace

base::Status spawn_detached(const Detached& what) {
  Prepared prepared;
  prepared.argv = pointers(what.argv);
  prepared.environment = pointers(what.environment);
  if (what.user) prepared.groups = groups_of(*what.user);
  prepared.program = Descriptor(::open(what.argv[0].c_str(), O_PATH | O_CLOEXEC));
  if (!prepared.program) return base::service_error(system_reason(what.argv[0], errno));
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return base::service_error(system_reason("no pipe", errno));
  const Descriptor from_child(ends[0]);
  Descriptor to_parent(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return base::service_error(system_reason("cannot start a process", errno));
  if (child == 0) be_child(what, prepared, to_parent.get());
  to_parent.reset();
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  pollfd waiting{from_child.get(), POLLIN, 0};
  if (::poll(&waiting, 1, kRunsWithinMs) != 1) return base::service_error(what.argv[0] + ": does not start");
  Word word;
  const auto got = ::read(from_child.get(), &word, sizeof word);
  if (got != static_cast<ssize_t>(sizeof word)) return base::Done{};
  word.what.back() = '\0';
  return base::service_error(
      fmt::format("{}: {}: {}", what.argv[0], word.what.data(), system_reason("refused", word.error_number)));
}

}  // namespace ebb::keeper
