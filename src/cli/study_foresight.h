#pragma once

#include <vector>

#include "base/expected.h"
#include "cli/command.h"
#include "cli/study_inputs.h"
#include "grid/catalogue.h"
#include "report/json.h"

namespace ebb::cli {

/// `ebb study --foresight as-issued`: the planned evaluation on SGIP's forecasts as they were published.
base::Expected<int> run_foresight(const Arguments& arguments, const Context& context, grid::Catalogue& catalogue);

/// The same for the report: the shown experiments with a day of slack.
base::Expected<report::Json> foresight_json(const StudyInputs& inputs, grid::Catalogue& catalogue,
                                            const std::vector<std::size_t>& experiments);

}  // namespace ebb::cli
