#include "exec/pause_signals.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ebb::exec {
namespace {

constexpr auto kFirstNap = std::chrono::microseconds(50);
constexpr auto kLongestNap = std::chrono::milliseconds(5);

/// Parents before children; those on one level by pid, so that two looks can be compared.
void sort_by_depth(std::vector<JobProcess>& processes) {
  std::unordered_map<pid_t, pid_t> parents;
  for (const auto& p : processes) parents[p.process.pid] = p.parent;
  std::unordered_map<pid_t, std::size_t> depths;
  for (const auto& p : processes) {
    // Up to one whose depth is known, and down again: each link is walked once. A pid given anew could close a ring.
    std::vector<pid_t> chain;
    pid_t at = p.process.pid;
    while (parents.contains(at) && !depths.contains(at) && chain.size() <= processes.size()) {
      chain.push_back(at);
      at = parents[at];
    }
    const auto known = depths.find(at);
    std::size_t depth = known == depths.end() ? 0 : known->second + 1;
    for (auto link = chain.rbegin(); link != chain.rend(); ++link) depths[*link] = depth++;
  }
  std::sort(processes.begin(), processes.end(), [&](const JobProcess& a, const JobProcess& b) {
    return std::pair(depths[a.process.pid], a.process.pid) < std::pair(depths[b.process.pid], b.process.pid);
  });
}

bool contains(const std::unordered_map<pid_t, std::uint64_t>& refs, const ProcessRef& ref) {
  const auto found = refs.find(ref.pid);
  return found != refs.end() && found->second == ref.start_ticks;
}

}  // namespace

base::Expected<bool> SignalStopper::stop_once(JobProcesses& processes, const std::vector<JobProcess>& now,
                                              const std::vector<JobProcess>& before, bool& changed) {
  bool quiet = true;
  for (const auto& p : now) {
    if (p.state == JobProcess::State::kStopped) continue;
    const bool ours = contains(is_held_, p.process);
    const bool waits_on =
        p.state == JobProcess::State::kWaits && std::find(before.begin(), before.end(), p) != before.end();
    if (ours && waits_on) continue;
    quiet = false;
    const auto sent = processes.send(p.process, SIGSTOP);
    if (sent == JobProcesses::Sent::kForbidden) {
      return base::service_error(fmt::format(
          "process {} of the job may not be stopped (another user's, or set-user-ID); the job goes on", p.process.pid));
    }
    if (sent == JobProcesses::Sent::kEnded || ours) continue;
    changed = true;
    held_.push_back(p.process);
    is_held_[p.process.pid] = p.process.start_ticks;
  }
  return quiet;
}

base::Expected<SignalStopper::Count> SignalStopper::stop(JobProcesses& processes, Waiting& waiting,
                                                         time::Duration deadline) {
  Count count;
  std::vector<JobProcess> before;
  time::Duration nap = kFirstNap;
  const auto give_up = [&](base::Error error) {
    static_cast<void>(go_on(processes));
    return error;
  };
  for (bool was_quiet = false;;) {
    auto now = processes.list();
    if (!now) return give_up(now.error());
    sort_by_depth(*now);
    const auto quiet = stop_once(processes, *now, before, count.changed);
    if (!quiet) return give_up(quiet.error());
    count.processes = now->size();
    if (*quiet && was_quiet && *now == before) return count;
    if (waiting.steady() >= deadline) {
      return give_up(base::service_error(
          "the job's processes cannot all be stopped in time: new ones come too fast, or one hangs; the job goes on"));
    }
    // A look right after a quiet one would not tell a wait in the kernel from the beginning of one.
    const bool waits =
        std::any_of(now->begin(), now->end(), [](const JobProcess& p) { return p.state == JobProcess::State::kWaits; });
    if (!*quiet || waits) {
      waiting.nap(std::min(nap, deadline - waiting.steady()), -1);
      nap = std::min<time::Duration>(2 * nap, kLongestNap);
    }
    was_quiet = *quiet;
    before = *std::move(now);
  }
}

SignalStopper::Count SignalStopper::go_on(JobProcesses& processes) {
  Count count;
  for (auto ref = held_.rbegin(); ref != held_.rend(); ++ref) {
    if (processes.send(*ref, SIGCONT) == JobProcesses::Sent::kDone) ++count.processes;
  }
  count.changed = count.processes > 0;
  held_.clear();
  is_held_.clear();
  return count;
}

base::Expected<std::size_t> SignalStopper::adopt(JobProcesses& processes) {
  EBB_TRY(std::vector<JobProcess> now, processes.list());
  sort_by_depth(now);
  held_.clear();
  is_held_.clear();
  for (const auto& p : now) {
    if (p.state != JobProcess::State::kStopped) continue;
    held_.push_back(p.process);
    is_held_[p.process.pid] = p.process.start_ticks;
  }
  return held_.size();
}

}  // namespace ebb::exec
