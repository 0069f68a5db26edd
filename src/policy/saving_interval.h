#pragma once

#include <utility>

#include "plan/schedule.h"
#include "policy/objective.h"
#include "units/quantity.h"

namespace ebb::policy {

/// The 90% interval of what one schedule emits less than another, by the errors of the outlook they were made on.
///
/// The errors of slots t apart correlate by exp(-t / kErrorMemory) (first-order autoregression), so errors that both
/// schedules meet cancel, and neighbours do not average out. The objective must have a sigma.
std::pair<units::Emissions, units::Emissions> saving_interval(const plan::Schedule& instead,
                                                              const plan::Schedule& schedule,
                                                              const workload::Profile& profile,
                                                              const plan::Costs& costs, const Objective& objective);

inline constexpr time::Duration kErrorMemory = std::chrono::minutes(90);

}  // namespace ebb::policy
