#pragma once

#include <string>
#include <string_view>

#include "imports/import.h"

namespace ebb::imports {

/// "codecarbon-5c1e..." of letters, digits, '.', '_' and '-' only, at most 100 long; where `id` had to be changed for
/// that, a hash of it keeps two apart. `prefix` is short and of such characters.
std::string safe_run_id(std::string_view prefix, std::string_view id);

/// For files that name no run: "dcgm-20240501T100000Z-5f3a...": the same text and begin give the same id.
std::string run_id_of_text(std::string_view prefix, time::Instant begin, std::string_view text);

/// options.run_id, else `made`; kUsage where it has other characters than safe_run_id() leaves.
base::Expected<std::string> chosen_run_id(const ImportOptions& options, std::string made);

}  // namespace ebb::imports
