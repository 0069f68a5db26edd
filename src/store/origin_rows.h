#pragma once

#include <vector>

#include "base/expected.h"
#include "sqlite/database.h"
#include "store/entry.h"
#include "store/slots.h"

namespace ebb::store {

/// The number of an origin; made where there is none.
base::Expected<std::int64_t> make_origin(sqlite::Database& database, const Origin& origin,
                                         const series::DataQuality& quality);

/// Those slots now come from that origin, whatever they came from before.
base::Status set_span(sqlite::Database& database, std::int64_t series_id, Slots slots, std::int64_t origin_id);

/// Slots of one origin.
struct SpanRow {
  Slots slots;
  std::int64_t origin_id = 0;
};
/// Those that touch `slots`, in order, not cut to it.
base::Expected<std::vector<SpanRow>> find_spans(sqlite::Database& database, std::int64_t series_id, Slots slots);

struct OriginRow {
  Origin origin;
  series::DataQuality quality;
};
base::Expected<OriginRow> read_origin(sqlite::Database& database, std::int64_t origin_id);

/// Of the slots' values together, each slot counted once; measured where nothing is known.
base::Expected<series::DataQuality> quality_over(sqlite::Database& database, std::int64_t series_id, Slots slots);

}  // namespace ebb::store
