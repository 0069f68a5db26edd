#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/expected.h"
#include "exec/descriptor.h"

namespace ebb::exec {

/// A group "ebb-NAME" in the v1 hierarchy of the freezer, below the one that this process is in there, for a job whose
/// JobGroup lies in another hierarchy. Shared, locked and reclaimed as JobGroup's folder.
///
/// The destructor leaves it; call remove() first where it is to go. Thread safety: none.
class FreezerGroup {
 public:
  /// Errors: kUsage, a name that is no name; kNoData where the freezer is not mounted; kService.
  static base::Expected<FreezerGroup> make(const std::string& name,
                                           const std::string& mountinfo = "/proc/self/mountinfo",
                                           const std::string& own_cgroup = "/proc/self/cgroup");

  [[nodiscard]] const std::string& path() const { return path_; }
  /// cgroup.procs, open for writing: who writes "0" to it enters.
  [[nodiscard]] int procs_fd() const { return procs_.get(); }
  /// Moves a process in, with its threads; one that has ended is fine. Errors: kService.
  [[nodiscard]] base::Status enter(pid_t pid) const;
  /// Those of groups that the job made in it included. Errors: kService.
  [[nodiscard]] base::Expected<std::vector<pid_t>> process_ids() const;
  /// Best effort: one that others use or that has processes stays.
  void remove();

 private:
  FreezerGroup() = default;

  std::string path_;
  Descriptor folder_;  ///< locked (shared)
  Descriptor procs_;
};

}  // namespace ebb::exec
