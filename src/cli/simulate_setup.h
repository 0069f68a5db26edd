#pragma once

#include <vector>

#include "base/expected.h"
#include "cli/command.h"
#include "simulate/simulation.h"

namespace ebb::cli {

/// Options of a simulated queue, shared by `simulate` and `shadow`.
std::vector<Option> simulation_options();

struct SimulationChoice {
  simulate::Setup setup;
  std::vector<simulate::Policy> policies;  ///< beside at-once, which is always there
  std::optional<double> price_per_kwh;     ///< in any currency
};
/// kUsage naming the option.
base::Expected<SimulationChoice> simulation_choice(const Arguments& arguments);

/// At-once and each policy, on every core, in that order.
base::Expected<std::vector<simulate::Outcome>> simulate_all(const simulate::JobTrace& trace, const series::Series& grid,
                                                            const SimulationChoice& choice);

}  // namespace ebb::cli
