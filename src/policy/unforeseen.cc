#include "policy/unforeseen.h"

#include <algorithm>
#include <cmath>

namespace ebb::policy {
namespace {

/// What one pause takes, at the mean power where that counts.
units::Energy energy_of_pause(const Situation& situation) {
  const auto& costs = situation.costs;
  return costs.pause_energy + situation.profile.mean_power() * time::as_quantity(costs.pause_time) +
         costs.pause_power * time::as_quantity(costs.min_pause);
}

}  // namespace

std::optional<double> present_intensity(const Outlook& outlook, time::Instant now) {
  if (!outlook.past) return std::nullopt;
  const auto& past = *outlook.past;
  const auto oldest = std::max<time::Duration>(std::chrono::hours(1), 2 * past.step());
  for (std::size_t slot = past.size(); slot-- > 0;) {
    if (now - past.time_of(slot + 1) > oldest) break;
    if (past.time_of(slot) <= now && std::isfinite(past[slot])) return past[slot];
  }
  return std::nullopt;
}

std::optional<double> highest_to_run_at(const Situation& situation, const series::Series& past, const Bounds& bounds) {
  if (!situation.pausable && situation.standing == plan::Standing::kNotStarted) {
    const auto once = PauseThreshold::make(bounds, 0.0, 1);
    return once.ok() ? std::optional(once->running(1)) : std::nullopt;
  }
  const auto step = past.step();
  const auto units_of_work = static_cast<std::size_t>((situation.profile.duration() + step - time::Duration(1)) / step);
  const auto next = static_cast<std::size_t>(situation.done / step) + 1;
  const double unit_kwh = units::in_kwh(situation.profile.mean_power() * time::as_quantity(step));
  if (!(unit_kwh > 0.0)) return std::nullopt;
  const double cost = units::in_kwh(energy_of_pause(situation)) * past.mean() / unit_kwh;
  const auto made = PauseThreshold::make(bounds, std::max(0.0, cost), units_of_work);
  if (!made.ok()) return std::nullopt;
  return situation.standing == plan::Standing::kRunning ? made->running(next) : made->resuming(next);
}

}  // namespace ebb::policy
