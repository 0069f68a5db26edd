#pragma once

#include "hardware/cpu.h"
#include "hardware/power_range.h"

namespace ebb::hardware {

/// The shape of the CPU model, fitted to measured packages: docs/power-model.md says to which and how well, and a test
/// fits it anew. Power of a package = idle + (full - idle) x busy share ^ kBusyExponent.
inline constexpr double kIdleOfTdp = 0.126;
inline constexpr double kFullOfTdp = 0.825;
inline constexpr double kBusyExponent = 0.65;
/// 90% interval of measured / modelled power for a CPU that was not in the fit.
inline constexpr double kModelLow = 0.55;
inline constexpr double kModelHigh = 1.65;

/// The power of a machine's CPU packages.
///
/// `busy_share`: CPU time used / (wall time x logical CPUs), 0 to 1; more is taken as 1. `logical_cpus`: those that the
/// machine sees, above 0 (a part of one for a shared-core instance). A machine of n logical CPUs is n / cpu.threads of
/// a package: two sockets are twice a package, and a virtual machine is its share of the host, which is taken to be as
/// busy as the machine itself. A finite busy_share and a logical_cpus above 0 are the caller's duty.
PowerRange package_power(const CpuPower& cpu, double busy_share, double logical_cpus);

/// The part of package_power that is used when nothing runs: the rest is due to load.
PowerRange idle_package_power(const CpuPower& cpu, double logical_cpus);

/// Main memory: a constant by gigabyte (hardware/memory.h), busy or not.
struct MachinePower {
  PowerRange cpu;
  PowerRange cpu_idle;  ///< within cpu
  PowerRange memory;
};

/// What a machine without any sensor is modelled to use; GPUs apart (hardware/gpu.h). memory_gb >= 0 and finite, and
/// the duties of package_power.
MachinePower machine_power(const CpuPower& cpu, double busy_share, double logical_cpus, double memory_gb);

/// Two independent uncertainties given as factors of one value, put together as their logarithms' root sum of squares:
/// 0.5 and 0.5 give 0.375. Both at most 1, or both at least 1.
double combined_factor(double a, double b);

}  // namespace ebb::hardware
