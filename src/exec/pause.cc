#include "exec/pause.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <unordered_set>
#include <utility>

#include "exec/lock_folder.h"

namespace ebb::exec {

std::string_view name_of(PauseWay way) {
  if (way == PauseWay::kFreezeV2) return "freezer-v2";
  return way == PauseWay::kFreezeV1 ? "freezer-v1" : "signals";
}

PauseWay Pauser::freezer_way() const {
  return freezer_->version() == CgroupVersion::kV2 ? PauseWay::kFreezeV2 : PauseWay::kFreezeV1;
}

base::Expected<Pauser> Pauser::open(JobGroup& group, const PauserOptions& options, Waiting& waiting) {
  if (!is_plain_name(options.name)) return base::usage_error("a job that is to be paused needs a plain name");
  Pauser pauser;
  pauser.group_ = &group;
  pauser.waiting_ = &waiting;
  pauser.timeout_ = options.timeout;
  pauser.proc_ = options.proc;
  if (group.kind() != GroupKind::kNone) {
    pauser.processes_ = std::make_unique<GroupProcesses>(group, options.proc);
  } else {
    EBB_TRY(pauser.processes_, TreeProcesses::open(options.command, options.proc));
  }
  pauser.choose_freezer(options);
  return pauser;
}

void Pauser::choose_freezer(const PauserOptions& options) {
  const auto refuse = [this](PauseWay way, const std::string& why) {
    why_not_better_.push_back(fmt::format("{}: {}", name_of(way), why));
  };
  const auto take = [&](PauseWay way, base::Expected<Freezer> freezer) {
    if (!freezer) {
      refuse(way, freezer.error().message);
      return false;
    }
    freezer_ = *std::move(freezer);
    return true;
  };
  if (options.prefer <= PauseWay::kFreezeV2) {
    if (group_->kind() != GroupKind::kV2) {
      refuse(PauseWay::kFreezeV2, "the job has no cgroup v2");
    } else if (take(PauseWay::kFreezeV2, Freezer::open(group_->path(), CgroupVersion::kV2))) {
      return;
    }
  }
  if (options.prefer > PauseWay::kFreezeV1) return;
  if (group_->kind() == GroupKind::kV1) {
    // Mounted together with cpuacct.
    if (auto freezer = Freezer::open(group_->path(), CgroupVersion::kV1)) {
      freezer_ = *std::move(freezer);
      return;
    }
  }
  auto own = FreezerGroup::make(options.name, options.mountinfo, options.own_cgroup);
  if (!own) return refuse(PauseWay::kFreezeV1, own.error().message);
  if (!take(PauseWay::kFreezeV1, Freezer::open(own->path(), CgroupVersion::kV1))) return own->remove();
  own_group_ = *std::move(own);
  group_->also_join(own_group_->procs_fd());
}

Pauser::~Pauser() {
  // Moved from: nothing is held.
  if (processes_ == nullptr) return;
  if (paused_) static_cast<void>(resume());
  if (!own_group_) return;
  group_->also_join(-1);
  own_group_->remove();
}

/// Counts the job's processes, and brings those into a freezer group of its own that are not there yet.
base::Status Pauser::gather(std::size_t& processes) {
  // Children of one that is in are in: this ends unless others are moved out again and again.
  constexpr int kMostRounds = 100;
  for (int round = 0; round < kMostRounds; ++round) {
    EBB_TRY(const std::vector<JobProcess> job, processes_->list());
    if (!own_group_) {
      processes = job.size();
      return base::Done{};
    }
    EBB_TRY(const std::vector<pid_t> pids, own_group_->process_ids());
    std::unordered_set<pid_t> in(pids.begin(), pids.end());
    bool missing = false;
    for (const auto& p : job) {
      if (!in.insert(p.process.pid).second) continue;
      missing = true;
      EBB_TRY_DO(own_group_->enter(p.process.pid));
    }
    if (missing) continue;
    // In a tree, an orphan can be out of sight; in its group it is not.
    std::unordered_set<pid_t> all;
    for (const auto& p : job) all.insert(p.process.pid);
    for (const pid_t pid : pids) {
      const auto stat = all.contains(pid) ? std::nullopt : read_proc_stat(proc_, pid);
      if (stat && stat->state != 'Z' && stat->state != 'X') all.insert(pid);
    }
    processes = all.size();
    return base::Done{};
  }
  return base::service_error("the job's processes leave their freezer group again and again; the job goes on");
}

bool Pauser::is_group_gone() const {
  return freezer_ && ::access(freezer_->folder().c_str(), F_OK) != 0 && errno == ENOENT;
}

base::Expected<PauseAnswer> Pauser::pause() {
  const auto begin = waiting_->steady();
  const auto deadline = begin + timeout_;
  PauseAnswer answer{way(), {}, 0, false, false};
  if (freezer_) {
    auto frozen = freeze(answer, deadline);
    if (!frozen && !is_group_gone()) return frozen.error();
    if (frozen) answer = *frozen;
  } else {
    const auto stopped = stopper_.stop(*processes_, *waiting_, deadline);
    if (!stopped) {
      paused_ = false;
      return stopped.error();
    }
    answer.processes = stopped->processes;
    answer.changed = stopped->changed;
  }
  paused_ = answer.processes > 0;
  answer.job_ended = !paused_;
  if (answer.job_ended) answer.changed = false;
  answer.took = waiting_->steady() - begin;
  return answer;
}

base::Expected<PauseAnswer> Pauser::freeze(PauseAnswer answer, time::Duration deadline) {
  const auto pids = own_group_ ? own_group_->process_ids() : group_->process_ids();
  if (pids && std::find(pids->begin(), pids->end(), ::getpid()) != pids->end()) {
    return base::usage_error(fmt::format("{}: ebb cannot pause itself", freezer_->folder()));
  }
  EBB_TRY(const Freezer::State before, freezer_->state());
  // Asked first: whoever enters from now on stands still, so that no fork runs away from gather().
  EBB_TRY_DO(freezer_->ask(true));
  base::Status held = gather(answer.processes);
  if (held) held = freezer_->freeze(*waiting_, deadline);
  // Now that nothing forks any more: how many there are, and whether there are any.
  if (held) held = gather(answer.processes);
  if (!held || answer.processes == 0) static_cast<void>(freezer_->ask(false));
  if (!held) {
    paused_ = false;
    return held.error();
  }
  answer.changed = before != Freezer::State::kFrozen;
  return answer;
}

base::Expected<PauseAnswer> Pauser::resume() {
  const auto begin = waiting_->steady();
  PauseAnswer answer{way(), {}, 0, false, false};
  if (paused_) {
    if (freezer_) {
      auto thawed = thaw(answer, begin + timeout_);
      if (!thawed && !is_group_gone()) return thawed.error();
      if (thawed) answer = *thawed;
    } else {
      answer.processes = stopper_.go_on(*processes_).processes;
    }
    answer.changed = answer.processes > 0;
    paused_ = false;
  }
  if (answer.processes == 0) {
    const auto left = processes_->list();
    answer.job_ended = !left || left->empty();
  }
  answer.took = waiting_->steady() - begin;
  return answer;
}

base::Expected<PauseAnswer> Pauser::thaw(PauseAnswer answer, time::Duration deadline) {
  if (const auto job = processes_->list()) answer.processes = job->size();
  EBB_TRY_DO(freezer_->thaw(*waiting_, deadline));
  return answer;
}

base::Expected<bool> Pauser::adopt() {
  if (freezer_) {
    EBB_TRY(const Freezer::State state, freezer_->state());
    paused_ = state != Freezer::State::kThawed;
  } else {
    EBB_TRY(const std::size_t stopped, stopper_.adopt(*processes_));
    paused_ = stopped > 0;
  }
  return paused_;
}

base::Expected<PauseAnswer> thaw_left_behind(const GroupOptions& group, const PauserOptions& options,
                                             Waiting& waiting) {
  EBB_TRY(JobGroup joined, JobGroup::create(group));
  const auto thaw = [&]() -> base::Expected<PauseAnswer> {
    EBB_TRY(Pauser pauser, Pauser::open(joined, options, waiting));
    EBB_TRY_DO(pauser.adopt());
    return pauser.resume();
  };
  auto answer = thaw();
  static_cast<void>(joined.remove());
  return answer;
}

}  // namespace ebb::exec
