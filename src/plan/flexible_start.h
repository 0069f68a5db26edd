#pragma once

#include <optional>
#include <vector>

#include "plan/problem.h"
#include "plan/schedule.h"
#include "plan/window.h"
#include "plan/work.h"

namespace ebb::plan {

/// The totals of running straight through from each cell k with k x step <= slack; infinite where that run would touch
/// a missing cell. totals[0] is run-now. Transfer energy included. O(slack x duration / step^2).
/// Of a paused job: of resuming it in cell k, the pause until then and the restart included. Of a running one: of going
/// on, alone. Empty where the slack is too short for a restart.
std::vector<double> start_totals(const Window& window, const Work& work, const Costs& costs);

/// The cell of the lowest total, the earliest among ties; nothing where no start is possible.
std::optional<std::size_t> best_start(const std::vector<double>& totals);

/// The cells of restart before the work of a straight run: those of a paused job.
std::size_t restart_cells(const Window& window, const Costs& costs);

/// Whether a run straight through from a cell, behind `restart` cells, stays in the window and touches no missing cell.
bool fits_straight(const Window& window, std::size_t from, std::size_t restart);

/// Straight through from a cell, `restart` cells of restart first.
std::vector<Placement> run_through(const Window& window, std::size_t from, std::size_t restart);

}  // namespace ebb::plan
