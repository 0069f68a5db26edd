#include "sqlite/migrate.h"

#include <fmt/format.h>

namespace ebb::sqlite {
namespace {

using base::Done;
using base::Expected;
using base::Status;

/// Inside a transaction: a file that another process is just making is seen before or after it.
Expected<std::int64_t> version_of(Database& database, const Tables& tables) {
  const auto newest = static_cast<std::int64_t>(tables.steps.size());
  EBB_TRY(const auto version, database.number("PRAGMA user_version"));
  EBB_TRY(const auto owner, database.number("PRAGMA application_id"));
  EBB_TRY(const auto count, database.number("SELECT count(*) FROM sqlite_master"));
  const bool fresh = version == 0 && owner == 0 && count == 0;
  if (!fresh && (owner != tables.application_id || version <= 0)) {
    return base::bad_data(
        fmt::format("{}: is no {} but a database of another program: name another data folder, or move this file away",
                    database.path(), database.wording().thing));
  }
  if (version > newest) {
    return base::bad_data(
        fmt::format("{}: was written by a newer ebb (tables of version {}, this one knows {}): use that one",
                    database.path(), version, newest));
  }
  return version;
}

}  // namespace

Status migrate(Database& database, const Tables& tables) {
  const auto newest = static_cast<std::int64_t>(tables.steps.size());
  for (;;) {
    EBB_TRY(const auto owner, database.number("PRAGMA application_id"));
    EBB_TRY(const auto seen, database.number("PRAGMA user_version"));
    if (owner == tables.application_id && seen == newest) return Done{};
    EBB_TRY(auto transaction, Transaction::begin(database));
    EBB_TRY(const auto version, version_of(database, tables));
    if (version == newest) return Done{};
    EBB_TRY_DO(database.run(tables.steps[static_cast<std::size_t>(version)]));
    EBB_TRY_DO(database.run(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", tables.application_id, version + 1)));
    EBB_TRY_DO(transaction.commit());
  }
}

Status require_version(Database& database, const Tables& tables) {
  EBB_TRY(auto transaction, Transaction::begin_to_read(database));
  EBB_TRY(const auto version, version_of(database, tables));
  if (version == static_cast<std::int64_t>(tables.steps.size())) return Done{};
  return base::service_error(
      fmt::format("{}: has the tables of version {}, this ebb reads version {}: open it once with the right to write",
                  database.path(), version, tables.steps.size()));
}

}  // namespace ebb::sqlite
