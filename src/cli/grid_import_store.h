#pragma once

#include <string>

#include "base/expected.h"
#include "cli/grid_import_report.h"
#include "formats/understood.h"
#include "time/instant.h"

namespace ebb::cli {

/// Puts what was read into the store of a data folder, which is made where there is none: values, forecasts, and
/// forecast columns as forecasts of their slots. Forecasts whose issue is not known are not kept. `location` is the
/// origin that stands beside the values. Errors as the store's.
base::Expected<Stored> store_import(const formats::Understood& read, const std::string& folder,
                                    const std::string& location, time::Instant now);

}  // namespace ebb::cli
