#pragma once

#include <optional>
#include <set>

#include "exec/group.h"
#include "exec/node_lock.h"
#include "exec/process_tree.h"
#include "meter/meter.h"

namespace ebb::measure {

/// A job that has a cgroup of its own: the kernel counts, whatever it forks.
class GroupUsage final : public meter::JobUsage {
 public:
  /// CPU time counts from now on. `group` outlives this.
  explicit GroupUsage(const exec::JobGroup& group);
  std::optional<time::Duration> cpu_time() override;
  bool has_process(int pid) override;

 private:
  const exec::JobGroup& group_;
  time::Duration before_{0};
};

/// A job that is the tree of our descendants; other ranks on the node are followed by their records.
class TreeUsage final : public meter::JobUsage {
 public:
  explicit TreeUsage(exec::ProcessTree& tree) : tree_(tree) {}
  std::optional<time::Duration> cpu_time() override;
  bool has_process(int pid) override;

 private:
  exec::ProcessTree& tree_;
};

/// A process that ran before.
class AttachedUsage final : public meter::JobUsage {
 public:
  explicit AttachedUsage(exec::AttachedTree& tree) : tree_(tree) {}
  std::optional<time::Duration> cpu_time() override;
  bool has_process(int pid) override;

 private:
  exec::AttachedTree& tree_;
};

}  // namespace ebb::measure
