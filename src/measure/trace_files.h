#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "trace/writer.h"

namespace ebb::measure {

/// A trace in `folder` under the next free name of this node: a rank that takes over writes its own. Errors: kService.
base::Expected<trace::Writer> create_trace(const std::string& folder, const std::string& node);

/// Whether every node's trace holds the end of its command.
bool all_have_ended(const std::string& folder, const std::vector<std::string>& nodes);

}  // namespace ebb::measure
