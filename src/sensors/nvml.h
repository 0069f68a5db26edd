#pragma once

#include "sensors/sensor.h"
#include "time/clock.h"

namespace ebb::sensors {

/// The NVIDIA boards of this machine, through libnvidia-ml (`host.nvml_library`), which is loaded here and nowhere
/// else.
///
/// One channel a board, "gpu0" by NVML's number, whole: MIG instances share it. The method is "measured:nvml-counter"
/// where the board has an energy counter, else "measured:nvml-power", and `source` names what is read.
/// docs/measurement.md says what is known of both. Board numbers are NVML's (by PCI bus), which CUDA's are with
/// CUDA_DEVICE_ORDER=PCI_BUS_ID; Channel::id is the UUID.
///
/// period(): the longer of the counter's step, learned while reading (20 ms until known), and the time in which one
/// reading of all boards costs 0.1% of a core; but never over 1 s, since a slower check of counter against power checks
/// nothing. `clock` times the calls and must outlive the sensor.
///
/// Null with why and mend where there is no library, no driver that answers, or no board.
Opened open_nvml(const Host& host, const time::Clock& clock);

}  // namespace ebb::sensors
