#pragma once

#include "sensors/sensor.h"

namespace ebb::sensors {

/// Graphics boards that tell their energy or power in Host::sys/class/hwmon: the drivers amdgpu, xe and i915.
///
/// A board's energy counter (`energy1_input`) is used where it works, else its power is integrated
/// (`power1_average`, `power1_input`): method "measured:hwmon-energy" or "measured:hwmon-power". A power that is read
/// more than 10 s after the one before is a gap. Channels are "gpuN", N counted from `first_number` in the order of PCI
/// addresses, which are their ids. Left out, with a warning: a graphics part of a processor (its power is the
/// processor's, which RAPL tells), and the die of a pair that shows 0 while the other shows both (MI250X).
/// Users of a board are not told: hwmon does not know them.
Opened open_hwmon_gpus(const Host& host, int first_number = 0);

}  // namespace ebb::sensors
