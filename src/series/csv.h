#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "series/series.h"

namespace ebb::series {

/// Which value column a canonical file has.
enum class ValueColumn { kIntensity, kPrice };  // g_per_kwh, currency_per_kwh

/// Reads the canonical series CSV (docs/series-csv in the manual):
///
///     # zone: US-CAL-CISO          comment lines before the header: zone, signal, source, vintage, quality
///     # signal: marginal direct
///     time,g_per_kwh
///     2020-01-01T00:00:00Z,263.467   an empty value is missing
///
/// `name` is used in messages and, where no comment names a zone, its file stem is the zone. Rows in order at one
/// step, which is found from the data; at least two rows. Errors (kBadData) name file, line, what and why: no header,
/// a time without zone or not in UTC, a duplicate or unordered time, an irregular step, a value that is no finite
/// number, contradicting comments, a line longer than base::kLongestLine.
base::Expected<Series> parse_csv(std::string_view text, const std::string& name,
                                 ValueColumn column = ValueColumn::kIntensity);

/// parse_csv of a file (also gzip).
base::Expected<Series> load_csv(const std::string& path, ValueColumn column = ValueColumn::kIntensity);

/// The canonical form; each value in the shortest text that reads back to the same double. parse_csv gives back an
/// equal series when it has at least two slots.
std::string to_csv(const Series& series);

}  // namespace ebb::series
