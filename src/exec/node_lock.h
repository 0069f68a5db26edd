#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "exec/descriptor.h"
#include "exec/rank_record.h"

namespace ebb::exec {

/// Among the ranks of one job on one node, exactly one leads: it measures the node.
///
/// The lock is the kernel's (flock), so it is free as soon as its holder is gone, however that died: a follower asks
/// try_lead() again with each of its own wakings. All ranks put a record beside the lock. Thread safety: none.
class NodeLock {
 public:
  /// `runtime_folder` of open_runtime_folder(); `job` of RankPlace. Errors: kService; kUsage for a job that is no name.
  static base::Expected<NodeLock> open(const std::string& runtime_folder, const std::string& job);

  /// Whether this rank leads, now; stays true until leave(). Never waits.
  base::Expected<bool> try_lead();
  [[nodiscard]] bool leads() const { return static_cast<bool>(lock_); }

  /// Writes this rank's record, or replaces it.
  base::Status put(const RankRecord& record);
  /// Those of all ranks. One that cannot be read is passed over.
  [[nodiscard]] std::vector<RankRecord> ranks() const;

  /// Gives up the lead. The last rank removes the folder: the one that finds no other's meter alive.
  void leave();
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  explicit NodeLock(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
  Descriptor lock_;  ///< valid while this rank leads
};

}  // namespace ebb::exec
