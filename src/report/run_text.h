#pragma once

#include <string>

#include "account/run_record.h"

namespace ebb::report {

/// What a person reads when a run has ended, five lines of at most 100 columns (long ones go on below): energy by
/// component with method and interval; grams in both books with signal, zone and source; one equivalence; what would
/// have been better; where the report is. Then what the machine drew besides, gaps, missing nodes and warnings, where
/// there are any. colour: ANSI colours, for a terminal.
std::string run_text(const account::RunRecord& record, bool colour);

/// A screenful for `ebb runs show`: who, when and where; each component; conservation; the boundary; both books; SCI
/// with each term; regions, what-ifs, gaps, warnings.
std::string run_detail_text(const account::RunRecord& record, bool colour);

}  // namespace ebb::report
