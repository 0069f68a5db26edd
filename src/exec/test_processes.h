#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "exec/descriptor.h"
#include "exec/job.h"
#include "time/clock.h"

namespace ebb::exec::test {

/// Nothing here takes long; a loaded machine may take this long.
inline constexpr auto kGenerous = std::chrono::seconds(60);

struct Pipe {
  Descriptor read;
  Descriptor write;
};
inline Pipe make_pipe() {
  int ends[2] = {-1, -1};
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

inline bool is_readable(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds(kGenerous).count())) > 0;
}

/// One line without its end; what there is at the end of the file; "(nothing came)" after kGenerous.
inline std::string read_line(int fd) {
  std::string line;
  for (char c = 0;;) {
    if (!is_readable(fd)) return line + "(nothing came)";
    if (::read(fd, &c, 1) != 1 || c == '\n') return line;
    line += c;
  }
}
inline std::string read_all(int fd) {
  std::string text;
  char chunk[4096];
  for (;;) {
    if (!is_readable(fd)) return text + "(nothing came)";
    const auto got = ::read(fd, chunk, sizeof chunk);
    if (got <= 0) return text;
    text.append(chunk, static_cast<std::size_t>(got));
  }
}
inline void write_text(int fd, const std::string& text) {
  ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

/// Forks; `body` is all that the child does.
inline pid_t fork_child(const std::function<void()>& body) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    body();
    ::_exit(0);
  }
  EXPECT_GT(pid, 0);
  return pid;
}
/// Works until it is killed; by the kernel in the end, should the test be gone.
inline void burn_on() {
  const rlimit limit{60, 60};
  ::setrlimit(RLIMIT_CPU, &limit);
  // An atomic: a loop without any effect need not be there at all.
  for (std::atomic<unsigned> i = 0;; ++i) {
  }
}
inline int wait_for(pid_t pid) {
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return status;
}
/// What `body` says in a process of its own: there it may change what it likes.
inline std::string in_child(const std::function<std::string()>& body) {
  Pipe pipe = make_pipe();
  const pid_t pid = fork_child([&] { write_text(pipe.write.get(), body()); });
  pipe.write.reset();
  std::string said = read_all(pipe.read.get());
  const int status = wait_for(pid);
  return status == 0 ? said : said + "(status " + std::to_string(status) + ")";
}

/// A command of this test program (roles_test.cc).
inline std::vector<std::string> role(std::vector<std::string> words) {
  static const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  words.insert(words.begin(), {program, "--role"});
  return words;
}
inline JobSpec spec_of(std::vector<std::string> argv) {
  JobSpec spec;
  spec.launch.argv = std::move(argv);
  return spec;
}

inline base::Expected<Event> next_event(LocalJob& job) {
  const time::SystemClock clock;
  return job.wait_until(clock, clock.steady() + kGenerous);
}
/// Goes on until the command has ended; code -1 where it does not.
inline ExitStatus run_to_end(LocalJob& job) {
  for (;;) {
    const auto event = next_event(job);
    if (!event || event->kind == Event::Kind::kDeadline) return {-1, {}, {}, 0};
    if (event->kind == Event::Kind::kExited) return *job.status();
  }
}
/// Starts a command and lets it end.
inline ExitStatus run(const JobSpec& spec) {
  auto inbox = SignalInbox::open();
  EXPECT_TRUE(inbox.ok());
  auto job = LocalJob::start(spec, *inbox);
  EXPECT_TRUE(job.ok()) << job.error().message;
  return job ? run_to_end(*job) : ExitStatus{-1, {}, {}, 0};
}

/// Puts something in the place of one of our own descriptors for a while.
class Redirected {
 public:
  Redirected(int fd, int by) : fd_(fd), before_(::fcntl(fd, F_DUPFD_CLOEXEC, 100)) { ::dup2(by, fd); }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;
  ~Redirected() { ::dup2(before_.get(), fd_); }

 private:
  int fd_;
  Descriptor before_;
};

/// What a command writes to stdout; its status is checked to be `code`.
inline std::string output_of(const JobSpec& spec, int code = 0) {
  Pipe pipe = make_pipe();
  {
    const Redirected out(STDOUT_FILENO, pipe.write.get());
    pipe.write.reset();
    EXPECT_EQ(run(spec).code, code);
  }
  return read_all(pipe.read.get());
}

/// A folder that is gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ebb-exec-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace ebb::exec::test
