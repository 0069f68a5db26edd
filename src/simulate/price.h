#pragma once

#include <optional>
#include <span>

#include "plan/problem.h"
#include "series/series.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::simulate {

struct Priced {
  double grams = 0.0;
  double kwh = 0.0;
};

/// What runs at a constant power came to on what the grid did: the runs, restarts being part of them; between them
/// pause_power; and pause_energy at the intensity of the slot in which each later run begins. Nothing where the grid's
/// data do not cover them, or a slot is missing.
std::optional<Priced> price_runs(std::span<const time::Interval> runs, units::Power power, const plan::Costs& costs,
                                 const series::Series& grid);

}  // namespace ebb::simulate
