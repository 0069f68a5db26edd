#include "slurm/system_commands.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/text.h"
#include "exec/descriptor.h"
#include "time/text.h"

namespace ebb::slurm {
namespace {

using exec::Descriptor;

constexpr auto kEndOfKilled = std::chrono::seconds(5);

std::string reason(int error_number) { return std::system_category().message(error_number); }

struct Pipe {
  Descriptor read;
  Descriptor write;
};
base::Expected<Pipe> make_pipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return base::service_error("cannot make a pipe: " + reason(errno));
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A file without a name: whoever reads it never makes the writer wait, or die of SIGPIPE.
base::Expected<Descriptor> file_of(std::string_view bytes) {
  Descriptor file(::memfd_create("ebb-input", MFD_CLOEXEC));
  if (!file) return base::service_error("cannot make a file in memory: " + reason(errno));
  while (!bytes.empty()) {
    const auto put = ::write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return base::service_error("cannot write to memory: " + reason(errno));
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

/// The program's path: looked for before the fork, by the given PATH.
std::optional<std::string> find_program(const std::string& name, std::string_view path) {
  if (name.find('/') != std::string::npos) return name;
  for (const auto folder : base::split(path, ':')) {
    auto candidate = std::string(folder.empty() ? "." : folder) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

/// The groups of a user, which the child cannot ask for: it may not allocate.
std::vector<gid_t> groups_of(const Person& person) {
  std::array<char, 16384> space{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(person.uid, &entry, space.data(), space.size(), &found) != 0 || found == nullptr) {
    return {person.gid};
  }
  int count = 256;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(found->pw_name, person.gid, groups.data(), &count) < 0) return {person.gid};
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Start {
  std::string program;
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::optional<Person> person;
  std::vector<gid_t> groups;
};

[[noreturn]] void be_command(const Start& start, char* const* argv, char* const* environment, int in, int out, int err,
                             int telltale) noexcept {
  ::setsid();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  bool ready = ::dup2(in, STDIN_FILENO) >= 0 && ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(err, STDERR_FILENO) >= 0;
  if (ready && start.person) {
    ready = ::setgroups(start.groups.size(), start.groups.data()) == 0 &&
            ::setresgid(start.person->gid, start.person->gid, start.person->gid) == 0 &&
            ::setresuid(start.person->uid, start.person->uid, start.person->uid) == 0;
  }
  // A folder that its user may be unable to enter would be told by Slurm as an error.
  if (ready && start.person) ready = ::chdir("/") == 0;
  if (ready) ::execve(start.program.c_str(), argv, environment);
  const int why = errno;
  [[maybe_unused]] const auto told = ::write(telltale, &why, sizeof why);
  ::_exit(127);
}

/// A started command: read until it ends; killed with its group in any case.
class Running {
 public:
  Running(pid_t pid, Descriptor pidfd, Descriptor out, Descriptor err)
      : pid_(pid), pidfd_(std::move(pidfd)), out_(std::move(out)), err_(std::move(err)) {
    for (const int fd : {out_.get(), err_.get()}) ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (pid_ > 0) static_cast<void>(end(kEndOfKilled));
  }

  enum class Outcome { kEnded, kLate, kTooLong };
  Outcome read_until(const time::Clock& clock, time::Duration deadline, Answer& answer) {
    for (;;) {
      std::array<pollfd, 3> waiting{{{out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}, {pidfd_.get(), POLLIN, 0}}};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock.steady());
      if (left.count() <= 0) return Outcome::kLate;
      // In pieces: where there is no pidfd, the end is looked for.
      const int patience = static_cast<int>(std::min<std::int64_t>(left.count(), pidfd_ ? 10000 : 20));
      ::poll(waiting.data(), waiting.size(), patience);
      take(out_, answer.out);
      take(err_, answer.err);
      if (answer.out.size() + answer.err.size() > SystemCommands::kLongestAnswer) return Outcome::kTooLong;
      if (has_ended()) {
        take(out_, answer.out);
        take(err_, answer.err);
        return Outcome::kEnded;
      }
    }
  }

  /// Kills what is left of its group, and gives back how it ended; nothing where the kernel does not let it go.
  std::optional<int> end(time::Duration patience) {
    // Before it is waited for: as long as it is there, even dead, its number is nobody else's.
    ::kill(-pid_, SIGKILL);
    pollfd gone{pidfd_.get(), POLLIN, 0};
    if (pidfd_) {
      ::poll(&gone, 1, static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(patience).count()));
    }
    int status = 0;
    pid_t got = 0;
    do {
      got = ::waitpid(pid_, &status, pidfd_ ? WNOHANG : 0);
    } while (got < 0 && errno == EINTR);
    const bool ended = got == pid_;
    pid_ = 0;
    if (!ended) return std::nullopt;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  static void take(Descriptor& from, std::string& text) {
    std::array<char, 65536> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
    while (from) {
      const auto got = ::read(from.get(), chunk.data(), chunk.size());
      if (got > 0) text.append(chunk.data(), static_cast<std::size_t>(got));
      if (got == 0) from.reset();
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0 || text.size() > SystemCommands::kLongestAnswer) return;
    }
  }
  [[nodiscard]] bool has_ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_;
  }

  pid_t pid_;
  Descriptor pidfd_;
  Descriptor out_;
  Descriptor err_;
};

/// A word with a NUL byte would be cut there by the kernel.
bool has_nul(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const auto& word) { return word.find('\0') != std::string::npos; });
}

}  // namespace

SystemCommands::SystemCommands(const Environment& environment, const time::Clock& clock) : clock_(&clock) {
  for (const auto* name : {"PATH", "HOME", "USER", "LOGNAME", "LD_LIBRARY_PATH", "SLURM_CONF", "SLURM_CONF_SERVER"}) {
    if (auto value = environment(name)) environment_.push_back(std::string(name) + "=" + *value);
  }
  path_ = environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (const auto* fixed : {"LC_ALL=C", "TZ=UTC", "SLURM_TIME_FORMAT=%s", "SLURM_BITSTR_LEN=0"}) {
    environment_.emplace_back(fixed);
  }
}

base::Expected<Answer> SystemCommands::run(const Call& call) {
  CHECK(!call.argv.empty());
  if (has_nul(call.argv)) return base::usage_error(call.argv.front() + ": a NUL byte in its words");
  const auto& name = call.argv.front();
  Start start{"", call.argv, environment_, call.person, {}};
  if (const auto program = find_program(name, path_)) {
    start.program = *program;
  } else {
    return base::service_error(name + " is not in PATH: are Slurm's commands installed on this machine?");
  }
  if (call.person && call.person->uid == ::geteuid()) start.person.reset();
  if (start.person && ::geteuid() != 0) {
    return base::usage_error(
        fmt::format("{} as user {}: only root can do that for somebody else", name, start.person->uid));
  }
  if (start.person) start.groups = groups_of(*start.person);
  EBB_TRY(const auto input, file_of(call.input));
  EBB_TRY(auto out, make_pipe());
  EBB_TRY(auto err, make_pipe());
  EBB_TRY(auto telltale, make_pipe());
  const auto argv = pointers_to(start.argv);
  const auto environment = pointers_to(start.environment);
  const pid_t pid = ::fork();
  if (pid < 0) return base::service_error("cannot start a process: " + reason(errno));
  if (pid == 0) {
    be_command(start, argv.data(), environment.data(), input.get(), out.write.get(), err.write.get(),
               telltale.write.get());
  }
  Running running(pid, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))), std::move(out.read),
                  std::move(err.read));
  for (auto* pipe : {&out, &err, &telltale}) pipe->write.reset();
  int why = 0;
  ssize_t told = 0;
  do {
    told = ::read(telltale.read.get(), &why, sizeof why);
  } while (told < 0 && errno == EINTR);
  if (told == static_cast<ssize_t>(sizeof why)) return base::service_error("cannot run " + name + ": " + reason(why));
  Answer answer;
  switch (running.read_until(*clock_, clock_->steady() + call.timeout, answer)) {
    case Running::Outcome::kLate:
      return base::service_error(
          fmt::format("{} did not answer within {} and was ended: is slurmctld up? `scontrol ping` tells", name,
                      time::text_of(call.timeout)));
    case Running::Outcome::kTooLong:
      return base::service_error(name + " answered more than 1 GiB");
    case Running::Outcome::kEnded:
      break;
  }
  const auto code = running.end(kEndOfKilled);
  if (!code) return base::service_error(name + ": somebody else took its end");
  answer.code = *code;
  return answer;
}

}  // namespace ebb::slurm
