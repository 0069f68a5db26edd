#pragma once

#include <vector>

#include "base/expected.h"
#include "plan/planner.h"

namespace ebb::plan {

/// The plans that no other beats in both money and emissions, by rising cost.
///
/// flexible-start: all of them. pause-resume: the supported ones (each the best plan at some carbon price), found by
/// bisecting between neighbours; at most kMostParetoPoints. Needs a price series at every place.
base::Expected<std::vector<ParetoPoint>> pareto_front(const Request& request);

inline constexpr std::size_t kMostParetoPoints = 48;

}  // namespace ebb::plan
