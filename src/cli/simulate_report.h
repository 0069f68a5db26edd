#pragma once

#include <string>
#include <vector>

#include "cli/simulate_setup.h"
#include "report/json.h"
#include "series/series.h"
#include "simulate/simulation.h"

namespace ebb::cli {

/// What a simulation came to: at-once first, then each policy beside it.
struct SimulationReport {
  std::vector<simulate::Summary> rows;
  std::string baseline;  ///< "at once, on this cluster", "as it really was"
  std::vector<std::string> understood;
  std::vector<std::string> warnings;
};
SimulationReport simulation_report(const std::vector<simulate::Outcome>& outcomes, std::string baseline,
                                   const simulate::JobTrace& trace);

std::string simulation_text(const SimulationReport& report, const series::Series& grid, const SimulationChoice& choice);
report::Json simulation_json(const SimulationReport& report, const series::Series& grid,
                             const SimulationChoice& choice);

}  // namespace ebb::cli
