#pragma once

#include <vector>

#include "account/run_record.h"
#include "base/expected.h"
#include "cli/command.h"
#include "measure/measure.h"
#include "report/json.h"

namespace ebb::cli {

/// A measured run as options ask for it: what `ebb run` and the keeper of a job have in common.
struct WantedRun {
  measure::Request request;
  report::Json pricing;  ///< pricing_choice()
};

/// Options of a measured run: what it belongs to, sensors, pricing.
const std::vector<Option>& measuring_options();

/// The command is `arguments`' COMMAND, or --attach. Everything that can be wrong with an option is found here, before
/// anything runs. Errors: kUsage.
base::Expected<WantedRun> wanted_run(const Arguments& arguments, const Context& context);

measure::World world_of(const Context& context);

/// A run that has ended, priced and in the ledger. What cannot be priced is filed by its energy, with a warning; a
/// ledger that cannot be written is said on stderr. Errors: the traces cannot be read.
struct FiledRun {
  account::RunRecord record;
  report::Json document;
};
/// `plan`: what the record has under that name; null: nothing.
base::Expected<FiledRun> file_run(const measure::Outcome& outcome, const WantedRun& wanted, const Arguments& arguments,
                                  const Context& context, const report::Json& plan = {});

}  // namespace ebb::cli
