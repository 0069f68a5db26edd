#pragma once

#include "sensors/rapl_perf.h"
#include "sensors/sensor.h"

namespace ebb::sensors {

/// The RAPL counters of Intel and AMD processors: a channel "package0" (cpu) for each package and "dram0" (dram) for
/// the memory of each that tells it. Cores and uncore are inside the package and no channels. psys is the whole
/// platform, packages included: a channel only where there is no package at all.
///
/// perf_event `power/energy-*` where allowed (64-bit counters that do not wrap), else /sys/class/powercap. One counter
/// that is shown twice, by msr and mmio or by two dies, is counted once. Counters that are there and may not be read
/// (the normal state of a user since CVE-2020-8694) leave `present` true, with why and the command that mends it.
Opened open_rapl(const Host& host);
/// The same, with perf_event_open as a parameter.
Opened open_rapl(const Host& host, PerfEvents& perf);

}  // namespace ebb::sensors
