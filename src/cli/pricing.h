#pragma once

#include <string>
#include <vector>

#include "account/price.h"
#include "base/expected.h"
#include "cli/command.h"
#include "report/json.h"

namespace ebb::cli {

/// Options that say how a run is priced; `ebb run` keeps them in its trace, so that later commands price it alike.
const std::vector<Option>& pricing_options();

/// The options given, else those kept with the run, else the environment ($EBB_ZONE), as one JSON object.
report::Json pricing_choice(const Arguments& arguments, const Context& context, const report::Json& kept);

/// kUsage where an option's value is wrong, before anything is run.
base::Status check_pricing(const report::Json& choice);

/// The record of a run, priced as chosen. `thorough`: other zones are compared as well (tens of milliseconds).
/// `alive`: the run's process still lives.
struct PricedRun {
  account::RunRecord record;
  std::vector<series::Series> series;  ///< own book first, then the other zones: for the page of a report
};
base::Expected<PricedRun> price_run(const account::Measured& measured, const report::Json& choice,
                                    const Arguments& arguments, const Context& context, bool thorough, bool alive);

}  // namespace ebb::cli
