#include "policy/rehearse.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "time/text.h"

namespace ebb::policy {
namespace {

class Stage {
 public:
  Stage(Situation situation, const series::Series& truth) : situation_(std::move(situation)), truth_(truth) {}

  base::Expected<Rehearsal> play(time::Instant now, const Foreseen& foreseen, const Options& options,
                                 const NextLook& next_look) {
    situation_.since = now;
    while (situation_.done < situation_.profile.duration()) {
      const auto outlook = foreseen(now);
      EBB_TRY(auto decision, decide(situation_, outlook.get(), now, options));
      const auto asked = next_look ? next_look(now, decision) : decision.look_again;
      CHECK(asked > now);
      const auto next = std::min(asked, may_end(decision.run, now));
      EBB_TRY_DO(check_truth(decision.run, now, next));
      obey(decision.run, now);
      if (++out_.decisions == 1) out_.first = std::move(decision);
      now = pass(now, next);
    }
    out_.end = now;
    out_.segments.push_back(now - situation_.since);
    out_.pauses = situation_.pauses;
    return std::move(out_);
  }

 private:
  /// When the job ends if it runs from now on; never where it does not.
  [[nodiscard]] time::Instant may_end(bool run, time::Instant now) const {
    if (!run) return time::Instant::max();
    const bool resumes = situation_.standing == plan::Standing::kPaused;
    return now + (resumes ? situation_.costs.pause_time : restart_) + situation_.profile.duration() - situation_.done;
  }
  [[nodiscard]] base::Status check_truth(bool run, time::Instant now, time::Instant next) const {
    // A resume is priced by a slot's length from it on.
    const bool resumes = run && situation_.standing == plan::Standing::kPaused;
    const bool priced = resumes && situation_.costs.pause_energy != units::Energy{};
    const auto needed = priced ? std::max(next, now + truth_.step()) : next;
    if (now >= truth_.begin() && needed <= truth_.end()) return base::Done{};
    return base::no_data(fmt::format("what the grid did is known from {} to {}, but the job needs {} to {}",
                                     time::text_of(truth_.begin()), time::text_of(truth_.end()), time::text_of(now),
                                     time::text_of(needed)));
  }
  void obey(bool run, time::Instant now) {
    const auto standing = situation_.standing;
    const bool runs = standing == plan::Standing::kRunning;
    if (run == runs || (!run && !runs)) return;
    if (standing == plan::Standing::kPaused) {
      out_.gaps.push_back(now - situation_.since);
      restart_ = situation_.costs.pause_time;
      out_.grams += units::in_kwh(situation_.costs.pause_energy) * truth_.mean_over({now, now + truth_.step()});
    }
    if (!run) {
      out_.segments.push_back(now - situation_.since);
      ++situation_.pauses;
    }
    situation_.standing = run ? plan::Standing::kRunning : plan::Standing::kPaused;
    situation_.since = now;
  }
  /// To `next`, or to the job's end; gives back which.
  time::Instant pass(time::Instant now, time::Instant next) {
    if (situation_.standing == plan::Standing::kPaused) price(now, next, situation_.costs.pause_power);
    if (situation_.standing != plan::Standing::kRunning) return next;
    const auto left = situation_.profile.duration() - situation_.done;
    const auto unit = std::min(truth_.step(), left);
    const auto restarted = std::min(next, now + restart_);
    price(now, restarted,
          situation_.profile.energy_between(situation_.done, situation_.done + unit) / time::as_quantity(unit));
    out_.restarts += restarted - now;
    restart_ -= restarted - now;
    const auto until = std::min(next, restarted + left);
    work(restarted, until);
    out_.running += until - now;
    return until;
  }
  void work(time::Instant from, time::Instant until) {
    while (from < until) {
      const auto slot = *truth_.slot_at(from);
      const auto to = std::min(until, truth_.time_of(slot + 1));
      const auto energy = situation_.profile.energy_between(situation_.done, situation_.done + (to - from));
      out_.grams += units::in_kwh(energy) * truth_[slot];
      situation_.done += to - from;
      from = to;
    }
  }
  void price(time::Instant from, time::Instant until, units::Power power) {
    if (power == units::Power{}) return;
    while (from < until) {
      const auto slot = *truth_.slot_at(from);
      const auto to = std::min(until, truth_.time_of(slot + 1));
      out_.grams += units::in_kwh(power * time::as_quantity(to - from)) * truth_[slot];
      from = to;
    }
  }

  Situation situation_;
  const series::Series& truth_;
  time::Duration restart_{0};
  Rehearsal out_;
};

}  // namespace

base::Expected<Rehearsal> rehearse(Situation situation, const series::Series& truth, time::Instant now,
                                   const Foreseen& foreseen, const Options& options, const NextLook& next_look) {
  return Stage(std::move(situation), truth).play(now, foreseen, options, next_look);
}

}  // namespace ebb::policy
