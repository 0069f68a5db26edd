#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "hardware/power_range.h"

namespace ebb::hardware {

/// A published figure for the power of main memory: a row of data/memory_power.csv.
struct MemoryRow {
  std::string name;
  units::Power low;  ///< a gigabyte, as are value and high
  units::Power value;
  units::Power high;
  std::string licence;
  std::string source;
};

/// The power of `gigabytes` of main memory: the median of the published coefficients, from the lowest to the highest
/// that any source gives or measured (idle and full load). gigabytes >= 0 and finite: the caller's duty.
PowerRange memory_power(double gigabytes);

/// Every row that ships.
const std::vector<MemoryRow>& memory_rows();

/// kBadData names file, line, what and why; low <= value <= high, and every row has a source and a licence.
base::Expected<std::vector<MemoryRow>> parse_memory_powers(std::string_view text, const std::string& name);

}  // namespace ebb::hardware
