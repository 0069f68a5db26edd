#pragma once

#include <string>
#include <vector>

namespace ebb::measure {

/// Whether somebody still writes one of these traces: a run holds a lock on its trace, which the kernel drops with it.
bool is_alive(const std::vector<std::string>& traces);

/// Takes that lock, for as long as the process lives; the descriptor is given back (-1 where it could not be had).
int hold_trace(const std::string& path);

}  // namespace ebb::measure
