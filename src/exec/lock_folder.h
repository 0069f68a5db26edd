#pragma once

#include <string>
#include <string_view>

namespace ebb::exec {

/// What may become the name of a file or cgroup: 1 to 128 letters, digits, '.', '_' and '-', not "." or "..".
bool is_plain_name(std::string_view name);

/// Whether the open file is still the one at that path: a lock on one that was replaced says nothing.
bool is_still_at(int fd, const std::string& path);

}  // namespace ebb::exec
