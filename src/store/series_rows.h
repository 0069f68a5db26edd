#pragma once

#include <optional>
#include <vector>

#include "base/expected.h"
#include "sqlite/database.h"
#include "store/entry.h"
#include "store/slots.h"
#include "store/tables.h"

namespace ebb::store {

/// A row of `series`.
struct SeriesRow {
  std::int64_t id = 0;
  Key key;
  Slots slots;  ///< from the first that was put to the last
  std::size_t revised = 0;
};

/// kUsage: a key that no series can have: an empty zone, a text that is too long or holds control characters, a step
/// that is not from a second to ten years.
base::Status check_key(const Key& key);

/// A text that is kept: not too long, no control characters. `what` names it in the message.
base::Status check_text(std::string_view what, std::string_view text);

base::Expected<std::optional<SeriesRow>> find_series(sqlite::Database& database, const Key& key, Role role);
/// The same; kNoData where there is none.
base::Expected<SeriesRow> require_series(sqlite::Database& database, const Key& key, Role role);
/// Makes the row where there is none.
base::Expected<SeriesRow> make_series(sqlite::Database& database, const Key& key, Role role, Slots slots);
/// Writes its slots and its number of revised values.
base::Status update_series(sqlite::Database& database, const SeriesRow& row);
/// By zone, signal, source, vintage, step; of one zone where one is given, whatever the case.
base::Expected<std::vector<SeriesRow>> list_series(sqlite::Database& database, Role role,
                                                   const std::optional<std::string>& zone);

}  // namespace ebb::store
