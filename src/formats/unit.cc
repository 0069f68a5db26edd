#include "formats/unit.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace ebb::formats {
namespace {

struct Scale {
  std::string_view name;
  double size;
};

// Grams; the pound is exact by definition (1959).
constexpr std::array<Scale, 4> kMasses{{{"g", 1.0}, {"kg", 1000.0}, {"lb", 453.59237}, {"t", 1e6}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kMassNames{{{"g", "g"},
                                                                                   {"gram", "g"},
                                                                                   {"kg", "kg"},
                                                                                   {"kilogram", "kg"},
                                                                                   {"lb", "lb"},
                                                                                   {"pound", "lb"},
                                                                                   {"t", "t"},
                                                                                   {"tonne", "t"},
                                                                                   {"metricton", "t"}}};
// kWh.
constexpr std::array<Scale, 3> kEnergies{{{"kWh", 1.0}, {"MWh", 1000.0}, {"GWh", 1e6}}};

/// Small letters without blanks, underscores and hyphens; the subscript two as a digit, "per" as a slash.
std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\xe2\x82\x82")) {
      out += '2';
      i += 2;
    } else if (const char c = text[i]; c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if (c != ' ' && c != '_' && c != '-' && c != '.') {
      out += c;
    }
  }
  if (const auto at = out.find("per"); at != std::string::npos) out.replace(at, 3, "/");
  return out;
}

/// "lbsco2" is a pound: what it is a mass of is said once for all.
std::string_view mass_name(std::string_view text) {
  for (const std::string_view suffix : {"eq", "e"}) {
    const auto shorter = text.substr(0, text.size() - std::min(text.size(), suffix.size()));
    if (text.ends_with(suffix) && shorter.ends_with("co2")) text = shorter;
  }
  if (text.ends_with("co2")) text.remove_suffix(3);
  if (text.size() > 1 && text.ends_with('s')) text.remove_suffix(1);
  for (const auto& [spelt, name] : kMassNames) {
    if (text == spelt) return name;
  }
  return {};
}

}  // namespace

std::optional<Unit> parse_unit(std::string_view text) {
  if (text.size() > 60) return std::nullopt;
  const auto plain = folded(base::trimmed(text));
  const auto slash = plain.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto mass = mass_name(std::string_view(plain).substr(0, slash));
  const auto energy = std::string_view(plain).substr(slash + 1);
  for (const auto& per : kEnergies) {
    if (folded(per.name) != energy) continue;
    for (const auto& of : kMasses) {
      if (of.name == mass) return Unit{std::string(of.name) + "/" + std::string(per.name), of.size / per.size};
    }
  }
  return std::nullopt;
}

}  // namespace ebb::formats
