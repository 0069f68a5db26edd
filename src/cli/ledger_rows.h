#pragma once

#include <string>

#include "account/run_record.h"
#include "ledger/ledger.h"
#include "report/json.h"

namespace ebb::cli {

/// The ledger's row of a priced run.
ledger::RunRow row_of(const account::RunRecord& record, const report::Json& document, const std::string& trace_folder);

/// The ledger of a data folder: `ledger.db` in it.
base::Expected<ledger::Ledger> open_ledger(const std::string& data_folder);

}  // namespace ebb::cli
