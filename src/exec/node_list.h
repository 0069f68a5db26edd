#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace ebb::exec {

inline constexpr std::size_t kMostNodes = 65536;

/// The names in a Slurm list such as "node[01-03,7],gpu1" (also "rack[1-2]n[1-4]"), in its order; a number keeps the
/// width of its range's begin. Duplicates stay.
///
/// Errors: kBadData, with the place: brackets that do not match, an empty name or range, a range that runs backwards, a
/// character that no host name has, more than kMostNodes names.
base::Expected<std::vector<std::string>> parse_node_list(std::string_view text);

}  // namespace ebb::exec
