#pragma once

#include <string>
#include <utility>

#include "base/expected.h"
#include "exec/cgroup_place.h"
#include "exec/pause_wait.h"

namespace ebb::exec {

/// The freezer of one cgroup folder: `cgroup.freeze` and `cgroup.events` (v2, Linux 5.2), or `freezer.state` (v1).
/// Formats: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/freezer-subsystem.rst of the kernel.
///
/// Holds no descriptor between calls. Thread safety: none.
class Freezer {
 public:
  enum class State {
    kThawed,
    kFreezing,  ///< asked for, and some process does not stand still yet
    kFrozen,    ///< no process of it runs; also where a group above is frozen
  };

  /// Errors: kService where the folder has no freezer, or this user may not write to it.
  static base::Expected<Freezer> open(std::string folder, CgroupVersion version);

  [[nodiscard]] CgroupVersion version() const { return version_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Errors: kService where the folder is gone; kBadData where the kernel says something unknown.
  [[nodiscard]] base::Expected<State> state() const;
  /// Asks for it and does not wait. Errors: kService.
  [[nodiscard]] base::Status ask(bool frozen) const;
  /// Returns when all processes stand still. Errors: as state(); kService where one does not until `deadline`
  /// (Waiting::steady): then the group is thawed again.
  base::Status freeze(Waiting& waiting, time::Duration deadline) const;
  /// Returns when it is not frozen. Errors: as freeze(), when a group above is frozen.
  base::Status thaw(Waiting& waiting, time::Duration deadline) const;

 private:
  Freezer(std::string folder, CgroupVersion version) : folder_(std::move(folder)), version_(version) {}
  base::Status wait_for_frozen(Waiting& waiting, time::Duration deadline) const;

  std::string folder_;
  CgroupVersion version_;
};

}  // namespace ebb::exec
