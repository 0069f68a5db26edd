#include "units/format.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace ebb::units {
namespace {

struct Scale {
  double from;
  double unit;
  std::string_view name;
};

template <std::size_t N>
std::string scaled(double value, const std::array<Scale, N>& scales) {
  if (value == 0.0) return fmt::format("0 {}", scales.front().name);
  const Scale* chosen = &scales.front();
  // 999.6 rounds to 1000 in three digits: it belongs to the next unit.
  for (const auto& scale : scales) {
    if (std::fabs(value) >= scale.from * 0.9995) chosen = &scale;
  }
  return fmt::format("{} {}", three_digits(value / chosen->unit), chosen->name);
}

}  // namespace

std::string three_digits(double value) {
  if (value == 0.0) return "0";
  if (!std::isfinite(value)) return "unknown";
  // The power of ten after rounding: 0.9996 is 1.00.
  const std::string rounded = fmt::format("{:.2e}", value);
  const int magnitude = std::stoi(rounded.substr(rounded.find('e') + 1));
  const int decimals = std::max(0, 2 - magnitude);
  if (magnitude < -6) return rounded;
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  auto whole = digits.find('.');
  if (whole == std::string::npos) whole = digits.size();
  const std::size_t first = digits[0] == '-' ? 1 : 0;
  for (std::size_t at = whole; at > first + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string text_of(Emissions value) {
  constexpr std::array<Scale, 5> kScales{
      {{0.0, 1e-3, "mg"}, {0.1, 1.0, "g"}, {1e3, 1e3, "kg"}, {1e6, 1e6, "t"}, {1e10, 1e9, "kt"}}};
  if (value == Emissions{}) return "0 g";
  return scaled(in_grams(value), kScales);
}

std::string text_of(Energy value) {
  constexpr std::array<Scale, 4> kScales{
      {{0.0, 1.0, "J"}, {360.0, 3600.0, "Wh"}, {3.6e5, kJoulesPerKwh, "kWh"}, {3.6e10, 3.6e9, "MWh"}}};
  if (value == Energy{}) return "0 kWh";
  return scaled(in_joules(value), kScales);
}

std::string text_of(Power value) {
  constexpr std::array<Scale, 3> kScales{{{0.0, 1.0, "W"}, {1e3, 1e3, "kW"}, {1e6, 1e6, "MW"}}};
  return scaled(in_watts(value), kScales);
}

std::string text_of(Intensity value) { return three_digits(in_grams_per_kwh(value)) + " g/kWh"; }

}  // namespace ebb::units
