#pragma once

#include <vector>

#include "base/expected.h"
#include "imports/codecarbon_row.h"
#include "imports/run_draft.h"

namespace ebb::imports {

/// Makes one run of its rows, in the order of the file, at least one: snapshots that grow, the last of which is the
/// total; what was added between two lies between them.
///
/// kBadData "line: what" where a row says less than one before it. A run without any known energy has no parts.
base::Expected<RunDraft> draft_carbon_run(const std::vector<CarbonRow>& rows, trace::Header header,
                                          const std::string& node);

}  // namespace ebb::imports
