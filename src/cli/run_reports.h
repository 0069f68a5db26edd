#pragma once

#include <string>

#include "base/expected.h"
#include "cli/command.h"

namespace ebb::cli {

/// The report of one run: html, markdown, latex, csv or json (the record alone). Priced as it stands in the ledger;
/// pricing options given price it anew, without changing the ledger.
base::Expected<std::string> run_report_text(const std::string& id, const std::string& format,
                                            const Arguments& arguments, const Context& context);

/// The report of the runs that --project and the other filters choose.
base::Expected<std::string> project_report(const std::string& format, const Arguments& arguments,
                                           const Context& context);

}  // namespace ebb::cli
