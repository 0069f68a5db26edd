#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "cli/command.h"
#include "cli/pricing.h"
#include "ledger/ledger.h"
#include "report/json.h"

namespace ebb::cli {

/// Options that choose runs: --project, --user, --tag, --from, --to, --state, --limit.
const std::vector<Option>& filter_options();
base::Expected<ledger::Filter> filter_of(const Arguments& arguments, const Context& context);

/// Whether a row that is not in the ledger would be among those of list(filter).
bool lets_through(const ledger::Filter& filter, const ledger::RunRow& row);

/// The document of a run. One that is not finished is made anew from its trace: as far as it has come.
base::Expected<report::Json> document_of(const ledger::RunRow& row, const Arguments& arguments, const Context& context);

/// Folders of traces under a data folder that the ledger does not have: runs that go on, or whose ebb was killed. Their
/// rows, priced as their traces say.
base::Expected<std::vector<ledger::RunRow>> runs_beside_ledger(ledger::Ledger& ledger, const std::string& data_folder,
                                                               const Arguments& arguments, const Context& context);

/// The runs that the filter options let through, those beside the ledger among them, newest first.
base::Expected<std::vector<ledger::RunRow>> chosen_rows(ledger::Ledger& ledger, const std::string& data_folder,
                                                        const Arguments& arguments, const Context& context);

/// A run by its id or the begin of it: in the ledger, else among the traces beside it.
base::Expected<ledger::RunRow> find_run(ledger::Ledger& ledger, const std::string& data_folder, const std::string& id,
                                        const Arguments& arguments, const Context& context);

/// A run's traces, priced anew as its header and the options say.
struct LoadedRun {
  PricedRun priced;
  report::Json document;
};
base::Expected<LoadedRun> load_run(const std::string& folder, const Arguments& arguments, const Context& context,
                                   bool thorough);

}  // namespace ebb::cli
