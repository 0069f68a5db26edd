#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "store/origin_rows.h"
#include "store/store_parts.h"
#include "time/text.h"

namespace ebb::store {
namespace {

using base::Expected;

Expected<Slots> slots_to_read(const sqlite::Database& database, const SeriesRow& row,
                              const std::optional<time::Interval>& when) {
  const auto slots = when ? overlap(slots_touching(row.key, *when), row.slots) : row.slots;
  if (slots.empty()) {
    const auto covers = interval_of(row.key, row.slots);
    return base::no_data(fmt::format("{}: the series of {} goes from {} to {}: none of it lies in the time asked for",
                                     database.path(), text_of(row.key), time::text_of(covers.begin),
                                     time::text_of(covers.end)));
  }
  if (slots.count() > kMostSlotsRead) {
    return base::usage_error(
        fmt::format("{} slots of {} at once: ask for a shorter time", slots.count(), text_of(row.key)));
  }
  return slots;
}

Expected<series::Series> read_series(Shelf shelf, const Key& key, const std::optional<time::Interval>& when,
                                     const std::optional<time::Instant>& known_at) {
  EBB_TRY(const auto transaction, sqlite::Transaction::begin_to_read(shelf.database));
  EBB_TRY(const auto row, require_series(shelf.database, key, Role::kHistory));
  EBB_TRY(const auto slots, slots_to_read(shelf.database, row, when));
  EBB_TRY(auto values, read_slots(shelf, row, slots));
  if (known_at) EBB_TRY_DO(undo_changes(shelf, row, *known_at, slots, values));
  EBB_TRY(const auto quality, quality_over(shelf.database, row.id, slots));
  return series::Series({key.zone, key.signal, key.source, key.vintage, quality}, time_of(key, slots.first), key.step,
                        std::move(values));
}

}  // namespace

Expected<series::Series> Store::read(const Key& key, time::Interval when) {
  return read_series(parts_->shelf(), key, when, std::nullopt);
}

Expected<series::Series> Store::read(const Key& key) {
  return read_series(parts_->shelf(), key, std::nullopt, std::nullopt);
}

Expected<series::Series> Store::read_as_known_at(const Key& key, time::Interval when, time::Instant known_at) {
  return read_series(parts_->shelf(), key, when, known_at);
}

Expected<std::vector<Revision>> Store::revisions(const Key& key) {
  auto& database = parts_->database;
  EBB_TRY(const auto transaction, sqlite::Transaction::begin_to_read(database));
  EBB_TRY(const auto row, require_series(database, key, Role::kHistory));
  EBB_TRY(auto query, database.query("SELECT at_ns, first_slot, end_slot, replaced FROM changes WHERE series_id = ? "
                                     "AND replaced > 0 ORDER BY id"));
  query.bind(row.id);
  std::vector<Revision> all;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return all;
    Revision revision;
    revision.replaced_at = time::Instant(time::Duration(query.integer()));
    Slots slots;
    slots.first = query.integer();
    slots.end = query.integer();
    revision.when = interval_of(key, slots);
    revision.replaced = static_cast<std::size_t>(query.integer());
    all.push_back(revision);
  }
}

Expected<std::vector<Span>> Store::origins(const Key& key, time::Interval when) {
  auto& database = parts_->database;
  EBB_TRY(const auto transaction, sqlite::Transaction::begin_to_read(database));
  EBB_TRY(const auto row, require_series(database, key, Role::kHistory));
  const auto slots = overlap(slots_touching(key, when), row.slots);
  std::vector<Span> all;
  if (slots.empty()) return all;
  EBB_TRY(const auto spans, find_spans(database, row.id, slots));
  for (const auto& span : spans) {
    EBB_TRY(const auto origin, read_origin(database, span.origin_id));
    all.push_back({interval_of(key, overlap(span.slots, slots)), origin.origin, origin.quality});
  }
  return all;
}

}  // namespace ebb::store
