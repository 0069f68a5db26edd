#include "cli/plan_terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "report/run_words.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::cli {
namespace {

using measure::RunState;

constexpr char kInterrupt = 3;  // Ctrl-C
constexpr char kQuit = 28;      // Ctrl-backslash

std::string_view name_of(RunState state) {
  if (state == RunState::kRunning) return "running";
  return state == RunState::kPaused ? "paused" : "waiting";
}

std::string minutes_of(time::Instant at) {
  const auto text = time::text_of(std::chrono::floor<std::chrono::seconds>(at));
  return text.substr(11, 5) + " UTC";
}

std::string_view next_of(RunState state) {
  if (state == RunState::kRunning) return "pauses";
  return state == RunState::kPaused ? "goes on" : "starts";
}

}  // namespace

std::string live_line(const PlanNews& news, time::Instant now) {
  std::string out = std::string(name_of(news.state));
  if (news.now_g_per_kwh) out += fmt::format("  {:.0f} g/kWh now", *news.now_g_per_kwh);
  if (news.decision.next_change) {
    const auto left = std::max(time::Duration{0}, *news.decision.next_change - now);
    out += fmt::format("  {} in {}, at {}", next_of(news.state), report::length_text(left),
                       minutes_of(*news.decision.next_change));
  }
  if (news.emitted) out += fmt::format("  about {} so far", units::text_of(*news.emitted));
  if (news.promised) out += fmt::format("  {} less promised", units::text_of(*news.promised));
  if (!news.trouble.empty()) out += "  " + news.trouble;
  return out;
}

void PlanLines::show(const PlanNews& news, bool changed, time::Instant /*now*/) {
  if (!changed) return;
  std::string line = fmt::format("ebb: {}", name_of(news.state));
  if (news.decision.next_change && news.state != RunState::kRunning) {
    const auto at = std::chrono::floor<std::chrono::seconds>(*news.decision.next_change);
    line += fmt::format(" until {}", time::text_of(at));
  }
  if (!news.decision.reason.empty()) line += ": " + news.decision.reason;
  if (!news.trouble.empty()) line += " (" + news.trouble + ")";
  context_.err(line + "\n");
}

std::unique_ptr<PlanTerminal> PlanTerminal::open(const Context& context) {
  if (!context.err_is_terminal) return nullptr;
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return nullptr;
  if (::tcgetpgrp(fd) != ::getpgrp()) {
    ::close(fd);
    return nullptr;
  }
  return std::unique_ptr<PlanTerminal>(new PlanTerminal(context, fd));
}

PlanTerminal::~PlanTerminal() {
  wipe();
  take_keys(false);
  ::close(fd_);
}

void PlanTerminal::take_keys(bool on) {
  // In the background a change of the terminal would stop us.
  if (on == keys_ || ::tcgetpgrp(fd_) != ::getpgrp()) return;
  if (on && ::tcgetattr(fd_, &before_) != 0) return;
  termios wanted = before_;
  if (on) {
    wanted.c_lflag &= ~static_cast<tcflag_t>(ISIG | ICANON | ECHO);
    wanted.c_cc[VMIN] = 0;
    wanted.c_cc[VTIME] = 0;
  }
  if (::tcsetattr(fd_, TCSANOW, &wanted) == 0) keys_ = on;
}

void PlanTerminal::wipe() {
  if (std::exchange(drawn_, false)) context().err("\r\033[K");
}

void PlanTerminal::show(const PlanNews& news, bool changed, time::Instant now) {
  const bool holds = news.state != RunState::kRunning;
  if (asking_ && !changed) return;
  if (std::exchange(asking_, false)) context().err("\n");
  wipe();
  PlanLines::show(news, changed, now);
  take_keys(holds);
  // What a running command says on the terminal is not to be cut in two.
  if (!holds && context().out_is_terminal) return;
  winsize size{};
  const std::size_t columns = ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col - 1U : 79U;
  const std::string_view hint = holds ? "  Ctrl-C asks" : "";
  context().err(live_line(news, now).substr(0, columns - hint.size()) + std::string(hint));
  drawn_ = true;
}

PlanDisplay::Answer PlanTerminal::answer() {
  for (;;) {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, 0) <= 0) return Answer::kNone;
    char pressed = 0;
    if (::read(fd_, &pressed, 1) != 1) {
      // A terminal that was hung up is readable for ever.
      gone_ = (waiting.revents & (POLLHUP | POLLERR)) != 0;
      return Answer::kNone;
    }
    if (const auto answer = take(pressed); answer != Answer::kNone) return answer;
  }
}

/// The plan goes on while the question stands: its deadline does not wait for an answer.
PlanDisplay::Answer PlanTerminal::take(char pressed) {
  const auto say = [&](std::string_view what, Answer answer) {
    context().err(std::string(what) + "\n");
    asking_ = false;
    return answer;
  };
  if (pressed == kQuit || (pressed == kInterrupt && asking_)) return say("give up", Answer::kGiveUp);
  if (pressed == kInterrupt) return ask(), Answer::kNone;
  if (!asking_) return Answer::kNone;
  if (pressed == 'r' || pressed == 'R') return say("run now", Answer::kRunNow);
  if (pressed == 'k' || pressed == 'K') return say("keep to the plan", Answer::kKeepWaiting);
  if (pressed == 'g' || pressed == 'G') return say("give up", Answer::kGiveUp);
  return Answer::kNone;
}

void PlanTerminal::ask() {
  wipe();
  asking_ = true;
  context().err("ebb: (r)un now without a plan, (k)eep to the plan, (g)ive up? ");
}

bool PlanTerminal::takes_interrupt() {
  if (!keys_ || gone_) return false;
  ask();
  return true;
}

}  // namespace ebb::cli
