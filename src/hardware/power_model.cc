#include "hardware/power_model.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "hardware/memory.h"

namespace ebb::hardware {
namespace {

/// The machine's part of `package`, with the CPU's interval.
PowerRange of_machine(const CpuPower& cpu, units::Power package, double logical_cpus) {
  CHECK(logical_cpus > 0.0 && cpu.threads > 0);
  const auto value = package * (logical_cpus / cpu.threads);
  return {value * cpu.low_factor, value, value * cpu.high_factor};
}

}  // namespace

PowerRange package_power(const CpuPower& cpu, double busy_share, double logical_cpus) {
  CHECK(std::isfinite(busy_share));
  const double busy = std::pow(std::clamp(busy_share, 0.0, 1.0), kBusyExponent);
  return of_machine(cpu, cpu.idle + (cpu.full - cpu.idle) * busy, logical_cpus);
}

PowerRange idle_package_power(const CpuPower& cpu, double logical_cpus) {
  return of_machine(cpu, cpu.idle, logical_cpus);
}

MachinePower machine_power(const CpuPower& cpu, double busy_share, double logical_cpus, double memory_gb) {
  return {package_power(cpu, busy_share, logical_cpus), idle_package_power(cpu, logical_cpus), memory_power(memory_gb)};
}

double combined_factor(double a, double b) {
  CHECK(a > 0.0 && b > 0.0);
  const double size = std::hypot(std::log(a), std::log(b));
  return std::exp(a < 1.0 || b < 1.0 ? -size : size);
}

}  // namespace ebb::hardware
