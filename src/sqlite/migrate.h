#pragma once

#include <cstdint>
#include <vector>

#include "base/expected.h"
#include "sqlite/database.h"

namespace ebb::sqlite {

/// The tables of one kind of file.
struct Tables {
  std::int64_t application_id = 0;  ///< told by SQLite's application_id
  /// The statements that bring the tables from version i to i + 1; version 0 is an empty file. What was released never
  /// changes: a change is a new entry.
  std::vector<const char*> steps;
};

/// Brings the file to the version that the steps end at: each step is one transaction, so that another process, or a
/// kill, sees the version before or after it. kBadData: a database of another program, or of a newer ebb.
base::Status migrate(Database& database, const Tables& tables);

/// For reading: that the tables are this version's. kBadData as above; kService: they are older, and the file must be
/// opened once by somebody who may write it.
base::Status require_version(Database& database, const Tables& tables);

}  // namespace ebb::sqlite
