#pragma once

#include "hardware/cpu.h"
#include "sensors/sensor.h"

namespace ebb::sensors {

/// What to model, and on which machine.
struct ModelledMachine {
  hardware::CpuIdentity cpu;
  bool package = true;     ///< false: a sensor measures it
  double memory_gb = 0.0;  ///< 0: a sensor measures it, or nobody knows how much there is
};

/// Energy from CPU time where there is no sensor: each package's power at the share of time that its CPUs were busy
/// (hardware/power_model), memory by its size. Method "modelled:cpu-time" and "modelled:memory"; the channels carry
/// the model's 90% interval and where it is from.
///
/// Steal-aware: time that other guests took is neither busy nor idle here; what the machine did in it is the host's.
/// Null where nothing is to be modelled.
Opened open_model(const ModelledMachine& machine);

}  // namespace ebb::sensors
