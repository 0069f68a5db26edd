#include <fmt/format.h>

#include <algorithm>

#include "queue/queue.h"
#include "time/text.h"

namespace ebb::queue {
namespace {

constexpr auto kRoomAgain = std::chrono::minutes(30);
constexpr std::string_view kWaitsForRoom = "waits for room: ";

}  // namespace

policy::Situation Queue::situation_of(const Live& live) const {
  const auto& job = live.job;
  const auto duration = std::max(job.what.duration.value_or(job.ran()), job.ran() + std::chrono::seconds(1));
  auto standing = plan::Standing::kNotStarted;
  // One that waits for its restart from a checkpoint has paid for its pause, as a frozen one has.
  if (has_begun(job)) standing = job.state == State::kRunning ? plan::Standing::kRunning : plan::Standing::kPaused;
  policy::Situation situation{
      workload::Profile::flat(duration, job.what.power),
      std::min(job.ran(), duration),
      standing,
      job.since,
      job.pauses,
      job.what.deadline.value_or(job.submitted + duration),
      job.what.margin,
      job.what.task.pausable != exec::Pausable::kNo && job.what.strategy == plan::Strategy::kPauseResume,
      job.what.costs};
  return situation;
}

void Queue::decide(Live& live, time::Instant now) {
  auto& job = live.job;
  const auto run_on = [&](std::string_view rule, std::string reason) {
    live.wants_run = true;
    live.forced = rule == "deadline";
    job.rule = rule;
    job.reason = std::move(reason);
    job.next_change.reset();
    set_look(live, now + kFar);
    file(live);
  };
  if (!job.what.deadline)
    return run_on("at-once", "no deadline and no slack were given: it runs as soon as there is room");
  if (!job.what.duration) {
    return run_on("at-once",
                  "its length is not known (--duration, or an earlier run of the same command): only running at once "
                  "can keep its deadline");
  }
  if (job.state == State::kRunning && job.what.task.pausable == exec::Pausable::kNo) {
    return run_on(job.rule, job.reason);
  }
  if (job.ran() >= *job.what.duration)
    return run_on("deadline", "it takes longer than was thought: it runs to its end");
  const auto outlook = job.what.zone.empty() ? nullptr : foresight_->outlook(job.what.zone, now);
  const auto situation = situation_of(live);
  const auto decision = options_.decide ? options_.decide(job, situation, outlook.get(), now)
                                        : policy::decide(situation, outlook.get(), now, options_.policy);
  if (!decision) return run_on("at-once", "no plan could be made: " + decision.error().message);
  live.wants_run = decision->run;
  live.forced = decision->rule == policy::Rule::kDeadline || decision->rule == policy::Rule::kTooLate;
  const auto rule = std::string(policy::name_of(decision->rule));
  const bool news = rule != job.rule || decision->next_change != job.next_change;
  job.rule = rule;
  job.reason = decision->reason;
  job.next_change = decision->next_change;
  job.planned_end = decision->end;
  if (!job.promise && decision->planned && decision->at_once && outlook) {
    Promise promise{now, outlook->made_by, units::in_grams(*decision->planned), units::in_grams(*decision->at_once),
                    std::nullopt};
    if (decision->saving_90) {
      promise.saving_90_g.emplace(units::in_grams(decision->saving_90->first),
                                  units::in_grams(decision->saving_90->second));
    }
    job.promise = promise;
  }
  if (news) note(live, now, "plan", job.reason);
  set_look(live, std::max(decision->look_again, now + time::Duration(1)));
  file(live);
}

void Queue::decide_due(time::Instant now) {
  std::vector<Live*> due;
  for (const auto& [look, order, live] : looks_) {
    if (look > now) break;
    due.push_back(live);
  }
  for (auto* live : due) {
    if (live->job.state == State::kHeld || live->job.cancelling) {
      set_look(*live, now + kFar);
    } else {
      decide(*live, now);
    }
  }
}

void Queue::reconsider() {
  const auto now = clock_->now();
  for (const auto& [id, live] : live_) {
    if (!is_final(live->job.state)) set_look(*live, now);
  }
}

bool Queue::may_start(Live& live, const Usage& usage, time::Instant now, std::string* why) {
  const auto& job = live.job;
  if (!usage.fits(job.what.task.resources, holds_room(job))) {
    if (why != nullptr) *why = usage.why_not(job.what.task.resources, holds_room(job));
    return false;
  }
  const auto& limits = limits_of(job.what.executor);
  if (live.forced || !limits.against_herding()) return true;
  auto& started = started_[job.what.executor];
  std::erase_if(started, [&](const auto& one) { return one.first + kHerdSlot <= now; });
  units::Power ramp;
  for (const auto& one : started) ramp += one.second;
  const bool too_many = limits.starts_per_slot > 0 && started.size() >= limits.starts_per_slot;
  const bool too_steep =
      limits.ramp_per_slot > units::Power{} && !started.empty() && ramp + job.what.power > limits.ramp_per_slot;
  if (!too_many && !too_steep) return true;
  if (why != nullptr) {
    *why =
        too_many
            ? fmt::format("{} jobs began in the last 5 minutes: the limit against all starting at once", started.size())
            : fmt::format("{:.3g} kW began in the last 5 minutes: the limit on the ramp", units::in_watts(ramp) / 1e3);
  }
  return false;
}

void Queue::run(Live& live, const Usage& usage, time::Instant now) {
  auto& job = live.job;
  const bool resumes = holds_room(job);
  if (!resumes) {
    // An attempt that was wanted and never seen may still come: it is asked for again, not another one beside it.
    const bool unseen = has_begun(job) && job.seen.state == exec::TaskState::kUnknown;
    if (!unseen) {
      job.boards = usage.hand_out(job.what.task.resources.gpus);
      ++job.attempt;
      job.handle.clear();
      job.seen = {};
    }
  }
  set_state(live, State::kRunning, now);
  note(live, now, resumes ? "resume" : "start", job.reason);
  if (limits_of(job.what.executor).against_herding()) started_[job.what.executor].emplace_back(now, job.what.power);
}

void Queue::admit(time::Instant now) {
  if (!room_due_ && !has_herd_limits()) return;
  room_due_ = false;
  std::map<std::string, Usage> usages;
  const auto usage_of = [&](const Job& job) -> Usage& {
    return usages.try_emplace(job.what.executor, limits_of(job.what.executor)).first->second;
  };
  const std::vector<Live*> active(active_.begin(), active_.end());
  for (auto* live : active) {
    auto& job = live->job;
    // A job that its plan pauses makes room first.
    if (job.state == State::kRunning && !live->wants_run && !job.cancelling &&
        job.what.task.pausable != exec::Pausable::kNo && job.seen.state == exec::TaskState::kRunning) {
      ++job.pauses;
      set_state(*live, State::kPaused, now);
      note(*live, now, "pause", job.reason);
    }
    if (holds_room(job) || job.state == State::kRunning) {
      usage_of(job).add(job.what.task.resources, job.boards, job.state == State::kRunning);
    }
  }
  struct Wanting {
    bool relaxed;
    time::Instant latest;  ///< start that keeps the deadline
    std::uint64_t order;
    Live* live;
    auto operator<=>(const Wanting&) const = default;  // NOLINT(modernize-use-nullptr): its own bug
  };
  std::vector<Wanting> wanting;
  wanting.reserve(wanting_.size());
  for (auto* live : wanting_) {
    const auto& what = live->job.what;
    auto latest = live->job.submitted;
    if (what.deadline && what.duration) {
      latest = *what.deadline - (*what.duration - std::min(*what.duration, live->job.ran()));
    }
    wanting.push_back({!live->forced, latest, live->order, live});
  }
  std::sort(wanting.begin(), wanting.end());
  std::set<std::string> reserved;  // executors where a job whose deadline forces it waits for room
  for (const auto& [relaxed, latest, order, live] : wanting) {
    auto& job = live->job;
    auto& usage = usage_of(job);
    // What waited for room before is not told anew how much there is, each time: there may be thousands.
    const bool waited = job.reason.starts_with(kWaitsForRoom);
    std::string why;
    if (relaxed && reserved.contains(job.what.executor)) {
      why = "room is kept for a job that must run now";
    } else if (may_start(*live, usage, now, waited ? nullptr : &why)) {
      const bool held = holds_room(job);
      run(*live, usage, now);
      if (held) {
        usage.add({job.what.task.resources.cpus, 0, 0}, {}, true);
      } else {
        usage.add(job.what.task.resources, job.boards, true);
      }
      continue;
    } else if (!relaxed) {
      reserved.insert(job.what.executor);
    }
    if (!waited) {
      job.reason = std::string(kWaitsForRoom) + why;
      touch(*live);
      // Its plan is looked at again now and then, and when its deadline begins to force it.
      set_look(*live, std::min(now + kRoomAgain, std::max(now + kHerdSlot, latest)));
    }
  }
}

}  // namespace ebb::queue
