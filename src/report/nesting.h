#pragma once

#include "report/json.h"

namespace ebb::report {

/// Whether lists and objects stand in each other more than 64 deep: no document of ebb does, and dump() takes a frame
/// of the stack for each level.
bool nested_too_deeply(const Json& document);

}  // namespace ebb::report
