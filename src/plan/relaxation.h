#pragma once

#include <cstddef>
#include <optional>

#include "plan/problem.h"
#include "plan/solve.h"
#include "plan/window.h"
#include "plan/work.h"

namespace ebb::plan {

/// No plan of this job is below it: the hungriest units in the cheapest cells, in any order, pauses free.
/// (Rearrangement inequality; for flat power and free pauses on slot edges it is the optimum itself.)
double lower_bound_of(const Window& window, const Work& work, bool flat, const Costs& costs);

/// For a table too large because of its limit on pauses: a price per pause is raised until the plan keeps the limit
/// (Lagrangian relaxation). The plan carries the best dual bound.
std::optional<Solution> relaxed_with_limit(const Window& window, const Work& work, const Job& job, const Costs& costs,
                                           const series::Series& objective, std::size_t max_pauses, double tie);

/// For a table too large because of the window: decisions only at the edges of coarser cells. The plan carries
/// lower_bound_of the fine problem.
base::Expected<std::optional<Solution>> relaxed_on_coarse_cells(const Window& window, const Work& work, const Job& job,
                                                                const Costs& costs, const series::Series& objective);

}  // namespace ebb::plan
