#pragma once

#include <string>

#include "base/expected.h"
#include "cli/command.h"
#include "cli/measured_run.h"

namespace ebb::cli {

/// What running by plan adds.
struct PlanSummary {
  report::Json json;  ///< of the record, under "plan"; null: no plan
  std::string line;   ///< of the summary
};

/// Files a run that has ended, and says what it came to as the options ask: five lines, or the document.
base::Status report_run(const measure::Outcome& outcome, const WantedRun& wanted, const Arguments& arguments,
                        const Context& context, const PlanSummary& plan = {});

}  // namespace ebb::cli
