#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "ledger/database.h"
#include "ledger/ledger.h"

namespace ebb::ledger {

/// Why a row cannot be kept; kBadData naming run and field.
base::Status check_row(const RunRow& row);

/// The row as it stands; nothing where there is no such run.
base::Expected<std::optional<RunRow>> read_row(Database& database, const std::string& run_id);

/// That there is no such run, with the ids nearest to it.
base::Error no_such_run(Database& database, const std::string& run_id);

/// Inserts or replaces, in all its tables. Inside a transaction of the caller's.
base::Status write_row(Database& database, const RunRow& row);

base::Expected<std::vector<RunRow>> read_rows(Database& database, const Filter& filter);

}  // namespace ebb::ledger
