#include "simulate/price.h"

namespace ebb::simulate {
namespace {

bool add(time::Interval when, units::Power power, const series::Series& grid, Priced& sum) {
  if (when.length() <= time::Duration(0) || power == units::Power{}) return true;
  if (when.begin < grid.begin() || when.end > grid.end()) return false;
  const double mean = grid.mean_over(when);
  if (series::is_missing(mean)) return false;
  const double kwh = units::in_kwh(power * time::as_quantity(when.length()));
  sum.kwh += kwh;
  sum.grams += kwh * mean;
  return true;
}

}  // namespace

std::optional<Priced> price_runs(std::span<const time::Interval> runs, units::Power power, const plan::Costs& costs,
                                 const series::Series& grid) {
  Priced sum;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!add(runs[i], power, grid, sum)) return std::nullopt;
    if (i == 0) continue;
    if (!add({runs[i - 1].end, runs[i].begin}, costs.pause_power, grid, sum)) return std::nullopt;
    if (costs.pause_energy == units::Energy{}) continue;
    const auto slot = grid.slot_at(runs[i].begin);
    if (!slot || series::is_missing(grid[*slot])) return std::nullopt;
    sum.kwh += units::in_kwh(costs.pause_energy);
    sum.grams += units::in_kwh(costs.pause_energy) * grid[*slot];
  }
  return sum;
}

}  // namespace ebb::simulate
