#include "measure/node_ranks.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "exec/runtime_folder.h"
#include "measure/trace_files.h"

namespace ebb::measure {
namespace {

exec::ProcessRef process_of(pid_t pid) {
  const auto stat = exec::read_proc_stat("/proc", pid);
  return stat ? stat->process : exec::ProcessRef{pid, 0};
}

}  // namespace

base::Expected<NodeRanks> NodeRanks::open(const exec::RankPlace& place, const World& world, const std::string& name) {
  NodeRanks ranks;
  ranks.place_ = place;
  if (!place.job) return ranks;
  EBB_TRY(const auto runtime, exec::open_runtime_folder({world.host.environment("XDG_RUNTIME_DIR"), "/tmp"}));
  EBB_TRY(ranks.lock_, exec::NodeLock::open(runtime, name));
  return ranks;
}

base::Expected<bool> NodeRanks::try_lead() {
  if (!lock_) return true;
  return lock_->try_lead();
}

base::Status NodeRanks::put(pid_t job, std::optional<time::Duration> cpu) {
  if (!lock_) return base::Done{};
  exec::RankRecord record;
  record.meter = process_of(::getpid());
  record.job = record_ ? record_->job : process_of(job);
  record.local_rank = place_.local_rank.value_or(0);
  record.gpus = place_.gpus;
  record.cpu = cpu;
  record_ = record;
  return lock_->put(record);
}

std::optional<std::vector<std::string>> NodeRanks::boards() const {
  auto boards = place_.gpus;
  if (!lock_ || !boards) return boards;
  for (const auto& rank : lock_->ranks()) {
    if (rank.gpus) boards->insert(boards->end(), rank.gpus->begin(), rank.gpus->end());
  }
  return boards;
}

void NodeRanks::follow(exec::ProcessTree& tree) const {
  if (!lock_) return;
  for (const auto& rank : lock_->ranks()) tree.follow(rank);
}

/// A leader gives up the lead before it looks whether others live; a follower says that it has ended before it tries
/// for the lead. So whoever is last of two that end at once knows it, and a file made by one only settles who tells.
bool NodeRanks::is_last(const std::string& folder, bool& leads) {
  if (lock_) {
    if (leads) {
      lock_->leave();
    } else if (const auto lead = lock_->try_lead(); lead && *lead) {
      leads = true;
      lock_->leave();
    }
    const auto others = lock_->ranks();
    const bool alive = std::any_of(others.begin(), others.end(), [](const auto& rank) {
      return !rank.cpu && rank.meter.pid != ::getpid() && process_of(rank.meter.pid) == rank.meter;
    });
    if (!leads || alive) return false;
  }
  if (place_.expected_nodes.size() > 1 && !all_have_ended(folder, place_.expected_nodes)) return false;
  if (!place_.job) return true;
  const int claim = ::open((folder + "/reported").c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (claim >= 0) ::close(claim);
  return claim >= 0 || errno != EEXIST;
}

}  // namespace ebb::measure
