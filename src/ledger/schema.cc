#include "ledger/schema.h"

#include <fmt/format.h>

namespace ebb::ledger {
namespace {

using base::Done;
using base::Expected;
using base::Status;

// `records` stands apart, so that sums over many runs need not read past the documents. Few indexes: each is a page
// more that every change writes.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE runs (
  id            INTEGER PRIMARY KEY,
  run_id        TEXT    NOT NULL UNIQUE,
  state         TEXT    NOT NULL CHECK (state IN ('running', 'finished', 'lost')),
  project       TEXT    NOT NULL,
  user          TEXT    NOT NULL,
  node_count    INTEGER NOT NULL,
  parent_run    TEXT    NOT NULL,
  begin_ns      INTEGER NOT NULL,
  end_ns        INTEGER,
  exit_code     INTEGER,
  energy_j      REAL    NOT NULL,
  operational_g REAL,
  embodied_g    REAL,
  emissions_g   REAL,
  zone          TEXT    NOT NULL,
  signal        TEXT    NOT NULL,
  source        TEXT    NOT NULL,
  vintage       TEXT    NOT NULL,
  trace_folder  TEXT    NOT NULL,
  command       TEXT    NOT NULL
) STRICT;
CREATE INDEX runs_by_begin ON runs (begin_ns);
CREATE INDEX runs_by_parent ON runs (parent_run) WHERE parent_run <> '';
CREATE INDEX runs_by_command ON runs (command, begin_ns) WHERE state = 'finished' AND exit_code = 0;
CREATE TABLE run_tags (
  id    INTEGER NOT NULL REFERENCES runs,
  key   TEXT    NOT NULL,
  value TEXT    NOT NULL,
  PRIMARY KEY (id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE records (
  id   INTEGER PRIMARY KEY REFERENCES runs,
  json TEXT    NOT NULL
) STRICT;
CREATE TABLE restatements (
  id       INTEGER PRIMARY KEY,
  run_id   TEXT    NOT NULL REFERENCES runs (run_id),
  at_ns    INTEGER NOT NULL,
  reason   TEXT    NOT NULL,
  old_json TEXT    NOT NULL,
  new_json TEXT    NOT NULL
) STRICT;
CREATE INDEX restatements_by_run ON restatements (run_id);
)sql";

/// Inside a transaction: a file that another process is just making is seen before or after it.
Expected<std::int64_t> version_of(Database& database, std::size_t newest) {
  EBB_TRY(const auto version, database.number("PRAGMA user_version"));
  EBB_TRY(const auto owner, database.number("PRAGMA application_id"));
  EBB_TRY(const auto tables, database.number("SELECT count(*) FROM sqlite_master"));
  const bool fresh = version == 0 && owner == 0 && tables == 0;
  if (!fresh && (owner != kApplicationId || version <= 0)) {
    return base::bad_data(fmt::format(
        "{}: is no ledger but a database of another program: name another data folder, or move this file away",
        database.path()));
  }
  if (version > static_cast<std::int64_t>(newest)) {
    return base::bad_data(
        fmt::format("{}: was written by a newer ebb (tables of version {}, this one knows {}): use that one",
                    database.path(), version, newest));
  }
  return version;
}

}  // namespace

const std::vector<const char*>& migrations() {
  static const std::vector<const char*> steps{kVersion1};
  return steps;
}

Status migrate(Database& database, const std::vector<const char*>& steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  for (;;) {
    EBB_TRY(const auto owner, database.number("PRAGMA application_id"));
    EBB_TRY(const auto seen, database.number("PRAGMA user_version"));
    if (owner == kApplicationId && seen == newest) return Done{};
    EBB_TRY(auto transaction, Transaction::begin(database));
    EBB_TRY(const auto version, version_of(database, steps.size()));
    if (version == newest) return Done{};
    EBB_TRY_DO(database.run(steps[static_cast<std::size_t>(version)]));
    EBB_TRY_DO(
        database.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, version + 1)));
    EBB_TRY_DO(transaction.commit());
  }
}

}  // namespace ebb::ledger
