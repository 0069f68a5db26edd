#pragma once

#include <optional>

#include "policy/decide.h"
#include "policy/threshold.h"

namespace ebb::policy {

/// g/kWh in the newest slot of the past that is known; nothing where it ended more than an hour, or two of its slots,
/// before `now`.
std::optional<double> present_intensity(const Outlook& outlook, time::Instant now);

/// The highest intensity at which a job runs when nothing is foreseen, g/kWh (PauseThreshold, in slots of the past; a
/// job that starts once counts as one unit). Nothing where a pause, at the past's mean, costs more than waiting can
/// gain.
std::optional<double> highest_to_run_at(const Situation& situation, const series::Series& past, const Bounds& bounds);

}  // namespace ebb::policy
