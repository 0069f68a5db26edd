#include "exec/tree_counter.h"

#include <algorithm>
#include <utility>

namespace ebb::exec {
namespace {

bool has_ended(const ProcStat& stat) { return stat.state == 'Z' || stat.state == 'X'; }

}  // namespace

TreeCounter::RootId TreeCounter::add_root(ProcessRef root, Counts counts) {
  roots_.push_back({root, counts, {}, {}, {}, true});
  return roots_.size() - 1;
}

time::Duration TreeCounter::sample() {
  reader_.begin();
  live_ = 0;
  Members now;
  now.reserve(members_.size() + 16);
  for (RootId root = 0; root < roots_.size(); ++root) {
    roots_[root].seen = time::Duration(0);
    walk_root(root, now);
  }
  walk_orphans(now);
  for (const auto& [pid, member] : members_) {
    const auto found = now.find(pid);
    const bool is_gone = found == now.end() || found->second.start_ticks != member.start_ticks;
    if (is_gone && !was_waited_for(member, now)) roots_[member.root].ended += member.cpu;
  }
  members_ = std::move(now);
  time::Duration total{0};
  for (const auto& root : roots_) total += root.final_cpu.value_or(root.seen + root.ended);
  highest_ = std::max(highest_, total);
  return highest_;
}

void TreeCounter::walk_root(RootId root, Members& now) {
  Root& of = roots_[root];
  const auto stat = reader_.stat(of.process.pid);
  of.alive = stat && stat->process == of.process && !has_ended(*stat);
  if (!stat || stat->process != of.process || now.contains(of.process.pid)) return;
  auto cpu = of.counts == Counts::kNothing ? time::Duration(0) : stat->children_cpu;
  if (of.counts == Counts::kAll) {
    cpu += stat->cpu;
    if (of.alive) ++live_;
  }
  now[of.process.pid] = {of.process.start_ticks, stat->parent, root, cpu};
  of.seen += cpu;
  std::vector<pid_t> children;
  reader_.children_of(of.process.pid, stat->threads, children);
  for (const pid_t child : children) walk(child, of.process.pid, root, now);
}

void TreeCounter::walk(pid_t from, pid_t parent, RootId root, Members& now) {
  // No recursion: a job can make a chain of processes longer than our stack.
  std::vector<std::pair<pid_t, pid_t>> waiting{{from, parent}};
  std::vector<pid_t> children;
  while (!waiting.empty()) {
    const auto [pid, its_parent] = waiting.back();
    waiting.pop_back();
    if (now.contains(pid)) continue;
    const auto stat = reader_.stat(pid);
    // Another parent: it has moved meanwhile, or its pid is somebody else's already.
    if (!stat || stat->parent != its_parent || is_excluded(*stat)) continue;
    const auto cpu = stat->cpu + stat->children_cpu;
    now[pid] = {stat->process.start_ticks, its_parent, root, cpu};
    roots_[root].seen += cpu;
    if (!has_ended(*stat)) ++live_;
    children.clear();
    reader_.children_of(pid, stat->threads, children);
    for (const pid_t child : children) waiting.emplace_back(child, pid);
  }
}

/// Members that are alive but were not reached: their parents died, and others got them.
void TreeCounter::walk_orphans(Members& now) {
  struct Orphan {
    pid_t pid = 0;
    pid_t parent = 0;
    RootId root = 0;
  };
  std::unordered_map<pid_t, Orphan> orphans;
  for (const auto& [pid, member] : members_) {
    if (now.contains(pid)) continue;
    const auto stat = reader_.stat(pid);
    if (stat && stat->process.start_ticks == member.start_ticks) orphans[pid] = {pid, stat->parent, member.root};
  }
  // Those first whose parent is no orphan itself: everything is read from the top down.
  for (const auto& [pid, orphan] : orphans) {
    if (!orphans.contains(orphan.parent)) walk(pid, orphan.parent, orphan.root, now);
  }
}

bool TreeCounter::is_excluded(const ProcStat& stat) const {
  return std::find(excluded_.begin(), excluded_.end(), stat.process) != excluded_.end();
}

bool TreeCounter::was_waited_for(const Member& gone, const Members& now) const {
  pid_t parent = gone.parent;
  for (std::size_t i = 0; i <= members_.size(); ++i) {
    if (now.contains(parent)) return true;
    const auto above = members_.find(parent);
    if (above == members_.end()) return false;
    parent = above->second.parent;
  }
  return false;
}

}  // namespace ebb::exec
