#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/expected.h"
#include "cli/command.h"
#include "report/json.h"

namespace ebb::cli {

/// Where the queue lies: --queue, else $EBB_QUEUE, else the folder `queue` in ebb's data.
base::Expected<std::string> queue_folder(const Arguments& arguments, const Context& context);

/// Asks the daemon of that queue; its refusal is an error of the kind that it names. Errors: kService where there is
/// none.
base::Expected<report::Json> ask_queue(const Arguments& arguments, const Context& context,
                                       const report::Json& question);

/// A text of a document, "" where it is null or not there.
std::string text_in(const report::Json& document, const char* key);

namespace option_rows {
inline constexpr Option kQueue{"--queue", "DIR",
                               "folder of the queue; else $EBB_QUEUE, else `queue` in the folder of ebb's data"};
}  // namespace option_rows

}  // namespace ebb::cli
