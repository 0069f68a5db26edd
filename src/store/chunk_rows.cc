#include "store/chunk_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/tables.h"
#include "time/text.h"

namespace ebb::store {
namespace {

using base::Done;
using base::Expected;
using base::Status;

/// A damaged row may hold any number: only those of printable times are turned into one.
std::string text_of_slots(const Key& key, Slots slots) {
  constexpr std::int64_t kFar = 130LL * 366 * 86400;  // seconds
  const auto most = kFar / std::max<std::int64_t>(1, std::chrono::floor<std::chrono::seconds>(key.step).count());
  if (slots.first < -most || slots.end > most) return fmt::format("slots {} to {}", slots.first, slots.end);
  const auto when = interval_of(key, slots);
  return fmt::format("{} to {}", time::text_of(when.begin), time::text_of(when.end));
}

struct Summary {
  std::int64_t present = 0;
  double sum = 0.0;
};

Summary summary_of(std::span<const double> values) {
  Summary summary;
  for (const double value : values) {
    if (series::is_missing(value)) continue;
    ++summary.present;
    summary.sum += value;
  }
  return summary;
}

/// Decodes the piece in the query's row (its first slot, end slot and bytes come next).
Expected<Piece> piece_of(Shelf shelf, const SeriesRow& series, sqlite::Query& query) {
  Slots slots;
  slots.first = query.integer();
  slots.end = query.integer();
  EBB_TRY(const auto length, length_of(shelf, series.key, slots, static_cast<std::size_t>(kChunkSlots)));
  Piece piece{slots.first, std::vector<double>(length)};
  const auto status = shelf.codec.decode({series.id, slots.first}, query.blob(), piece.values);
  if (!status.ok()) return damaged_piece(shelf, series.key, slots, status.error());
  return piece;
}

/// Puts what of the piece lies in `slots` into their values.
void copy_overlap(const Piece& piece, Slots slots, std::span<double> values) {
  const auto shared = overlap(piece.slots(), slots);
  if (shared.empty()) return;
  std::copy_n(piece.values.begin() + (shared.first - piece.first), shared.count(),
              values.begin() + (shared.first - slots.first));
}

}  // namespace

base::Error damaged_piece(Shelf shelf, const Key& key, Slots slots, const base::Error& how) {
  return shelf.database.damaged(
      fmt::format("the values of {} for {} cannot be read: {}", text_of(key), text_of_slots(key, slots), how.message));
}

Expected<std::size_t> length_of(Shelf shelf, const Key& key, Slots slots, std::size_t most) {
  // Unsigned, so that no damaged number overflows.
  const auto length = static_cast<std::uint64_t>(slots.end) - static_cast<std::uint64_t>(slots.first);
  if (slots.end > slots.first && length <= most) return static_cast<std::size_t>(length);
  return damaged_piece(shelf, key, slots, base::bad_data("its number of slots makes no sense"));
}

Expected<Piece> read_chunk(Shelf shelf, const SeriesRow& series, std::int64_t chunk) {
  EBB_TRY(auto query,
          shelf.database.query("SELECT first_slot, end_slot, bytes FROM chunks WHERE series_id = ? AND chunk = ?"));
  query.bind(series.id).bind(chunk);
  EBB_TRY(const bool found, query.next());
  if (!found) return Piece{};
  EBB_TRY(auto piece, piece_of(shelf, series, query));
  const Slots own{chunk * kChunkSlots, (chunk + 1) * kChunkSlots};
  if (overlap(piece.slots(), own) == piece.slots()) return piece;
  return damaged_piece(shelf, series.key, piece.slots(), base::bad_data("it stands in the chunk of another time"));
}

Status write_chunk(Shelf shelf, const SeriesRow& series, std::int64_t chunk, const Piece& piece) {
  const auto summary = summary_of(piece.values);
  // Not OR REPLACE: the row keeps its place in the file.
  EBB_TRY(auto query,
          shelf.database.query("INSERT INTO chunks (series_id, chunk, first_slot, end_slot, present, sum, bytes) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (series_id, chunk) DO UPDATE SET first_slot = "
                               "excluded.first_slot, end_slot = excluded.end_slot, present = excluded.present, sum = "
                               "excluded.sum, bytes = excluded.bytes"));
  query.bind(series.id).bind(chunk).bind(piece.slots().first).bind(piece.slots().end);
  query.bind(summary.present).bind(summary.sum);
  return query.bind(sqlite::Blob{shelf.codec.encode({series.id, piece.first}, piece.values)}).run();
}

Expected<std::vector<double>> read_slots(Shelf shelf, const SeriesRow& series, Slots slots) {
  EBB_TRY(auto query, shelf.database.query("SELECT first_slot, end_slot, bytes FROM chunks WHERE series_id = ? AND "
                                           "chunk >= ? AND chunk <= ? ORDER BY chunk"));
  query.bind(series.id).bind(floor_divide(slots.first, kChunkSlots)).bind(floor_divide(slots.end - 1, kChunkSlots));
  std::vector<double> values(static_cast<std::size_t>(slots.count()), series::kMissing);
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return values;
    EBB_TRY(const auto piece, piece_of(shelf, series, query));
    copy_overlap(piece, slots, values);
  }
}

Status write_change(Shelf shelf, const SeriesRow& series, time::Instant at, Slots slots, std::size_t replaced,
                    const Piece& before) {
  EBB_TRY(auto query, shelf.database.query("INSERT INTO changes (series_id, at_ns, first_slot, end_slot, replaced, "
                                           "old_bytes) VALUES (?, ?, ?, ?, ?, ?)"));
  query.bind(series.id).bind(std::int64_t{at.time_since_epoch().count()}).bind(slots.first).bind(slots.end);
  query.bind(static_cast<std::int64_t>(replaced));
  std::optional<sqlite::Blob> bytes;
  if (!before.values.empty()) bytes = sqlite::Blob{shelf.codec.encode({series.id, before.first}, before.values)};
  return query.bind(bytes).run();
}

Status undo_changes(Shelf shelf, const SeriesRow& series, time::Instant after, Slots slots, std::span<double> values) {
  // The newest first: the oldest change after the moment has the last word.
  EBB_TRY(auto query,
          shelf.database.query("SELECT old_bytes IS NULL, first_slot, end_slot, old_bytes FROM changes WHERE "
                               "series_id = ? AND at_ns > ? AND first_slot < ? AND end_slot > ? ORDER BY "
                               "id DESC"));
  query.bind(series.id).bind(std::int64_t{after.time_since_epoch().count()}).bind(slots.end).bind(slots.first);
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return Done{};
    if (query.integer() == 0) {
      EBB_TRY(const auto piece, piece_of(shelf, series, query));
      copy_overlap(piece, slots, values);
      continue;
    }
    Slots were_missing;
    were_missing.first = query.integer();
    were_missing.end = query.integer();
    const auto shared = overlap(were_missing, slots);
    std::fill_n(values.begin() + (shared.first - slots.first), shared.count(), series::kMissing);
  }
}

Expected<std::vector<std::int64_t>> list_chunks(sqlite::Database& database, std::int64_t series_id) {
  EBB_TRY(auto query, database.query("SELECT chunk FROM chunks WHERE series_id = ? ORDER BY chunk"));
  query.bind(series_id);
  std::vector<std::int64_t> chunks;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return chunks;
    chunks.push_back(query.integer());
  }
}

Status check_changes(Shelf shelf, const SeriesRow& series) {
  EBB_TRY(auto query, shelf.database.query("SELECT first_slot, end_slot, old_bytes FROM changes WHERE series_id = ? "
                                           "AND old_bytes IS NOT NULL ORDER BY id"));
  query.bind(series.id);
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return Done{};
    EBB_TRY_DO(piece_of(shelf, series, query));
  }
}

}  // namespace ebb::store
