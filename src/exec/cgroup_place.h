#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace ebb::exec {

enum class CgroupVersion { kV1, kV2 };

/// Where this process's own cgroup lies in the file system.
struct CgroupPlace {
  std::string folder;                    ///< "/sys/fs/cgroup/unified/user.slice"
  std::vector<std::string> controllers;  ///< v1: what is mounted together ("cpu", "cpuacct"); v2: empty
};

/// Finds it from the texts of /proc/self/mountinfo and /proc/self/cgroup: the unified hierarchy (v2, a hybrid one
/// beside v1 included), or the v1 hierarchy with the controller cpuacct. Formats: proc(5), cgroups(7).
///
/// Errors: kNoData where it is not mounted, lies outside of what is mounted here (another cgroup namespace), or was
/// removed; kBadData never: lines that are not understood are passed over.
base::Expected<CgroupPlace> find_cgroup_place(CgroupVersion version, std::string_view mountinfo,
                                              std::string_view own_cgroup);

}  // namespace ebb::exec
