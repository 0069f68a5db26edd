#include "units/parse.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "base/text.h"

namespace ebb::units {
namespace {

struct Unit {
  std::string_view name;
  double in_base;
};

/// Longest name first: "kWh" must not be read as "h".
constexpr std::array<Unit, 5> kPowerUnits{{{"kW", 1e3}, {"MW", 1e6}, {"GW", 1e9}, {"mW", 1e-3}, {"W", 1.0}}};
constexpr std::array<Unit, 8> kEnergyUnits{{{"kWh", kJoulesPerKwh},
                                            {"MWh", kJoulesPerKwh * 1e3},
                                            {"GWh", kJoulesPerKwh * 1e6},
                                            {"Wh", kJoulesPerKwh / 1e3},
                                            {"kJ", 1e3},
                                            {"MJ", 1e6},
                                            {"GJ", 1e9},
                                            {"J", 1.0}}};

template <std::size_t N>
std::optional<double> in_base_unit(std::string_view text, const std::array<Unit, N>& known) {
  for (const auto& unit : known) {
    if (!text.ends_with(unit.name)) continue;
    const auto number = base::parse_number(base::trimmed(text.substr(0, text.size() - unit.name.size())));
    if (!number || *number < 0.0) return std::nullopt;
    const double value = *number * unit.in_base;
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

/// "8x" before a value: (8, rest); (1, text) where there is none; nothing where the count is no whole number.
std::optional<std::pair<double, std::string_view>> split_count(std::string_view text) {
  const auto at = text.find('x');
  if (at == std::string_view::npos) return std::pair(1.0, text);
  const auto count = base::parse_number(base::trimmed(text.substr(0, at)));
  if (!count || *count < 0.0 || *count != std::floor(*count)) return std::nullopt;
  return std::pair(*count, text.substr(at + 1));
}

}  // namespace

base::Expected<Power> parse_power(std::string_view text) {
  const auto counted = split_count(base::trimmed(text));
  const auto value = counted ? in_base_unit(base::trimmed(counted->second), kPowerUnits) : std::nullopt;
  if (!value || *value * counted->first > kLargestWatts) {
    return base::usage_error(fmt::format("{} is no power: write it like 250W, 1.2kW or 8x300W", base::in_quotes(text)));
  }
  return watts(counted->first * *value);
}

base::Expected<Energy> parse_energy(std::string_view text) {
  const auto value = in_base_unit(base::trimmed(text), kEnergyUnits);
  if (!value || *value > kLargestJoules) {
    return base::usage_error(
        fmt::format("{} is no energy: write it like 37.3kWh, 800Wh or 5MJ", base::in_quotes(text)));
  }
  return joules(*value);
}

}  // namespace ebb::units
