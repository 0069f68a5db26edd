#pragma once

#include <string>

#include "hardware/cpu.h"
#include "sensors/sensor.h"
#include "units/quantity.h"

namespace ebb::measure {

/// The machine that a run is on, as far as it is found out cheaply.
struct Machine {
  hardware::CpuIdentity cpu;
  double memory_gb = 0.0;  ///< 0: not known
  int logical_cpus = 0;    ///< online
  int cpus_given = 0;      ///< that this process may run on (cpuset, taskset)
  std::string kernel;      ///< "Linux 6.1.0"
};

/// Reads little: the first CPU of cpuinfo, not all of them (on large machines that costs milliseconds).
Machine look_at_machine(const sensors::Host& host);

/// One JSON object for a trace's header and for a report.
std::string json_of(const Machine& machine);

}  // namespace ebb::measure
