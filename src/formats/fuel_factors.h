#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace ebb::formats {

/// What a fuel of EIA-930 emits (data/fuel_factors.csv, with the source of each figure).
struct FuelFactor {
  std::string code;                           ///< "NG"
  std::string name;                           ///< "natural gas"
  bool is_storage = false;                    ///< gives back what was generated before: in no sum
  std::optional<double> direct_g_per_kwh;     ///< nothing: not known, and left out of the mix
  std::optional<double> lifecycle_g_per_kwh;  ///< the same
};

/// The table that ships.
const std::vector<FuelFactor>& fuel_factors();
/// The row of a code; null where there is none.
const FuelFactor* fuel_factor(std::string_view code);

/// Parses such a table: what fuel_factors() holds, and its fuzzer. kBadData names file and line.
base::Expected<std::vector<FuelFactor>> parse_fuel_factors(std::string_view text, const std::string& name);

/// Who is behind the two sets of factors, for a series' provenance.
inline constexpr const char* kDirectFactors = "EIA 2022";
inline constexpr const char* kLifecycleFactors = "IPCC AR5 medians";

}  // namespace ebb::formats
