#include "simulate/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <utility>

#include "policy/waiting_hour.h"
#include "queue/queue.h"
#include "simulate/executor.h"
#include "simulate/foresight.h"
#include "simulate/price.h"

namespace ebb::simulate {
namespace {

constexpr std::array<std::pair<Policy, std::string_view>, 4> kPolicies{{{Policy::kAtOnce, "at-once"},
                                                                        {Policy::kFlexibleStart, "flexible-start"},
                                                                        {Policy::kPauseResume, "pause-resume"},
                                                                        {Policy::kWaitingHour, "waiting-hour"}}};
constexpr std::array<std::pair<Knowledge, std::string_view>, 2> kKnowledges{
    {{Knowledge::kPerfect, "perfect"}, {Knowledge::kYesterday, "yesterday"}}};
constexpr const char* kExecutor = "simulated";
constexpr auto kFar = std::chrono::hours(24 * 365 * 50);

/// Standard normal numbers, the same on every machine: the library's own distribution may differ.
class Normal {
 public:
  explicit Normal(std::uint64_t seed) : random_(seed) {}
  double next() {
    const double u = (static_cast<double>(random_() >> 11U) + 0.5) * 0x1p-53;
    const double v = (static_cast<double>(random_() >> 11U) + 0.5) * 0x1p-53;
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
  }

 private:
  std::mt19937_64 random_;
};

struct Arrival {
  std::size_t index = 0;  ///< in the trace
  time::Instant at;
  time::Duration planned{0};  ///< length that is planned with
  time::Instant deadline;
};

/// Of a plan: what a job may take from its submission to its deadline; lengths may be thought too long.
time::Duration longest_window(const JobTrace& trace, const Setup& setup) {
  time::Duration longest = setup.slack;
  for (const auto& job : trace.jobs) {
    const auto thought = time::from_seconds(time::in_seconds(job.length) * std::exp(setup.length_error * 6.0));
    longest = std::max({longest, thought + setup.slack, job.deadline.value_or(job.submit) - job.submit});
  }
  return std::min<time::Duration>(longest, kFar);
}

class Simulation {
 public:
  Simulation(const JobTrace& trace, const series::Series& grid, Policy policy, const Setup& setup)
      : trace_(trace),
        grid_(grid),
        setup_(setup),
        foresight_(grid, setup.knowledge, longest_window(trace, setup)),
        clock_(grid.begin()),
        executor_(clock_,
                  [this](const exec::Task& task) {
                    return SimulatedExecutor::Truth{job_of(task.id).length, setup_.costs.pause_time};
                  }),
        journal_(queue::no_journal()) {
    outcome_.policy = policy;
    outcome_.jobs.resize(trace.jobs.size());
  }

  base::Expected<Outcome> run() {
    take_arrivals();
    if (arrivals_.empty()) {
      return base::no_data(
          "no job of the trace lies, with its deadline, within the grid's data: say with --start where the trace "
          "begins");
    }
    EBB_TRY(auto queue, queue::Queue::open(*journal_, {{kExecutor, &executor_}}, foresight_, clock_, options()));
    std::size_t next = 0;
    auto due = arrivals_.front().at;
    while (next < arrivals_.size() || queue.open_count() > 0) {
      auto moment = std::max(due, clock_.now());
      if (next < arrivals_.size()) moment = std::min(moment, std::max(arrivals_[next].at, clock_.now()));
      if (const auto end = executor_.next_end()) moment = std::min(moment, std::max(*end, clock_.now()));
      clock_.set(moment);
      for (; next < arrivals_.size() && arrivals_[next].at <= moment; ++next) {
        EBB_TRY_DO(submit(queue, arrivals_[next]));
      }
      // What was started, paused or resumed is to be seen at that very moment, not when something else happens.
      std::size_t acts = 0;
      do {
        acts = executor_.acts();
        EBB_TRY(due, queue.tick());
      } while (executor_.acts() != acts);
    }
    return std::move(outcome_);
  }

 private:
  [[nodiscard]] const TraceJob& job_of(const std::string& id) const { return trace_.jobs[std::stoul(id)]; }
  [[nodiscard]] time::Instant moment(time::Duration since) const { return setup_.zero + since; }
  [[nodiscard]] units::Power power_of(const TraceJob& job) const {
    return job.gpus > 0.0 ? setup_.gpu_power * job.gpus : setup_.cpu_power * job.cpus;
  }
  [[nodiscard]] bool is_too_large(const TraceJob& job) const {
    return (setup_.gpus > 0 && std::ceil(job.gpus) > setup_.gpus) || (setup_.cpus > 0.0 && job.cpus > setup_.cpus);
  }

  void take_arrivals() {
    Normal normal(setup_.seed);
    for (std::size_t i = 0; i < trace_.jobs.size(); ++i) {
      const auto& job = trace_.jobs[i];
      auto& outcome = outcome_.jobs[i];
      const double factor = setup_.length_error > 0.0 ? std::exp(setup_.length_error * normal.next()) : 1.0;
      Arrival arrival;
      arrival.index = i;
      arrival.at = moment(setup_.from_real_start ? job.start.value_or(job.submit) : job.submit);
      arrival.planned =
          std::max<time::Duration>(time::from_seconds(time::in_seconds(job.length) * factor), std::chrono::seconds(1));
      const bool given = setup_.trace_deadlines && job.deadline;
      arrival.deadline = given ? moment(*job.deadline) : arrival.at + job.length + setup_.slack;
      outcome.impossible = arrival.at + job.length > arrival.deadline;
      if (is_too_large(job)) {
        outcome.fate = JobOutcome::Fate::kTooLarge;
      } else if (arrival.at < grid_.begin() || std::max(arrival.deadline, arrival.at + job.length) > grid_.end()) {
        outcome.fate = JobOutcome::Fate::kBeyondData;
      } else {
        arrivals_.push_back(arrival);
      }
    }
    std::stable_sort(arrivals_.begin(), arrivals_.end(),
                     [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
  }

  queue::Options options() {
    queue::Options options;
    queue::Limits limits;
    limits.jobs = 0;
    limits.gpus = setup_.gpus;
    limits.cpus = setup_.cpus;
    options.limits = {{kExecutor, limits}};
    // With perfect foresight nothing is learned between the changes of a plan.
    options.policy.look_again = setup_.knowledge == Knowledge::kPerfect ? time::Duration(kFar) : grid_.step();
    options.make_id = [this](std::int64_t) { return std::to_string(submitting_); };
    options.on_final = [this](const queue::Job& job) { take_end(job); };
    options.poll = kFar;
    options.settle_within = time::Duration(0);
    options.keep_final = 0;
    options.decide = [this](const queue::Job& job, const policy::Situation& situation, const policy::Outlook* outlook,
                            time::Instant now) -> base::Expected<policy::Decision> {
      if (outcome_.policy == Policy::kWaitingHour) return by_the_hour(job, situation, outlook, now);
      return policy::decide(situation, outlook, now, policy_);
    };
    policy_ = options.policy;
    return options;
  }

  base::Expected<policy::Decision> by_the_hour(const queue::Job& job, const policy::Situation& situation,
                                               const policy::Outlook* outlook, time::Instant now) const {
    policy::Decision decision;
    decision.rule = policy::Rule::kPlan;
    decision.look_again = now + std::chrono::hours(24 * 365);
    const auto latest = job.submitted + setup_.slack;
    if (situation.standing != plan::Standing::kNotStarted || outlook == nullptr || now >= latest) return decision;
    const auto wait = policy::best_wait(outlook->mean, now, situation.profile.duration(), latest - now);
    if (!wait || wait->start <= now) return decision;
    decision.run = false;
    decision.next_change = wait->start;
    decision.look_again = std::min(wait->start, now + policy_.look_again);
    return decision;
  }

  base::Status submit(queue::Queue& queue, const Arrival& arrival) {
    const auto& job = trace_.jobs[arrival.index];
    queue::Submission what;
    what.executor = kExecutor;
    what.zone = "simulated";
    what.task.resources.gpus = static_cast<int>(std::ceil(job.gpus));
    what.task.resources.cpus = job.cpus;
    what.power = power_of(job);
    what.costs = setup_.costs;
    const bool at_once = outcome_.policy == Policy::kAtOnce || outcome_.jobs[arrival.index].impossible;
    what.strategy = at_once ? plan::Strategy::kRunNow : plan::Strategy::kFlexibleStart;
    if (!at_once) {
      what.duration = arrival.planned;
      what.deadline = arrival.deadline;
    }
    if (!at_once && outcome_.policy == Policy::kPauseResume) {
      what.strategy = plan::Strategy::kPauseResume;
      what.task.pausable = exec::Pausable::kFreeze;
    }
    if (!at_once && outcome_.policy == Policy::kWaitingHour) {
      what.duration = lengths_.average(job.user);
      if (!what.duration) what.duration = lengths_.average();
      // The queue plans with no deadline here; the rule keeps the slack by itself.
      what.deadline = arrival.at + what.duration.value_or(time::Duration(0)) + setup_.slack;
    }
    submitting_ = arrival.index;
    deadlines_[arrival.index] = arrival.deadline;
    auto ticket = queue.submit(what);
    if (!ticket && ticket.error().kind == base::ErrorKind::kInfeasible && what.deadline) {
      // Thought to be longer than it is: run at once, as whoever is told so would.
      what.deadline.reset();
      ticket = queue.submit(std::move(what));
    }
    if (!ticket) return ticket.error();
    return base::Done{};
  }

  void take_end(const queue::Job& job) {
    const auto index = std::stoul(job.id());
    const auto& original = trace_.jobs[index];
    auto& outcome = outcome_.jobs[index];
    lengths_.add(original.user, original.length);
    executor_.forget(job.id());
    const auto at = moment(setup_.from_real_start ? original.start.value_or(original.submit) : original.submit);
    outcome.delay = job.ended.value_or(at) - at - original.length;
    const auto deadline = deadlines_.find(index);
    outcome.missed = !outcome.impossible && job.ended && *job.ended > deadline->second;
    deadlines_.erase(deadline);
    outcome.pauses = job.runs.empty() ? 0 : job.runs.size() - 1;
    const auto priced = price_runs(job.runs, power_of(original), setup_.costs, grid_);
    if (!priced) {
      outcome.fate = JobOutcome::Fate::kUnpriced;
      return;
    }
    outcome.grams = priced->grams;
    outcome.kwh = priced->kwh;
  }

  const JobTrace& trace_;
  const series::Series& grid_;
  const Setup& setup_;
  SimulatedForesight foresight_;
  SimulatedClock clock_;
  SimulatedExecutor executor_;
  std::unique_ptr<queue::Journal> journal_;
  policy::Options policy_;
  policy::ClassLengths lengths_;
  std::vector<Arrival> arrivals_;
  std::map<std::size_t, time::Instant> deadlines_;  ///< of jobs that are in the queue
  std::size_t submitting_ = 0;
  Outcome outcome_;
};

}  // namespace

std::string_view name_of(Policy policy) { return kPolicies[static_cast<std::size_t>(policy)].second; }
std::optional<Policy> parse_policy(std::string_view text) {
  for (const auto& [policy, name] : kPolicies) {
    if (name == text) return policy;
  }
  return std::nullopt;
}
std::string_view name_of(Knowledge knowledge) { return kKnowledges[static_cast<std::size_t>(knowledge)].second; }
std::optional<Knowledge> parse_knowledge(std::string_view text) {
  for (const auto& [knowledge, name] : kKnowledges) {
    if (name == text) return knowledge;
  }
  return std::nullopt;
}

base::Expected<Outcome> simulate(const JobTrace& trace, const series::Series& grid, Policy policy, const Setup& setup) {
  if (!(setup.length_error >= 0.0 && setup.length_error <= 3.0)) {
    return base::usage_error("the error of lengths must lie between 0 and 3");
  }
  if (setup.slack < time::Duration(0) || setup.gpus < 0 || setup.cpus < 0.0) {
    return base::usage_error("a slack and a cluster's size cannot be below zero");
  }
  return Simulation(trace, grid, policy, setup).run();
}

}  // namespace ebb::simulate
