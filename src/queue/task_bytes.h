#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "exec/executor.h"

namespace ebb::queue {

/// A task as bytes, and back to the same task: its texts may hold anything (no JSON could). The environment is left
/// out: it has a place of its own.
std::string bytes_of(const exec::Task& task);
/// kBadData where the bytes were not made by bytes_of().
base::Expected<exec::Task> parse_task(std::string_view bytes);

/// A list of texts of any bytes, and back.
std::string bytes_of(const std::vector<std::string>& texts);
base::Expected<std::vector<std::string>> parse_texts(std::string_view bytes);

}  // namespace ebb::queue
