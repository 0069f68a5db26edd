#pragma once

#include <vector>

#include "base/expected.h"
#include "ledger/database.h"

namespace ebb::ledger {

/// "ebbl": told by SQLite's application_id.
inline constexpr std::int64_t kApplicationId = 0x6562626C;

/// The statements that bring the tables from version i to i + 1; version 0 is an empty file. What was released never
/// changes: a change is a new entry.
const std::vector<const char*>& migrations();

/// Brings the file to the version that `steps` end at: each step is one transaction, so that another process, or a
/// kill, sees the version before or after it. kBadData: a database of another program, or of a newer ebb.
base::Status migrate(Database& database, const std::vector<const char*>& steps);

}  // namespace ebb::ledger
