#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "exec/node_lock.h"
#include "exec/process_tree.h"
#include "exec/ranks.h"
#include "measure/world.h"

namespace ebb::measure {

/// The ranks of a parallel run that are on this node, seen from one of them; a run that is none is alone.
///
/// Thread safety: none.
class NodeRanks {
 public:
  /// `name`: of this run on this node. Errors: kService.
  static base::Expected<NodeRanks> open(const exec::RankPlace& place, const World& world, const std::string& name);
  NodeRanks() = default;

  [[nodiscard]] bool is_alone() const { return !lock_; }
  /// Whether this rank is the one that measures the node, now. Never waits. Errors: kService.
  base::Expected<bool> try_lead();
  /// Tells the others of this rank's command; again with all that it used, once it has ended. Errors: kService.
  base::Status put(pid_t job, std::optional<time::Duration> cpu);
  /// Of all ranks here, where this one says which are its own.
  [[nodiscard]] std::optional<std::vector<std::string>> boards() const;
  /// Their processes count to the tree.
  void follow(exec::ProcessTree& tree) const;
  /// Whether everything of the run has ended, on all nodes, and nobody else has taken it on himself to say so. `leads`:
  /// whether this rank has measured the node; it may come to have the last word all the same, and then is set.
  bool is_last(const std::string& folder, bool& leads);

 private:
  exec::RankPlace place_;
  std::optional<exec::NodeLock> lock_;
  std::optional<exec::RankRecord> record_;
};

}  // namespace ebb::measure
