#pragma once

#include <string>

#include "base/expected.h"
#include "cli/command.h"
#include "cli/grid_fetch_report.h"
#include "cli/network.h"
#include "store/store.h"

namespace ebb::cli {

/// `ebb grid fetch --url`: the series of a file at an address into the store.
base::Expected<FetchOutcome> fetch_url(const std::string& url, const Arguments& arguments, const Context& context,
                                       Network& network, store::Store& store);

}  // namespace ebb::cli
