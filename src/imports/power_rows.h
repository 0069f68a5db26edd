#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "imports/metric.h"
#include "imports/text_table.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::imports {

/// Powers from a moment until the next row.
struct PowerRow {
  std::size_t line = 0;
  time::Instant at;
  std::vector<std::optional<units::Power>> powers;  ///< by component; nothing: the field is empty
};

struct PowerTable {
  std::vector<std::string> components;  ///< "gpu0" of the column gpu0_watts, "meter" of watts
  Meaning meaning;
  std::vector<PowerRow> rows;  ///< in order, at least one
};

/// Reads `time,watts` or `time,COMPONENT,...`; `unit` is that of columns whose name does not end in watts, empty: W.
///
/// kBadData with file and line: another header, a component twice, a row with other fields, a time that is not RFC 3339
/// or not after the one before, a value that is negative or no number. kUsage naming --unit for one that is no power or
/// not what the column says.
base::Expected<PowerTable> parse_power_table(std::string_view text, const std::string& name, const std::string& unit);

}  // namespace ebb::imports
