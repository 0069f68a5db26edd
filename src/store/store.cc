#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "sqlite/journal.h"
#include "store/forecast_rows.h"
#include "store/origin_rows.h"
#include "store/store_parts.h"
#include "time/text.h"

namespace ebb::store {
namespace {

using base::Done;
using base::Expected;
using base::Status;

constexpr sqlite::Wording kWording{
    "store of grid series",
    "Move this file away, then fetch or import the series again (`ebb grid fetch`, `ebb grid import`)"};

/// How the values of chunks sum up.
Status sum_up(sqlite::Database& database, std::int64_t series_id, Entry& entry) {
  EBB_TRY(auto query, database.query("SELECT present, sum FROM chunks WHERE series_id = ? ORDER BY chunk"));
  query.bind(series_id);
  std::size_t present = 0;
  double sum = 0.0;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) break;
    present += static_cast<std::size_t>(query.integer());
    sum += query.real();
  }
  entry.missing = entry.slots - std::min(entry.slots, present);
  entry.mean = present == 0 ? series::kMissing : sum / static_cast<double>(present);
  return Done{};
}

Status describe_origins(sqlite::Database& database, std::int64_t series_id, Entry& entry) {
  EBB_TRY(
      auto query,
      database.query("SELECT licence, max(retrieved_ns) FROM origins WHERE id IN (SELECT origin_id FROM spans WHERE "
                     "series_id = ?) GROUP BY licence ORDER BY licence"));
  query.bind(series_id);
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return Done{};
    if (auto licence = query.text(); !licence.empty()) entry.licences.push_back(std::move(licence));
    entry.retrieved_at = std::max(entry.retrieved_at, time::Instant(time::Duration(query.integer())));
  }
}

Expected<Entry> entry_of(sqlite::Database& database, const SeriesRow& row) {
  Entry entry;
  entry.key = row.key;
  entry.covers = interval_of(row.key, row.slots);
  entry.slots = static_cast<std::size_t>(row.slots.count());
  entry.revised = row.revised;
  EBB_TRY_DO(sum_up(database, row.id, entry));
  EBB_TRY_DO(describe_origins(database, row.id, entry));
  EBB_TRY(entry.quality, quality_over(database, row.id, row.slots));
  return entry;
}

Expected<std::vector<Entry>> list_entries(sqlite::Database& database, const std::optional<std::string>& zone) {
  EBB_TRY(const auto transaction, sqlite::Transaction::begin_to_read(database));
  EBB_TRY(const auto rows, list_series(database, Role::kHistory, zone));
  std::vector<Entry> entries;
  for (const auto& row : rows) {
    EBB_TRY(auto entry, entry_of(database, row));
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// Reads every piece of every series: damage in one that is not asked for otherwise stays unseen.
Status check_pieces(Shelf shelf) {
  EBB_TRY(const auto histories, list_series(shelf.database, Role::kHistory, std::nullopt));
  for (const auto& row : histories) {
    EBB_TRY(const auto chunks, list_chunks(shelf.database, row.id));
    for (const auto chunk : chunks) EBB_TRY_DO(read_chunk(shelf, row, chunk));
    EBB_TRY_DO(check_changes(shelf, row));
  }
  EBB_TRY(const auto forecasts, list_series(shelf.database, Role::kForecasts, std::nullopt));
  for (const auto& row : forecasts) EBB_TRY_DO(read_forecasts(shelf, row, kAnyTime));
  return Done{};
}

}  // namespace

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Expected<Store> Store::open(const std::string& path, Access access, time::Duration wait) {
  const auto wait_milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(wait).count();
  const bool to_write = access == Access::kWrite;
  EBB_TRY(auto database,
          to_write ? sqlite::Database::open(path, kWording) : sqlite::Database::open_to_read(path, kWording));
  database.wait_for_others(static_cast<int>(wait_milliseconds));
  if (to_write) {
    EBB_TRY_DO(sqlite::migrate(database, tables()));
    EBB_TRY_DO(sqlite::choose_journal(database, sqlite::Sharing::kAsFileSystem));
    database.wait_for_others(static_cast<int>(wait_milliseconds));
  } else {
    EBB_TRY_DO(sqlite::require_version(database, tables()));
  }
  return Store(std::make_unique<Parts>(std::move(database)));
}

Expected<std::vector<Entry>> Store::list() { return list_entries(parts_->database, std::nullopt); }
Expected<std::vector<Entry>> Store::list(const std::string& zone) { return list_entries(parts_->database, zone); }

Status Store::remove(const Key& key) {
  auto& database = parts_->database;
  EBB_TRY(auto transaction, sqlite::Transaction::begin(database));
  bool found = false;
  for (const auto role : {Role::kHistory, Role::kForecasts}) {
    EBB_TRY(const auto row, find_series(database, key, role));
    if (!row) continue;
    found = true;
    for (const char* sql : {"DELETE FROM chunks WHERE series_id = ?", "DELETE FROM spans WHERE series_id = ?",
                            "DELETE FROM changes WHERE series_id = ?", "DELETE FROM forecasts WHERE series_id = ?",
                            "DELETE FROM series WHERE id = ?"}) {
      EBB_TRY(auto query, database.query(sql));
      EBB_TRY_DO(query.bind(row->id).run());
    }
  }
  if (!found) return require_series(database, key, Role::kHistory).error();
  EBB_TRY_DO(
      database.run("DELETE FROM origins WHERE id NOT IN (SELECT origin_id FROM spans) AND id NOT IN (SELECT "
                   "origin_id FROM forecasts)"));
  return transaction.commit();
}

Status Store::check() {
  auto& database = parts_->database;
  {
    EBB_TRY(auto query, database.query("PRAGMA integrity_check(1)"));
    EBB_TRY(const bool found, query.next());
    const std::string said = found ? query.text() : "no answer";
    if (said != "ok") return database.damaged(said);
  }
  EBB_TRY(const auto transaction, sqlite::Transaction::begin_to_read(database));
  return check_pieces(parts_->shelf());
}

}  // namespace ebb::store
