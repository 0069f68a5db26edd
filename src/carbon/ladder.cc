#include "carbon/ladder.h"

#include <fmt/format.h>

#include <cmath>

#include "base/check.h"
#include "hardware/table.h"

extern "C" const char ebb_data_component_watts_begin[];
extern "C" const char ebb_data_component_watts_end[];

namespace ebb::carbon {
namespace {

void add(Rung& rung, const ComponentUse& component) {
  rung.energy += component.energy;
  if (rung.emissions && component.emissions) {
    *rung.emissions += *component.emissions;
  } else {
    rung.emissions = std::nullopt;
  }
}

units::Power sum_of_powers(const std::vector<ComponentPower>& components) {
  units::Power sum;
  for (const auto& component : components) sum += component.power;
  return sum;
}

}  // namespace

Ladder boundary_ladder(const std::vector<ComponentUse>& components, double pue, units::Emissions embodied) {
  CHECK(pue >= 1.0 && embodied >= units::Emissions{});
  Ladder ladder;
  ladder.gpu.emissions = units::Emissions{};
  ladder.plus_cpu_memory.emissions = units::Emissions{};
  for (const auto& component : components) {
    if (component.kind == ComponentKind::kGpu) add(ladder.gpu, component);
    add(ladder.plus_cpu_memory, component);
  }
  const Rung& equipment = ladder.plus_cpu_memory;
  ladder.plus_pue.energy = equipment.energy * pue;
  if (equipment.emissions) ladder.plus_pue.emissions = *equipment.emissions * pue;
  ladder.plus_embodied = ladder.plus_pue;
  if (ladder.plus_embodied.emissions) *ladder.plus_embodied.emissions += embodied;
  return ladder;
}

const std::vector<ComponentPower>& dodge2022_component_powers() {
  static const std::vector<ComponentPower> powers = [] {
    auto parsed =
        parse_component_powers({ebb_data_component_watts_begin, ebb_data_component_watts_end}, "component_watts.csv");
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return powers;
}

std::vector<double> fractions_of(const std::vector<ComponentPower>& components) {
  const double sum = units::in_watts(sum_of_powers(components));
  std::vector<double> fractions;
  fractions.reserve(components.size());
  for (const auto& component : components) {
    fractions.push_back(sum > 0.0 ? units::in_watts(component.power) / sum : 0.0);
  }
  return fractions;
}

base::Expected<std::vector<ComponentPower>> parse_component_powers(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows, hardware::parse_table(text, name, {"component", "kind", "watts", "vintage", "source"}));
  std::vector<ComponentPower> components;
  for (const auto& row : rows) {
    EBB_TRY(const double watts, row.number("watts", 0.0));
    if (row["kind"] == "total") {
      const double sum = units::in_watts(sum_of_powers(components));
      if (std::fabs(watts - sum) <= 0.1) continue;
      return row.error(fmt::format("the total is {} W, but the components above add up to {:.1f} W", watts, sum));
    }
    const auto kind = hardware::parse_component_kind(row["kind"]);
    if (!kind) return row.error("the kind is none of gpu, cpu, dram, other, total");
    components.push_back({row.text("component"), *kind, units::watts(watts)});
  }
  return components;
}

}  // namespace ebb::carbon
