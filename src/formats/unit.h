#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ebb::formats {

/// A unit of intensity as a file or an API names it.
struct Unit {
  std::string name;                   ///< "lb/MWh": mass g, kg, lb or t over energy kWh, MWh or GWh
  double grams_per_kwh_of_one = 1.0;  ///< 0.45359237 for lb/MWh
};

/// `kg/kWh`, `lb/MWh`, `t/MWh`, `gCO2eq/kWh`, `lbs_co2_per_mwh`, `gCO₂eq/kWh`, ...; whatever the case. Nothing where it
/// is no mass per energy, or a "ton" that does not say which.
std::optional<Unit> parse_unit(std::string_view text);

inline constexpr const char* kUnitsTaken = "g/kWh, kg/kWh, kg/MWh, t/MWh, lb/kWh or lb/MWh";

}  // namespace ebb::formats
