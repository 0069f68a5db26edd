#include <fmt/format.h>

#include <algorithm>

#include "queue/queue.h"
#include "time/text.h"

namespace ebb::queue {

using base::Done;
using base::Expected;
using base::Status;

namespace {

constexpr auto kOnItsWay = std::chrono::seconds(5);

}  // namespace

Expected<Job> Queue::new_job(Submission what, time::Instant now) {
  EBB_TRY(const auto number, journal_->next_number());
  Job job;
  job.what = std::move(what);
  job.what.task.id = options_.make_id ? options_.make_id(number) : std::to_string(number);
  if (options_.complete) options_.complete(job.what.task);
  job.submitted = job.since = now;
  return job;
}

Ticket Queue::ticket_of(const Live& live) {
  Ticket ticket;
  ticket.id = live.job.id();
  ticket.decision.run = live.wants_run;
  ticket.decision.reason = live.job.reason;
  ticket.decision.next_change = live.job.next_change;
  ticket.decision.end = live.job.planned_end;
  if (live.job.promise) {
    ticket.decision.planned = units::grams(live.job.promise->planned_g);
    ticket.decision.at_once = units::grams(live.job.promise->at_once_g);
  }
  return ticket;
}

Expected<Ticket> Queue::submit(Submission what, bool held) {
  const auto now = clock_->now();
  if (!executors_.contains(what.executor)) {
    return base::usage_error(fmt::format("no executor {} here", what.executor));
  }
  const Usage empty(limits_of(what.executor));
  if (const auto never = empty.why_never(what.task.resources); !never.empty()) return base::infeasible(never);
  // A slack is counted from when it was typed: the way here is forgiven.
  if (what.deadline && what.duration && *what.deadline - *what.duration + kOnItsWay < now) {
    return base::infeasible(fmt::format("a job of {} that starts now ends at {}, after its deadline {}",
                                        time::text_of(*what.duration), time::text_of(now + *what.duration),
                                        time::text_of(*what.deadline)));
  }
  EBB_TRY(auto job, new_job(std::move(what), now));
  job.state = held ? State::kHeld : State::kWaiting;
  Live trial;
  trial.job = job;
  decide(trial, now);
  auto ticket = ticket_of(trial);
  if (running_power() + job.what.power > kMarginalNoLonger) {
    ticket.warnings.emplace_back("what this queue runs moves the grid itself: marginal intensities no longer hold");
  }
  trial.job.state = job.state;
  EBB_TRY_DO(journal_->add(trial.job, {trial.job.id(), now, held ? "submitted, held" : "submitted", trial.job.reason}));
  trial.job.what.task.environment.clear();
  trial.job.what.task.environment.shrink_to_fit();
  enter(std::move(trial.job), now);
  return ticket;
}

Expected<Ticket> Queue::adopt(Submission what, const std::string& handle, const exec::Observation& seen) {
  const auto now = clock_->now();
  if (!executors_.contains(what.executor)) {
    return base::usage_error(fmt::format("no executor {} here", what.executor));
  }
  for (const auto& [id, live] : live_) {
    if (live->job.handle == handle && live->job.what.executor == what.executor && !is_final(live->job.state)) {
      return base::usage_error(fmt::format("{} has it already", id));
    }
  }
  EBB_TRY(auto job, new_job(std::move(what), now));
  job.attempt = 1;
  job.handle = handle;
  job.seen = seen;
  job.state = seen.state == exec::TaskState::kRunning ? State::kRunning : State::kPaused;
  // What its engine has not begun is held there, until its time: for us it is paused before its first step.
  if (seen.state == exec::TaskState::kRunning) job.runs.push_back({seen.begun.value_or(now), seen.begun.value_or(now)});
  EBB_TRY_DO(journal_->add(job, {job.id(), now, "adopted", handle}));
  auto& live = enter(std::move(job), now);
  decide(live, now);
  return ticket_of(live);
}

Expected<Queue::Live*> Queue::open_job(const std::string& id) {
  const auto found = live_.find(id);
  if (found == live_.end() || is_final(found->second->job.state)) {
    const auto* job = find(id);
    if (job == nullptr) return base::no_data(fmt::format("no job {}", id));
    return base::usage_error(fmt::format("job {} has ended: {}", id, name_of(job->state)));
  }
  return found->second.get();
}

Status Queue::hold(const std::string& id) {
  const auto now = clock_->now();
  EBB_TRY(auto* const live, open_job(id));
  if (live->job.state == State::kHeld) return Done{};
  if (live->job.state == State::kRunning && live->job.what.task.pausable == exec::Pausable::kNo) {
    return base::usage_error(fmt::format(
        "job {} runs and may not be paused (it was submitted without --pausable): cancel it, or let it end", id));
  }
  set_state(*live, State::kHeld, now);
  note(*live, now, "hold", "by its user; its deadline goes on");
  live->job.reason = "held by its user";
  live->job.rule = "held";
  live->job.next_change.reset();
  return commit();
}

Status Queue::release(const std::string& id) {
  const auto now = clock_->now();
  EBB_TRY(auto* const live, open_job(id));
  if (live->job.state != State::kHeld) return Done{};
  set_state(*live, has_begun(live->job) ? State::kPaused : State::kWaiting, now);
  set_look(*live, now);
  note(*live, now, "release", "by its user");
  return commit();
}

Status Queue::cancel(const std::string& id) {
  const auto now = clock_->now();
  EBB_TRY(auto* const live, open_job(id));
  if (live->job.cancelling) return Done{};
  note(*live, now, "cancel", "by its user");
  live->job.reason = "cancelled by its user";
  live->job.rule = "cancelled";
  if (!active_.contains(live)) {
    set_state(*live, State::kCancelled, now);
  } else {
    live->job.cancelling = true;
    live->retry = now;
    file(*live);
  }
  return commit();
}

}  // namespace ebb::queue
