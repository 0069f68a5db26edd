#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/plan_wish.h"
#include "measure/control.h"
#include "policy/decide.h"
#include "time/clock.h"

namespace ebb::cli {

/// What a person is to be told of a command that runs by plan.
struct PlanNews {
  measure::RunState state = measure::RunState::kWaiting;
  policy::Decision decision;
  std::optional<double> now_g_per_kwh;       ///< foreseen for this moment
  std::optional<units::Emissions> emitted;   ///< so far, by what was foreseen of each moment; about
  std::optional<units::Emissions> promised;  ///< saving of the first decision
  std::string trouble;                       ///< why it is not as it was decided; may be empty
};

/// Shows it. Thread safety: none.
class PlanDisplay {
 public:
  virtual ~PlanDisplay() = default;
  /// `changed`: the state is another one than last time.
  virtual void show(const PlanNews& news, bool changed, time::Instant now) = 0;
  /// When to show it anew though nothing changed; nothing: never.
  [[nodiscard]] virtual std::optional<time::Duration> every() const { return std::nullopt; }
  /// Readable when a person has pressed something; -1: nobody is there.
  [[nodiscard]] virtual int fd() const { return -1; }
  enum class Answer { kNone, kRunNow, kKeepWaiting, kGiveUp };
  /// What was pressed; asks what to do where that was Ctrl-C, and waits for the answer.
  virtual Answer answer() { return Answer::kNone; }
  /// INT came as a signal. True: answer() deals with it.
  virtual bool takes_interrupt() { return false; }
  /// The command is about to run: what it has in common with a person is to be as it was.
  virtual void release() {}
};

/// Runs a command by policy::decide: waits, starts it, pauses and resumes it, all before its deadline.
///
/// Thread safety: none.
class PlanControl final : public measure::Control {
 public:
  /// What is foreseen, as of now; null: nothing. Asked when the last answer is old; may take its time.
  using Foresee = std::function<std::shared_ptr<const policy::Outlook>(time::Instant)>;
  PlanControl(PlanWish wish, Foresee foresee, const time::Clock& clock, PlanDisplay& display);

  measure::Order ask(const measure::Standing& standing) override;
  [[nodiscard]] std::vector<int> descriptors() const override;
  bool lets_signal_through(const measure::Standing& standing, int signal) override;

  [[nodiscard]] const PlanWish& wish() const { return wish_; }
  /// The first decision: what was promised. Nothing before it, or where nothing was foreseen.
  [[nodiscard]] const std::optional<policy::Decision>& promise() const { return promise_; }
  [[nodiscard]] const std::string& foreseen_by() const { return foreseen_by_; }
  /// When it really ran, to `end`.
  [[nodiscard]] std::vector<time::Interval> runs(time::Instant end) const;
  /// A person said so, and from then on it ran without a plan.
  [[nodiscard]] bool was_overruled() const { return overruled_; }

 private:
  void follow_state(const measure::Standing& standing, time::Instant now);
  void decide(const measure::Standing& standing, time::Instant now);
  void add_up(const measure::Standing& standing, time::Instant now);
  void show(const measure::Standing& standing, bool changed, time::Instant now);
  void take_answer();
  [[nodiscard]] policy::Situation situation(const measure::Standing& standing) const;
  [[nodiscard]] std::optional<double> intensity(time::Instant at) const;
  [[nodiscard]] measure::Order order() const;

  PlanWish wish_;
  Foresee foresee_;
  const time::Clock& clock_;
  PlanDisplay& display_;
  std::shared_ptr<const policy::Outlook> outlook_;
  std::optional<time::Instant> foreseen_at_;
  std::string foreseen_by_;
  std::optional<policy::Decision> decision_;
  std::optional<policy::Decision> promise_;
  measure::RunState state_ = measure::RunState::kWaiting;
  int attempt_ = 0;
  time::Instant since_;
  bool asked_ = false;
  std::string trouble_;
  bool overruled_ = false;
  bool given_up_ = false;
  units::Energy counted_;
  units::Emissions emitted_;
  bool emitted_known_ = true;
  std::vector<time::Interval> runs_;  // the last one is open where it ends at its begin
};

}  // namespace ebb::cli
