#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "exec/descriptor.h"

namespace ebb::exec {

inline constexpr std::string_view kGroupPrefix = "ebb-";

/// Makes a cgroup folder, or joins the one that is there (`joined`), and holds a shared lock on it: as long as somebody
/// does, nobody takes it for a leftover. Errors: kService, with the system's reason.
base::Expected<Descriptor> make_locked_group_folder(const std::string& path, bool& joined);

/// Removes a cgroup, and those that the job made in it. False, with errno, where processes are in one of them.
bool remove_group_folder(const std::string& path);

/// Removes what runs that were killed left in a folder: groups of ours whose lock nobody holds, with no process in
/// them. What cannot be removed stays.
void remove_stale_groups(const std::string& parent);

/// That none of a group's controllers changes the job's share of something that all processes around it had in common
/// (cpu, io). Errors: kService, naming it.
base::Status check_neutral(const std::string& path, const std::vector<std::string_view>& controllers);

}  // namespace ebb::exec
