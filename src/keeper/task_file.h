#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "exec/executor.h"

namespace ebb::keeper {

/// A task as one JSON object and back, to the byte: whatever stands in its arguments and its environment.
std::string json_of(const exec::Task& task);

/// kBadData, naming the field: one that is missing, of another type or out of its range, a NUL byte, an id that is no
/// plain name, a path that is not absolute, an environment entry without a name.
base::Expected<exec::Task> parse_task(std::string_view json);

}  // namespace ebb::keeper
