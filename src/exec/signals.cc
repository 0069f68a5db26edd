#include "exec/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "exec/kernel_file.h"

namespace ebb::exec {
namespace {

constexpr std::array kTaken{SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCONT, SIGTSTP};

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void set_disposition(int signal, void (*handler)(int)) noexcept {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

SignalState SignalState::now() {
  SignalState state;
  ::sigemptyset(&state.ignored);
  ::pthread_sigmask(SIG_SETMASK, nullptr, &state.blocked);
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    if (is_ignored(signal)) ::sigaddset(&state.ignored, signal);
  }
  return state;
}

void SignalState::restore() const noexcept {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    if (signal == SIGKILL || signal == SIGSTOP) continue;
    // One with a handler is set to its default by exec; sanitizers, say, have some.
    const bool wanted = ::sigismember(&ignored, signal) == 1;
    if (wanted != is_ignored(signal)) set_disposition(signal, wanted ? SIG_IGN : SIG_DFL);
  }
  ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
}

base::Expected<SignalInbox> SignalInbox::open() {
  SignalInbox inbox;
  inbox.inherited_ = SignalState::now();
  sigset_t taken{};
  ::sigemptyset(&taken);
  for (const int signal : kTaken) ::sigaddset(&taken, signal);
  Descriptor fd(::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return base::service_error(system_reason("cannot listen to signals", errno));
  inbox.fd_ = std::move(fd);
  ::pthread_sigmask(SIG_BLOCK, &taken, nullptr);
  inbox.child_was_ignored_ = ::sigismember(&inbox.inherited_.ignored, SIGCHLD) == 1;
  if (inbox.child_was_ignored_) set_disposition(SIGCHLD, SIG_DFL);
  return inbox;
}

SignalInbox::SignalInbox(SignalInbox&& other) noexcept
    : inherited_(other.inherited_), fd_(std::move(other.fd_)), child_was_ignored_(other.child_was_ignored_) {}

SignalInbox::~SignalInbox() {
  if (!fd_) return;
  while (next()) {
  }
  if (child_was_ignored_) set_disposition(SIGCHLD, SIG_IGN);
  ::pthread_sigmask(SIG_SETMASK, &inherited_.blocked, nullptr);
}

std::optional<ReceivedSignal> SignalInbox::next() {
  signalfd_siginfo info{};
  for (;;) {
    const auto got = ::read(fd_.get(), &info, sizeof info);
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(sizeof info)) return std::nullopt;
    ReceivedSignal signal{static_cast<int>(info.ssi_signo), info.ssi_code, 0, {}};
    if (signal.from_process()) signal.sender = static_cast<pid_t>(info.ssi_pid);
    signal.value.sival_int = info.ssi_int;
    return signal;
  }
}

void SignalInbox::stop_self(int signal) {
  struct sigaction before {};
  ::sigaction(signal, nullptr, &before);
  set_disposition(signal, SIG_DFL);
  sigset_t only{};
  sigset_t mask{};
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::kill(::getpid(), signal);
  // Here it is delivered: this call returns when the process goes on.
  ::pthread_sigmask(SIG_UNBLOCK, &only, &mask);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::sigaction(signal, &before, nullptr);
}

}  // namespace ebb::exec
