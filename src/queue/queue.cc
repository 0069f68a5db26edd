#include "queue/queue.h"

#include <fmt/format.h>

#include <algorithm>

namespace ebb::queue {
namespace {

using base::Expected;
using base::Status;

std::string number_of(const std::string& id) { return id.substr(0, id.find('-')); }

}  // namespace

Queue::Queue(Journal& journal, std::map<std::string, exec::Executor*> executors, Foresight& foresight,
             const time::Clock& clock, Options options)
    : journal_(&journal),
      executors_(std::move(executors)),
      foresight_(&foresight),
      clock_(&clock),
      options_(std::move(options)) {}

Expected<Queue> Queue::open(Journal& journal, std::map<std::string, exec::Executor*> executors, Foresight& foresight,
                            const time::Clock& clock, Options options) {
  Queue queue(journal, std::move(executors), foresight, clock, std::move(options));
  EBB_TRY(auto open, journal.load_open());
  std::stable_sort(open.begin(), open.end(), [](const Job& a, const Job& b) { return a.submitted < b.submitted; });
  const auto now = clock.now();
  for (auto& job : open) {
    queue.enter(std::move(job), now);
  }
  EBB_TRY(queue.final_, journal.load_final(queue.options_.keep_final));
  std::reverse(queue.final_.begin(), queue.final_.end());
  std::erase_if(queue.final_, [&](const Job& job) { return queue.live_.contains(job.id()); });
  return queue;
}

Queue::Live& Queue::enter(Job job, time::Instant now) {
  auto live = std::make_unique<Live>();
  live->job = std::move(job);
  live->order = ++order_;
  live->entered = true;
  auto& entered = *live;
  live_[entered.job.id()] = std::move(live);
  file(entered);
  if (!is_final(entered.job.state)) set_look(entered, now);
  return entered;
}

/// Puts a job where the loops look for it.
void Queue::file(Live& live) {
  if (!live.entered) return;
  room_due_ = true;
  const auto& job = live.job;
  const auto put = [&](Set& set, bool in) {
    if (in) {
      set.insert(&live);
    } else {
      set.erase(&live);
    }
  };
  const bool final = is_final(job.state);
  put(active_, has_begun(job) && !final && !(is_checkpointed(job) && job.state != State::kRunning));
  const bool stands = job.state == State::kWaiting || job.state == State::kPaused;
  put(wanting_, stands && live.wants_run && !job.cancelling);
  put(unsettled_, final && !job.saved && job.not_settled.empty());
  put(done_, final && (job.saved || !job.not_settled.empty()));
}

void Queue::touch(Live& live) {
  if (!live.entered) return;
  touched_.insert(&live);
}

void Queue::note(Live& live, time::Instant at, std::string_view what, std::string text) {
  if (!live.entered) return;
  live.news.push_back({live.job.id(), at, std::string(what), std::move(text)});
  touch(live);
}

void Queue::set_look(Live& live, time::Instant look) {
  if (live.entered) looks_.erase({live.look, live.order, &live});
  live.look = look;
  if (live.entered && !is_final(live.job.state)) looks_.insert({look, live.order, &live});
}

void Queue::set_state(Live& live, State state, time::Instant now) {
  auto& job = live.job;
  job.state = state;
  job.since = now;
  live.asked = false;
  live.retry = now;
  if (is_final(state)) {
    looks_.erase({live.look, live.order, &live});
    job.cancelling = false;
    job.next_change.reset();
    job.planned_end.reset();
    if (!job.ended) job.ended = now;
    if (job.runs.empty()) job.not_settled = "it never ran";
    if (job.what.zone.empty()) job.not_settled = "no zone: nothing is known of the grid";
  }
  touch(live);
  file(live);
}

exec::Executor* Queue::executor_of(const Job& job) const {
  const auto found = executors_.find(job.what.executor);
  return found == executors_.end() ? nullptr : found->second;
}

const Limits& Queue::limits_of(const std::string& executor) const {
  static const Limits none{0, 0.0, 0, 0, false, 0, {}};
  const auto found = options_.limits.find(executor);
  return found == options_.limits.end() ? none : found->second;
}

Expected<time::Instant> Queue::tick() {
  const auto now = clock_->now();
  observe(now);
  decide_due(now);
  admit(now);
  settle_due(now);
  EBB_TRY_DO(commit());
  act(now);
  EBB_TRY_DO(commit());
  forget_final();
  return next_due(now);
}

bool Queue::has_herd_limits() const {
  return std::any_of(options_.limits.begin(), options_.limits.end(),
                     [](const auto& one) { return one.second.against_herding(); });
}

time::Instant Queue::next_due(time::Instant now) const {
  auto due = now + kFar;
  if (!looks_.empty()) due = std::min(due, std::get<0>(*looks_.begin()));
  if (!active_.empty()) due = std::min(due, now + options_.poll);
  if (!unsettled_.empty()) due = std::min(due, settle_next_);
  // What waits only for the limit on starts waits for its next slot.
  if (has_herd_limits() && !wanting_.empty()) due = std::min(due, now + kHerdSlot);
  return std::max(due, now + time::Duration(1));
}

std::vector<const Job*> Queue::jobs() const {
  std::vector<const Job*> all;
  for (const auto& job : final_) all.push_back(&job);
  std::vector<const Live*> lives;
  for (const auto& [id, live] : live_) lives.push_back(live.get());
  std::sort(lives.begin(), lives.end(), [](const auto* a, const auto* b) { return a->order < b->order; });
  for (const auto* live : lives) all.push_back(&live->job);
  return all;
}

const Job* Queue::find(const std::string& id) const {
  if (const auto live = live_.find(id); live != live_.end()) return &live->second->job;
  for (const auto& job : final_) {
    if (job.id() == id) return &job;
  }
  return nullptr;
}

Expected<Job> Queue::look_up(const std::string& id_or_prefix) {
  if (const auto* job = find(id_or_prefix)) return *job;
  EBB_TRY(auto stored, journal_->load(id_or_prefix));
  if (stored) return *std::move(stored);
  std::vector<const Job*> found;
  for (const auto* job : jobs()) {
    if (number_of(job->id()) == id_or_prefix) found.push_back(job);
  }
  if (found.size() == 1) return *found.front();
  if (found.size() > 1) return base::usage_error(fmt::format("{}: several jobs have that number", id_or_prefix));
  return base::no_data(fmt::format("no job {}: ebb jobs --all lists them", id_or_prefix));
}

units::Power Queue::running_power() const {
  units::Power total;
  for (const auto* live : active_) {
    const auto& job = live->job;
    if (job.state == State::kRunning) total += job.seen.power.value_or(job.what.power);
  }
  return total;
}

}  // namespace ebb::queue
