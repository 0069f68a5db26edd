#include "simulate/executor.h"

#include <algorithm>
#include <csignal>

namespace ebb::simulate {

using exec::TaskState;

void SimulatedClock::set(time::Instant now) {
  CHECK(now >= now_);
  now_ = now;
}

SimulatedExecutor::SimulatedExecutor(const time::Clock& clock, std::function<Truth(const exec::Task&)> truth)
    : clock_(&clock), truth_(std::move(truth)) {}

SimulatedExecutor::Entry* SimulatedExecutor::find(const exec::TaskRef& ref) {
  const auto found = tasks_.find(ref.id);
  if (found == tasks_.end() || found->second.attempt != ref.attempt) return nullptr;
  settle(found->second);
  return &found->second;
}

/// Brings an entry to the present: one whose time is over has ended.
void SimulatedExecutor::settle(Entry& entry) const {
  if (entry.state != TaskState::kRunning || entry.end > clock_->now()) return;
  entry.ran = entry.truth.length;
  entry.since = entry.end;
  entry.state = TaskState::kEnded;
}

void SimulatedExecutor::plan_end(const std::string& id, Entry& entry) {
  entry.end = entry.since + entry.restarting + (entry.truth.length - entry.ran);
  ends_.push({entry.end, id, ++entry.version});
}

base::Expected<std::string> SimulatedExecutor::start(const exec::Task& task) {
  const auto [place, is_new] = tasks_.try_emplace(task.id);
  auto& entry = place->second;
  if (!is_new && entry.attempt == task.attempt) return task.id;
  ++acts_;
  entry = {};
  entry.attempt = task.attempt;
  entry.truth = truth_(task);
  entry.begun = entry.since = clock_->now();
  plan_end(task.id, entry);
  return task.id;
}

base::Status SimulatedExecutor::pause(const exec::Task& /*task*/, const exec::TaskRef& ref) {
  auto* const entry = find(ref);
  if (entry == nullptr || entry->state != TaskState::kRunning) return base::Done{};
  const auto now = clock_->now();
  ++acts_;
  // What was not restarted to its end has done no work.
  entry->ran += std::max(now - entry->since - entry->restarting, time::Duration(0));
  entry->since = now;
  entry->state = TaskState::kPaused;
  ++entry->pauses;
  ++entry->version;
  return base::Done{};
}

base::Status SimulatedExecutor::resume(const exec::Task& /*task*/, const exec::TaskRef& ref) {
  auto* const entry = find(ref);
  if (entry == nullptr || entry->state != TaskState::kPaused) return base::Done{};
  ++acts_;
  const auto now = clock_->now();
  entry->paused += now - entry->since;
  entry->since = now;
  entry->restarting = entry->truth.restart;
  entry->state = TaskState::kRunning;
  plan_end(ref.id, *entry);
  return base::Done{};
}

base::Status SimulatedExecutor::cancel(const exec::Task& /*task*/, const exec::TaskRef& ref) {
  auto* const entry = find(ref);
  if (entry == nullptr || entry->state == TaskState::kEnded) return base::Done{};
  ++acts_;
  if (entry->state == TaskState::kRunning) {
    entry->ran += std::max(clock_->now() - entry->since - entry->restarting, time::Duration(0));
  }
  entry->end = entry->since = clock_->now();
  entry->state = TaskState::kEnded;
  entry->cancelled = true;
  ++entry->version;
  return base::Done{};
}

base::Expected<std::vector<exec::Observation>> SimulatedExecutor::observe(std::span<const exec::TaskRef> refs) {
  std::vector<exec::Observation> seen(refs.size());
  const auto now = clock_->now();
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const auto* const entry = find(refs[i]);
    if (entry == nullptr) continue;
    auto& one = seen[i];
    one.state = entry->state;
    one.begun = entry->begun;
    one.ran = entry->ran;
    one.paused = entry->paused;
    one.pauses = entry->pauses;
    if (entry->state == TaskState::kRunning) {
      one.ran += std::max(now - entry->since - entry->restarting, time::Duration(0));
    }
    if (entry->state == TaskState::kPaused) one.paused += now - entry->since;
    if (entry->state == TaskState::kEnded) {
      one.ended = entry->end;
      one.exit_code = entry->cancelled ? 128 + SIGTERM : 0;
    }
  }
  return seen;
}

std::optional<time::Instant> SimulatedExecutor::next_end() {
  while (!ends_.empty()) {
    const auto& next = ends_.top();
    const auto found = tasks_.find(next.id);
    if (found != tasks_.end() && found->second.version == next.version && found->second.state == TaskState::kRunning) {
      return next.at;
    }
    ends_.pop();
  }
  return std::nullopt;
}

}  // namespace ebb::simulate
