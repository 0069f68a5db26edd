#include <fmt/format.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

/// What a meter around a command does, telling each event as a line.
int meter(const JobSpec& spec, int tell) {
  auto inbox = SignalInbox::open();
  auto job = LocalJob::start(spec, *inbox);
  if (!job) return 125;
  write_text(tell, fmt::format("started {}\n", job->pid()));
  for (;;) {
    const auto event = next_event(*job);
    if (!event || event->kind == Event::Kind::kDeadline) return 124;
    if (event->kind == Event::Kind::kExited) return job->status()->code;
    if (event->kind == Event::Kind::kSignal) {
      write_text(tell, fmt::format("signal {} {}\n", event->signal, event->forwarded ? "forwarded" : "kept"));
    }
    if (event->kind == Event::Kind::kStopped) write_text(tell, fmt::format("stopped {}\n", event->signal));
    if (event->kind == Event::Kind::kContinued) write_text(tell, "continued\n");
  }
}

/// A meter in a process group of its own, its command, and what both say.
class Metered {
 public:
  explicit Metered(JobSpec spec, bool own_session = false) {
    pid_ = fork_child([&] {
      own_session ? ::setsid() : ::setpgid(0, 0);
      ::dup2(in_.read.get(), STDIN_FILENO);
      ::dup2(out_.write.get(), STDOUT_FILENO);
      in_.write.reset();
      out_.read.reset();
      ::_exit(meter(spec, told_.write.get()));
    });
    in_.read.reset();
    out_.write.reset();
    told_.write.reset();
    const std::string started = told();
    EXPECT_EQ(started.substr(0, 8), "started ");
    job_ = std::atoi(started.c_str() + 8);
    EXPECT_EQ(said(), "ready");
  }
  Metered(const Metered&) = delete;
  Metered& operator=(const Metered&) = delete;
  ~Metered() {
    if (pid_ == 0) return;
    ::kill(-pid_, SIGKILL);
    wait_for(pid_);
  }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] pid_t job() const { return job_; }
  std::string said() { return read_line(out_.read.get()); }
  std::string told() { return read_line(told_.read.get()); }
  void send(int signal) const { ::kill(pid_, signal); }
  void close_stdin() { in_.write.reset(); }
  int end() { return WEXITSTATUS(wait_for(std::exchange(pid_, 0))); }

 private:
  Pipe in_ = make_pipe();
  Pipe out_ = make_pipe();
  Pipe told_ = make_pipe();
  pid_t pid_ = 0;
  pid_t job_ = 0;
};

TEST(JobSignals, what_another_process_sends_to_us_reaches_the_command_once) {
  Metered ebb(spec_of(role({"signals"})));
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGCONT, SIGTSTP}) {
    ebb.send(signal);
    EXPECT_EQ(ebb.told(), fmt::format("signal {} forwarded", signal));
    EXPECT_EQ(ebb.said(), fmt::format("{} process 0", signal));
  }
  sigval_t value{};
  value.sival_int = 4711;
  ::sigqueue(ebb.pid(), SIGUSR1, value);
  EXPECT_EQ(ebb.said(), fmt::format("{} process 4711", SIGUSR1));
  ebb.send(SIGUSR2);
  EXPECT_EQ(ebb.said(), "");
  EXPECT_EQ(ebb.end(), 7);
}

TEST(JobSignals, a_command_that_dies_of_what_we_forwarded_ends_with_its_signal) {
  Metered ebb(spec_of(role({"idle"})));
  ebb.send(SIGTERM);
  EXPECT_EQ(ebb.end(), 128 + SIGTERM);
}

TEST(JobSignals, what_the_job_itself_sends_is_not_sent_back) {
  Metered ebb(spec_of({"/bin/sh", "-c", "echo ready; exec \"$@\"", "sh", role({})[0], "--role", "kill-group"}));
  EXPECT_EQ(ebb.said(), "sent");
  EXPECT_EQ(ebb.told(), fmt::format("signal {} kept", SIGUSR1));
  ebb.close_stdin();
  EXPECT_EQ(ebb.end(), 0);
}

TEST(JobSignals, forwarding_can_be_left_to_a_scheduler) {
  JobSpec spec = spec_of(role({"signals"}));
  spec.forward_signals = false;
  Metered ebb(spec);
  ebb.send(SIGTERM);
  EXPECT_EQ(ebb.told(), fmt::format("signal {} kept", SIGTERM));
  ::kill(ebb.job(), SIGUSR2);
  EXPECT_EQ(ebb.said(), "");
  EXPECT_EQ(ebb.end(), 7);
}

TEST(JobSignals, a_pause_from_outside_is_an_event_and_we_go_on) {
  Metered ebb(spec_of(role({"idle"})));
  for (int i = 0; i < 2; ++i) {
    ::kill(ebb.job(), SIGSTOP);
    EXPECT_EQ(ebb.told(), fmt::format("stopped {}", SIGSTOP));
    ebb.send(SIGCONT);
    EXPECT_EQ(ebb.told(), fmt::format("signal {} forwarded", SIGCONT));
    EXPECT_EQ(ebb.told(), "continued");
  }
  ebb.close_stdin();
  EXPECT_EQ(ebb.end(), 0);
}

/// A terminal, and the shell in it: a session of its own whose foreground job is a meter with its command.
class Terminal {
 public:
  explicit Terminal(const JobSpec& spec) {
    master_ = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    EXPECT_EQ(::grantpt(master_.get()) | ::unlockpt(master_.get()), 0);
    shell_ = fork_child([&] { ::_exit(shell(spec)); });
    events_.write.reset();
    reports_.write.reset();
    orders_.read.reset();
    out_.write.reset();
    const std::string started = event();
    EXPECT_EQ(started.substr(0, 8), "started ");
    job_ = std::atoi(started.c_str() + 8);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    if (shell_ == 0) return;
    ::kill(job_, SIGKILL);
    orders_.write.reset();
    wait_for(shell_);
  }
  void type(char key) const { write_text(master_.get(), std::string(1, key)); }
  void order(const std::string& what) const { write_text(orders_.write.get(), what + "\n"); }
  std::string said() { return read_line(out_.read.get()); }      ///< by the command
  std::string event() { return read_line(events_.read.get()); }  ///< by the meter
  std::string seen() { return read_line(reports_.read.get()); }  ///< by the shell
  int end() { return WEXITSTATUS(wait_for(std::exchange(shell_, 0))); }

 private:
  int shell(const JobSpec& spec) {
    ::setsid();
    ::signal(SIGTTOU, SIG_IGN);
    const Descriptor slave(::open(::ptsname(master_.get()), O_RDWR | O_CLOEXEC));
    ::ioctl(slave.get(), TIOCSCTTY, 0);
    Pipe go = make_pipe();
    const pid_t ebb = fork_child([&] {
      ::setpgid(0, 0);
      ::signal(SIGTTOU, SIG_DFL);
      read_line(go.read.get());
      ::dup2(slave.get(), STDIN_FILENO);
      ::dup2(out_.write.get(), STDOUT_FILENO);
      ::_exit(meter(spec, events_.write.get()));
    });
    ::setpgid(ebb, ebb);
    ::tcsetpgrp(slave.get(), ebb);
    write_text(go.write.get(), "\n");
    const int code = watch(ebb);
    ::kill(-ebb, SIGKILL);
    return code;
  }
  /// As a shell with job control: sees stops, and continues when it is told.
  int watch(pid_t ebb) {
    out_.write.reset();
    events_.write.reset();
    orders_.write.reset();
    for (;;) {
      int status = 0;
      if (::waitpid(ebb, &status, WUNTRACED) != ebb) return 126;
      if (!WIFSTOPPED(status)) return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
      write_text(reports_.write.get(), fmt::format("stopped {}\n", WSTOPSIG(status)));
      const std::string order = read_line(orders_.read.get());
      if (order != "fg" && order != "continue ebb") return 124;
      ::kill(order == "fg" ? -ebb : ebb, SIGCONT);
    }
  }

  Descriptor master_;
  Pipe out_ = make_pipe();
  Pipe events_ = make_pipe();
  Pipe reports_ = make_pipe();
  Pipe orders_ = make_pipe();
  pid_t shell_ = 0;
  pid_t job_ = 0;
};

constexpr char kControlC = 3;
constexpr char kControlBackslash = 28;
constexpr char kControlZ = 26;

TEST(JobInTerminal, what_is_typed_reaches_the_command_once_and_we_survive_it) {
  Terminal terminal(spec_of(role({"signals"})));
  EXPECT_EQ(terminal.said(), "ready");
  for (const auto& [key, signal] : {std::pair{kControlC, SIGINT}, {kControlBackslash, SIGQUIT}, {kControlC, SIGINT}}) {
    terminal.type(key);
    EXPECT_EQ(terminal.event(), fmt::format("signal {} kept", signal));
    // Had it been forwarded, it would come before the next one.
    EXPECT_EQ(terminal.said(), fmt::format("{} kernel 0", signal));
  }
}

TEST(JobInTerminal, a_command_killed_by_control_c_ends_the_job_as_without_us) {
  Terminal terminal(spec_of(role({"idle"})));
  EXPECT_EQ(terminal.said(), "ready");
  terminal.type(kControlC);
  EXPECT_EQ(terminal.event(), fmt::format("signal {} kept", SIGINT));
  EXPECT_EQ(terminal.end(), 128 + SIGINT);
}

TEST(JobInTerminal, control_z_stops_both_and_the_shell_sees_it) {
  for (const std::string order : {"fg", "continue ebb"}) {
    Terminal terminal(spec_of(role({"idle"})));
    EXPECT_EQ(terminal.said(), "ready");
    for (int i = 0; i < 2; ++i) {
      terminal.type(kControlZ);
      EXPECT_EQ(terminal.event(), fmt::format("signal {} kept", SIGTSTP));
      EXPECT_EQ(terminal.event(), fmt::format("stopped {}", SIGTSTP));
      EXPECT_EQ(terminal.seen(), fmt::format("stopped {}", SIGTSTP));
      terminal.order(order);
      std::string event = terminal.event();
      if (event.starts_with("signal")) {
        EXPECT_EQ(event, fmt::format("signal {} kept", SIGCONT));
        event = terminal.event();
      }
      EXPECT_EQ(event, "continued");
    }
    terminal.type(kControlC);
    EXPECT_EQ(terminal.end(), 128 + SIGINT);
  }
}

TEST(JobSignals, where_the_kernel_does_not_let_us_stop_the_command_stops_alone) {
  // We are alone in a session: nobody could wake us. The command has a process group of its own, and us to wake it.
  Metered ebb(spec_of(role({"stop-alone"})), true);
  EXPECT_EQ(ebb.told(), fmt::format("stopped {}", SIGTSTP));
  // We go on, and have not continued it: it says nothing until somebody does.
  ebb.send(SIGUSR1);
  EXPECT_EQ(ebb.told(), fmt::format("signal {} forwarded", SIGUSR1));
  ::kill(ebb.job(), SIGCONT);
  EXPECT_EQ(ebb.told(), "continued");
  EXPECT_EQ(ebb.said(), "on");
  ebb.close_stdin();
  EXPECT_EQ(ebb.end(), 0);
}

}  // namespace
}  // namespace ebb::exec
