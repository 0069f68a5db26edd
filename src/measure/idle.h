#pragma once

#include <optional>

#include "measure/machine.h"
#include "sensors/sensor.h"
#include "units/quantity.h"

namespace ebb::measure {

/// Idle draw of a measured channel by the tables of hardware/: a CPU package's share of its machine, a board's by its
/// name. Nothing where no table has it: then nothing is called idle.
std::optional<units::Power> idle_draw_of(const sensors::Channel& channel, const Machine& machine);

}  // namespace ebb::measure
