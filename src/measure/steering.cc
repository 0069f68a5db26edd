#include "measure/steering.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace ebb::measure {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kNever = time::Duration::max();
// A job that cannot be held is asked again, not all the time.
constexpr auto kRetryAfter = seconds(30);
// What a signal may take to be seen and followed by a job that was held.
constexpr auto kReleasedFor = seconds(10);
// Of what is left after SIGKILL; a process that waits for a dead disk never goes.
constexpr auto kDieWithin = seconds(10);
constexpr auto kLookAgain = milliseconds(20);

bool would_end(int signal) { return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT; }

}  // namespace

void Steering::ask() {
  changed_ = false;
  order_ = control_.ask(standing());
  follow();
}

const Standing& Steering::standing() {
  standing_.ran = time_.ran();
  standing_.paused = time_.paused();
  standing_.checkpointing = checkpoint_.has_value();
  tools_.complete(standing_);
  return standing_;
}

base::Status Steering::open(exec::JobGroup& group, const std::string& name, const std::string& proc) {
  exec::PauserOptions options;
  options.name = name;
  options.proc = proc;
  EBB_TRY(hold_, Hold::open(group, options, tools_.clock));
  return base::Done{};
}

void Steering::attempt_started(exec::LocalJob& job) {
  job_ = &job;
  if (const auto followed = hold_->follow(job); !followed) trouble(followed.error().message);
  const auto stat = exec::read_proc_stat("/proc", job.pid());
  standing_.job = stat ? stat->process : exec::ProcessRef{job.pid(), 0};
  standing_.state = RunState::kRunning;
  standing_.checkpointed = false;
  ++standing_.attempt;
  if (standing_.attempt == 1) {
    standing_.begun = tools_.clock.now();
    time_.begin();
  }
  set(RunTime::Cause::kWaiting, false);
  ask();
}

bool Steering::is_over() {
  if (!job_->status()) return false;
  if (ending_ == Ending::kNo) return true;
  if (tools_.clock.steady() >= given_up_at_) return true;
  return !hold_->any_left();
}

void Steering::attempt_ended() {
  // What it left behind goes on.
  if (hold_->held()) resume();
  const auto status = job_->status();
  job_ = nullptr;
  standing_.job = {};
  standing_.state = RunState::kWaiting;
  if (status) standing_.exit_code = status->code;
  standing_.checkpointed = checkpoint_ && status && ending_ == Ending::kNo && checkpoint_->is_checkpoint(*status);
  checkpoint_.reset();
  set(RunTime::Cause::kStopped, false);
  if (standing_.checkpointed) {
    ++standing_.pauses;
    set(RunTime::Cause::kWaiting, true);
  }
}

void Steering::on_event(const exec::Event& event) {
  bool changed = false;
  switch (event.kind) {
    case exec::Event::Kind::kStopped:
    case exec::Event::Kind::kContinued:
      set(RunTime::Cause::kStopped, event.kind == exec::Event::Kind::kStopped);
      changed = true;
      break;
    case exec::Event::Kind::kSignal:
      if (would_end(event.signal)) take_signal(event.signal);
      changed = true;
      break;
    case exec::Event::Kind::kReadable: {
      const auto fds = control_.descriptors();
      changed = std::find(fds.begin(), fds.end(), event.fd) != fds.end();
      break;
    }
    case exec::Event::Kind::kDeadline:
    case exec::Event::Kind::kExited:
      break;
  }
  step();
  if (job_ != nullptr && job_->status()) return;
  const auto now = tools_.clock.steady();
  changed = std::exchange(changed_, false) || changed;
  if (changed || (order_.ask_again && now >= *order_.ask_again)) return ask();
  follow();
}

void Steering::take_signal(int signal) {
  const bool unseen = job_ == nullptr || hold_->held();
  if (!unseen || !control_.lets_signal_through(standing(), signal)) return;
  if (job_ == nullptr) {
    ended_by_ = signal;
    return;
  }
  released_until_ = tools_.clock.steady() + kReleasedFor;
  resume();
}

/// Brings the job to what is wished, as far as it is not there and not on its way.
void Steering::follow() {
  if (job_ == nullptr || job_->status() || ending_ != Ending::kNo) return;
  const auto now = tools_.clock.steady();
  if (order_.wish == Wish::kEnd) return begin_end();
  if (order_.wish != Wish::kCheckpoint) checkpoint_failed_ = false;
  // One that was asked for cannot be taken back: the job would end one way or the other.
  if (checkpoint_) return;
  if (order_.wish == Wish::kCheckpoint && !checkpoint_failed_) return begin_checkpoint();
  if (now < retry_at_) return;
  if (order_.wish == Wish::kPause && !hold_->held() && now >= released_until_) return pause();
  if (order_.wish == Wish::kRun && hold_->held()) resume();
}

void Steering::pause() {
  const auto held = hold_->pause();
  if (!held) {
    retry_at_ = tools_.clock.steady() + kRetryAfter;
    return trouble("the job cannot be paused: " + held.error().message);
  }
  // Nothing to hold: its end is on its way.
  if (!*held) return;
  standing_.trouble.clear();
  standing_.state = RunState::kPaused;
  ++standing_.pauses;
  set(RunTime::Cause::kHeld, true);
  changed_ = true;
}

void Steering::resume() {
  // Before it goes on, so that what it then uses counts as running.
  set(RunTime::Cause::kHeld, false);
  if (const auto resumed = hold_->resume(); !resumed) {
    set(RunTime::Cause::kHeld, true);
    retry_at_ = tools_.clock.steady() + kRetryAfter;
    return trouble("the job cannot be resumed: " + resumed.error().message);
  }
  standing_.trouble.clear();
  standing_.state = RunState::kRunning;
  changed_ = true;
}

void Steering::begin_checkpoint() {
  if (hold_->held()) resume();
  auto asked = Checkpointing::ask(*job_, order_.checkpoint, tools_.inbox, tools_.clock);
  if (!asked) {
    checkpoint_failed_ = true;
    return trouble(asked.error().message);
  }
  standing_.trouble.clear();
  checkpoint_.emplace(*std::move(asked));
}

void Steering::begin_end() {
  ending_ = Ending::kAsked;
  end_due_ = tools_.clock.steady() + order_.end_grace;
  given_up_at_ = end_due_ + kDieWithin;
  hold_->signal_all(SIGTERM);
  // A held job sees it only when it goes on.
  if (hold_->held()) resume();
}

void Steering::step() {
  if (checkpoint_) {
    if (auto failure = checkpoint_->failure(tools_.clock.steady())) {
      // A job that has just ended has followed it.
      if (!job_->status()) {
        checkpoint_.reset();
        checkpoint_failed_ = true;
        trouble(*failure);
      }
    }
  }
  if (ending_ != Ending::kNo) step_end();
}

void Steering::step_end() {
  if (tools_.clock.steady() < end_due_) return;
  ending_ = Ending::kKilled;
  hold_->kill_all();
  end_due_ = tools_.clock.steady() + seconds(1);
}

void Steering::set(RunTime::Cause cause, bool is) {
  if (time_.set(cause, is)) tools_.on_pause(is);
}

void Steering::trouble(const std::string& text) {
  changed_ = true;
  standing_.trouble = text;
  tools_.note(text);
}

time::Duration Steering::due() const {
  if (ending_ != Ending::kNo) {
    const bool alone = job_ != nullptr && job_->status();
    return std::min(end_due_, alone ? tools_.clock.steady() + kLookAgain : kNever);
  }
  auto due = changed_ ? time::Duration{0} : order_.ask_again.value_or(kNever);
  if (checkpoint_) due = std::min(due, checkpoint_->deadline());
  const auto now = tools_.clock.steady();
  // What waits for a second try, or for the end of a release.
  if (retry_at_ > now) due = std::min(due, retry_at_);
  if (released_until_ > now) due = std::min(due, released_until_);
  return due;
}

std::vector<int> Steering::descriptors() const {
  auto fds = control_.descriptors();
  if (checkpoint_ && checkpoint_->fd() >= 0) fds.push_back(checkpoint_->fd());
  return fds;
}

}  // namespace ebb::measure
