#include "imports/metric.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "hardware/names.h"
#include "units/quantity.h"

namespace ebb::imports {
namespace {

struct Unit {
  std::string_view name;
  bool is_counter;
  double in_base;
};
constexpr std::array<Unit, 11> kUnits{{{"W", false, 1.0},
                                       {"mW", false, 1e-3},
                                       {"uW", false, 1e-6},
                                       {"kW", false, 1e3},
                                       {"MW", false, 1e6},
                                       {"J", true, 1.0},
                                       {"mJ", true, 1e-3},
                                       {"uJ", true, 1e-6},
                                       {"kJ", true, 1e3},
                                       {"Wh", true, 3600.0},
                                       {"kWh", true, units::kJoulesPerKwh}}};

struct Suffix {
  std::string_view end;
  std::string_view unit;
};
// Longest first: "_microwatts" does not end in "_watts", but a name may end in several of these.
constexpr std::array<Suffix, 6> kSuffixes{{{"_microwatts", "uW"},
                                           {"_milliwatts", "mW"},
                                           {"_watts", "W"},
                                           {"_microjoules", "uJ"},
                                           {"_millijoules", "mJ"},
                                           {"_joules", "J"}}};

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const auto word : words) {
    if (text.find(word) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

base::Expected<Meaning> meaning_of_unit(std::string_view unit) {
  for (const auto& known : kUnits) {
    if (unit == known.name) return Meaning{known.is_counter, known.in_base, std::string(unit)};
  }
  return base::usage_error(
      fmt::format("--unit: {} is none of W, mW, uW, kW, MW (a power) and J, mJ, uJ, kJ, Wh, kWh (a "
                  "counter of energy)",
                  base::in_quotes(unit)));
}

std::optional<Meaning> meaning_of_metric(std::string_view metric) {
  if (metric == "DCGM_FI_DEV_POWER_USAGE" || metric == "DCGM_FI_DEV_POWER_USAGE_INSTANT") return *meaning_of_unit("W");
  if (metric == "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION") return *meaning_of_unit("mJ");
  if (metric.ends_with("_total")) metric.remove_suffix(6);
  for (const auto& suffix : kSuffixes) {
    if (metric.ends_with(suffix.end)) return *meaning_of_unit(suffix.unit);
  }
  return std::nullopt;
}

hardware::ComponentKind kind_of_name(std::string_view name) {
  const std::string lower = hardware::lower_case(name);
  if (contains_any(lower, {"dcgm", "gpu", "nvidia", "nvml"})) return hardware::ComponentKind::kGpu;
  if (contains_any(lower, {"dram", "memory", "ram"})) return hardware::ComponentKind::kDram;
  if (contains_any(lower, {"cpu", "package", "core"})) return hardware::ComponentKind::kCpu;
  return hardware::ComponentKind::kOther;
}

}  // namespace ebb::imports
