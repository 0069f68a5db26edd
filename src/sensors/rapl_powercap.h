#pragma once

#include "sensors/rapl_channel.h"

namespace ebb::sensors {

/// The zones of Host::sys/class/powercap: `intel-rapl:N` (packages, psys) with children `intel-rapl:N:M` (dram, core,
/// uncore), N and M hexadecimal; `intel-rapl-mmio:N` shows the same packages again and is used for what only it has.
RaplFound open_rapl_powercap(const Host& host, const CpuIdentity& cpu);

}  // namespace ebb::sensors
