#pragma once

#include <string>
#include <vector>

#include "account/run_record.h"
#include "report/json.h"

namespace ebb::report {

/// Name of the document's shape, its key `schema`.
inline constexpr const char* kRunSchema = "ebb-run-1";

/// The document of `ebb run --json` and of a record in the ledger (docs/run-record.md). Every key is always there; what
/// is not known is null, with a line in `warnings`. Texts that are no UTF-8 get U+FFFD where they are not.
Json run_json(const account::RunRecord& record);

/// The lines that run_json adds to the record's own warnings: one for each thing that is null because it is not known.
/// A key that a warning of the record begins with ("zone: ...") gets none.
std::vector<std::string> null_warnings(const account::RunRecord& record);

}  // namespace ebb::report
