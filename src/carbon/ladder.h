#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "hardware/component.h"
#include "units/quantity.h"

namespace ebb::carbon {

using hardware::ComponentKind;

/// What one component used over a run, and what that emitted at the equipment; nothing where there is no intensity.
struct ComponentUse {
  std::string name;  ///< "gpu0"
  ComponentKind kind = ComponentKind::kOther;
  units::Energy energy;
  std::optional<units::Emissions> emissions;
};

/// One boundary: everything up to it. The emissions are nothing where those of a component inside are.
struct Rung {
  units::Energy energy;
  std::optional<units::Emissions> emissions;
};

/// Law 12: the boundary as a ladder; each rung holds the one before it.
struct Ladder {
  Rung gpu;              ///< the GPUs only: the paper's boundary
  Rung plus_cpu_memory;  ///< the whole equipment: CPU, memory and whatever else was metered
  Rung plus_pue;         ///< x PUE: the building; these are the operational emissions
  Rung plus_embodied;    ///< + the job's share of making the hardware; energy as the rung before
};

/// Each component priced by its own slots (a GPU's mean intensity is not that of an idle CPU), then cumulated.
/// pue >= 1 and embodied >= 0 (a programmer's duty).
Ladder boundary_ladder(const std::vector<ComponentUse>& components, double pue, units::Emissions embodied);

/// Mean power of a component.
struct ComponentPower {
  std::string name;
  ComponentKind kind = ComponentKind::kOther;
  units::Power power;
};

/// Table 1 of Dodge et al., FAccT 2022: BERT-base on one TITAN X, 12 h (data/component_watts.csv).
const std::vector<ComponentPower>& dodge2022_component_powers();

/// Share of each component in the sum, in their order; all 0 where the sum is 0.
std::vector<double> fractions_of(const std::vector<ComponentPower>& components);

/// kBadData names file, line, what and why; a `total` row, where there is one, must be the sum to 0.1 W.
base::Expected<std::vector<ComponentPower>> parse_component_powers(std::string_view text, const std::string& name);

}  // namespace ebb::carbon
