#pragma once

#include <span>
#include <vector>

#include "base/expected.h"
#include "sqlite/database.h"
#include "store/codec.h"
#include "store/merge.h"
#include "store/series_rows.h"

namespace ebb::store {

/// What every call of the store works with.
struct Shelf {
  sqlite::Database& database;
  Codec& codec;
};

/// What stands in one chunk (slots [chunk, chunk + 1) x kChunkSlots); empty where nothing does.
base::Expected<Piece> read_chunk(Shelf shelf, const SeriesRow& series, std::int64_t chunk);
base::Status write_chunk(Shelf shelf, const SeriesRow& series, std::int64_t chunk, const Piece& piece);

/// The slots' values, missing where none is kept.
base::Expected<std::vector<double>> read_slots(Shelf shelf, const SeriesRow& series, Slots slots);

/// What stood in `before` until `at`; an empty one: nothing stood in `slots`.
base::Status write_change(Shelf shelf, const SeriesRow& series, time::Instant at, Slots slots, std::size_t replaced,
                          const Piece& before);
/// Undoes in `values` (of `slots`) every change after a moment.
base::Status undo_changes(Shelf shelf, const SeriesRow& series, time::Instant after, Slots slots,
                          std::span<double> values);

/// For Store::check().
base::Expected<std::vector<std::int64_t>> list_chunks(sqlite::Database& database, std::int64_t series_id);
base::Status check_changes(Shelf shelf, const SeriesRow& series);

/// That the bytes of some slots cannot be read, naming series and time.
base::Error damaged_piece(Shelf shelf, const Key& key, Slots slots, const base::Error& how);

/// The number of slots that a piece may have in the file, or that the row is damaged.
base::Expected<std::size_t> length_of(Shelf shelf, const Key& key, Slots slots, std::size_t most);

}  // namespace ebb::store
