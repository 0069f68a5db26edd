#include <fmt/format.h>

#include <algorithm>

#include "queue/queue.h"
#include "queue/settle.h"

namespace ebb::queue {
namespace {

constexpr auto kSettleEvery = std::chrono::minutes(15);
constexpr auto kLongestRetry = std::chrono::minutes(1);

}  // namespace

using base::Done;
using base::Status;

Status Queue::commit() {
  std::vector<Change> changes;
  for (const auto* live : touched_) changes.push_back({&live->job, live->news});
  EBB_TRY_DO(journal_->put(changes));
  for (auto* live : touched_) live->news.clear();
  touched_.clear();
  return Done{};
}

Status Queue::bring_about(Live& live) {
  auto& job = live.job;
  auto* const executor = executor_of(job);
  if (executor == nullptr) return base::service_error(fmt::format("no executor {} here", job.what.executor));
  using exec::TaskState;
  const auto have = job.seen.state;
  auto task = job.what.task;
  task.attempt = job.attempt;
  task.boards = job.boards;
  const exec::TaskRef ref{job.id(), job.attempt, job.handle};
  if (job.cancelling) {
    EBB_TRY_DO(executor->cancel(task, ref));
    if (have == TaskState::kUnknown) set_state(live, State::kCancelled, clock_->now());
    return Done{};
  }
  if (job.state == State::kRunning && have == TaskState::kUnknown) {
    EBB_TRY(task.environment, journal_->environment(job.id()));
    EBB_TRY(const auto handle, executor->start(task));
    job.handle = handle;
    touch(live);
    return Done{};
  }
  if (job.state == State::kRunning && (have == TaskState::kPaused || have == TaskState::kPausing)) {
    return executor->resume(task, ref);
  }
  if ((job.state == State::kPaused || job.state == State::kHeld) && have == TaskState::kRunning) {
    return executor->pause(task, ref);
  }
  // What an engine has and has not begun is held and let go, once each.
  if (have == TaskState::kPending && !live.asked) {
    EBB_TRY_DO(job.state == State::kRunning ? executor->resume(task, ref) : executor->pause(task, ref));
    live.asked = true;
  }
  return Done{};
}

void Queue::failed(Live& live, const base::Error& error, time::Instant now) {
  live.failures = std::min(live.failures + 1, 20);
  const auto wait =
      std::min<time::Duration>(std::chrono::seconds(1) * (1 << std::min(live.failures, 10)), kLongestRetry);
  live.retry = now + wait;
  live.job.seen.note = error.message;
  if (live.failures == 1) note(live, now, "trouble", error.message);
  // An executor that cannot pause a job at all is not asked again and again: the job runs on.
  if (error.kind == base::ErrorKind::kUsage && live.job.state == State::kPaused) {
    live.job.what.task.pausable = exec::Pausable::kNo;
    set_state(live, State::kRunning, now);
    note(live, now, "runs on", error.message);
  }
  // Nor one that cannot start it.
  if (error.kind == base::ErrorKind::kUsage && live.job.state == State::kRunning &&
      live.job.seen.state == exec::TaskState::kUnknown) {
    live.job.reason = "could not be started: " + error.message;
    live.job.rule = "ended";
    live.job.exit_code = 125;
    set_state(live, State::kFailed, now);
  }
}

void Queue::act(time::Instant now) {
  const std::vector<Live*> active(active_.begin(), active_.end());
  for (auto* live : active) {
    if (live->retry > now) continue;
    if (const auto done = bring_about(*live); !done) failed(*live, done.error(), now);
  }
}

void Queue::settle_due(time::Instant now) {
  if (now < settle_next_) return;
  settle_next_ = now + kSettleEvery;
  const std::vector<Live*> unsettled(unsettled_.begin(), unsettled_.end());
  for (auto* live : unsettled) {
    auto& job = live->job;
    const auto window = settling_window(job);
    if (now < window.end) continue;
    if (const auto actual = foresight_->actual(job.what.zone, window)) job.saved = settle(job, *actual);
    if (job.saved) {
      note(*live, now, "settled",
           fmt::format("{:.4g} g emitted; {:.4g} g at once; {:.4g} g at best", job.saved->realised_g,
                       job.saved->at_once_g, job.saved->best_g));
    } else if (now > window.end + options_.settle_within) {
      job.not_settled = "the grid's figures for that time never came";
      touch(*live);
    }
    file(*live);
  }
}

void Queue::forget_final() {
  const std::vector<Live*> done(done_.begin(), done_.end());
  for (auto* live : done) {
    if (touched_.contains(live)) continue;
    if (options_.on_final) options_.on_final(live->job);
    final_.push_back(std::move(live->job));
    done_.erase(live);
    live_.erase(final_.back().id());
  }
  if (final_.size() > 2 * options_.keep_final) {
    final_.erase(final_.begin(), final_.end() - static_cast<std::ptrdiff_t>(options_.keep_final));
  }
}

}  // namespace ebb::queue
