#pragma once

// Inside of the store: what its calls share.

#include <utility>

#include "store/chunk_rows.h"
#include "store/store.h"

namespace ebb::store {

struct Store::Parts {
  explicit Parts(sqlite::Database opened) : database(std::move(opened)) {}

  [[nodiscard]] Shelf shelf() { return {database, codec}; }

  sqlite::Database database;
  Codec codec;
};

/// kUsage where a moment cannot be printed: outside of the years 1900 to 2150.
base::Status check_moment(std::string_view what, time::Instant moment);
base::Status check_origin(const Origin& origin);
/// Of the series' values, times and key; it has at least one slot.
base::Status check_series(const series::Series& series);

/// Most slots that one read gives: 1 GB.
inline constexpr std::int64_t kMostSlotsRead = std::int64_t{1} << 27;

}  // namespace ebb::store
