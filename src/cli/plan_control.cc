#include "cli/plan_control.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "queue/job.h"

namespace ebb::cli {
namespace {

using measure::RunState;
using measure::Wish;

/// A forecast of our own takes half a second to make; nothing new comes in sooner than this.
constexpr auto kForeseeEvery = std::chrono::minutes(15);
// So that a clock that was set, or a machine that slept, is noticed.
constexpr auto kLookAtLeastEvery = std::chrono::seconds(60);

}  // namespace

PlanControl::PlanControl(PlanWish wish, Foresee foresee, const time::Clock& clock, PlanDisplay& display)
    : wish_(std::move(wish)), foresee_(std::move(foresee)), clock_(clock), display_(display), since_(wish_.submitted) {}

measure::Order PlanControl::ask(const measure::Standing& standing) {
  const auto now = clock_.now();
  if (display_.fd() >= 0) take_answer();
  const bool changed = standing.state != state_ || standing.attempt != attempt_ || standing.trouble != trouble_ ||
                       !std::exchange(asked_, true);
  trouble_ = standing.trouble;
  add_up(standing, now);
  follow_state(standing, now);
  if (changed || !decision_ || now >= decision_->look_again) decide(standing, now);
  if (changed || display_.every()) show(standing, changed, now);
  auto wanted = order();
  if (wanted.wish != Wish::kPause) display_.release();
  return wanted;
}

/// Grams so far: each stretch's energy at what was foreseen of its end.
void PlanControl::add_up(const measure::Standing& standing, time::Instant now) {
  const auto energy = standing.energy - counted_;
  if (energy <= units::Energy{}) return;
  counted_ = standing.energy;
  const auto g_per_kwh = intensity(now);
  emitted_known_ = emitted_known_ && g_per_kwh.has_value();
  if (g_per_kwh) emitted_ += energy * units::grams_per_kwh(*g_per_kwh);
}

void PlanControl::follow_state(const measure::Standing& standing, time::Instant now) {
  if (standing.state == state_ && standing.attempt == attempt_) return;
  if (standing.state == RunState::kRunning) {
    queue::begin_run(runs_, now);
  } else {
    queue::end_run(runs_, now);
  }
  state_ = standing.state;
  attempt_ = standing.attempt;
  since_ = now;
}

std::vector<time::Interval> PlanControl::runs(time::Instant end) const {
  auto runs = runs_;
  if (queue::is_open(runs)) runs.back().end = std::max(end, runs.back().begin);
  return runs;
}

policy::Situation PlanControl::situation(const measure::Standing& standing) const {
  auto how = plan::Standing::kNotStarted;
  if (standing.attempt > 0) {
    how = standing.state == RunState::kRunning ? plan::Standing::kRunning : plan::Standing::kPaused;
  }
  return {workload::Profile::flat(wish_.duration, wish_.power),
          standing.ran,
          how,
          since_,
          standing.pauses,
          wish_.deadline,
          wish_.margin,
          wish_.pausable != exec::Pausable::kNo,
          wish_.costs};
}

void PlanControl::decide(const measure::Standing& standing, time::Instant now) {
  if (!foreseen_at_ || now - *foreseen_at_ >= kForeseeEvery || now < *foreseen_at_) {
    outlook_ = foresee_(now);
    foreseen_at_ = now;
    foreseen_by_ = outlook_ ? outlook_->made_by : "";
  }
  auto decided = policy::decide(situation(standing), outlook_.get(), now, wish_.policy);
  if (!decided) {
    // Nothing that a plan cannot cope with keeps a job from running.
    policy::Decision at_once;
    at_once.reason = decided.error().message;
    at_once.look_again = now + kLookAtLeastEvery;
    decision_ = at_once;
  } else {
    decision_ = *std::move(decided);
  }
  if (!promise_) promise_ = decision_;
}

std::optional<double> PlanControl::intensity(time::Instant at) const {
  if (!outlook_ || outlook_->mean.size() == 0) return std::nullopt;
  const auto& mean = outlook_->mean;
  if (at < mean.begin() || at >= mean.end()) return std::nullopt;
  const double value = mean[static_cast<std::size_t>((at - mean.begin()) / mean.step())];
  return series::is_missing(value) ? std::nullopt : std::optional(value);
}

void PlanControl::show(const measure::Standing& standing, bool changed, time::Instant now) {
  // It starts at once: there is no waiting to be told of.
  if (standing.attempt == 0 && (decision_->run || overruled_ || given_up_)) return;
  PlanNews news;
  news.state = standing.state;
  news.decision = *decision_;
  news.now_g_per_kwh = intensity(now);
  if (emitted_known_ && standing.attempt > 0) news.emitted = emitted_;
  if (promise_->planned && promise_->at_once) news.promised = *promise_->at_once - *promise_->planned;
  news.trouble = standing.trouble;
  if (overruled_) {
    news.decision.next_change.reset();
    news.decision.reason = "without a plan, as it was told to";
  }
  display_.show(news, changed, now);
}

measure::Order PlanControl::order() const {
  measure::Order order;
  if (wish_.checkpoint_command.empty()) {
    order.checkpoint.how = wish_.checkpoint_signal;
  } else {
    order.checkpoint.how = wish_.checkpoint_command;
  }
  order.checkpoint.grace = wish_.grace;
  const auto now = clock_.now();
  auto until = std::min<time::Duration>(decision_->look_again - now, kLookAtLeastEvery);
  if (const auto every = display_.every()) until = std::min(until, *every);
  order.ask_again = clock_.steady() + std::max<time::Duration>(until, std::chrono::milliseconds(1));
  if (given_up_) {
    order.wish = Wish::kEnd;
  } else if (overruled_ || decision_->run) {
    order.wish = Wish::kRun;
  } else {
    const bool checkpoint = wish_.pausable == exec::Pausable::kCheckpoint && state_ != RunState::kWaiting;
    order.wish = checkpoint ? Wish::kCheckpoint : Wish::kPause;
  }
  return order;
}

std::vector<int> PlanControl::descriptors() const {
  if (display_.fd() < 0) return {};
  return {display_.fd()};
}

void PlanControl::take_answer() {
  switch (display_.answer()) {
    case PlanDisplay::Answer::kRunNow:
      overruled_ = true;
      break;
    case PlanDisplay::Answer::kGiveUp:
      given_up_ = true;
      break;
    case PlanDisplay::Answer::kKeepWaiting:
    case PlanDisplay::Answer::kNone:
      break;
  }
}

bool PlanControl::lets_signal_through(const measure::Standing& /*standing*/, int signal) {
  if (signal == SIGINT && display_.takes_interrupt()) return false;
  display_.release();
  return true;
}

}  // namespace ebb::cli
