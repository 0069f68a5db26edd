#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sensors/raw_sensor.h"

namespace ebb::sensors {

/// What RAPL tells energies of, as far as they are counted.
enum class RaplDomain { kPackage, kDram, kPlatform };

/// What /proc/cpuinfo says of the first CPU.
struct CpuIdentity {
  std::string model;   ///< "AMD EPYC 7763 64-Core Processor"; may be empty
  bool amd = false;    ///< RAPL is a model there
  bool guest = false;  ///< runs under a hypervisor
};
CpuIdentity cpu_identity(const Host& host);

/// A counter that RAPL shows and that may be read.
struct RaplCounter {
  RaplDomain domain = RaplDomain::kPackage;
  RawChannel raw;
  int package = 0;         ///< only counters of one package can mirror each other, where that is known; else all 0
  bool since_boot = true;  ///< mirrors show the same value; false: each counts from when it was opened
};

/// What one way to RAPL gave.
struct RaplFound {
  std::vector<RaplCounter> counters;
  bool present = false;  ///< the kernel shows counters this way, readable or not
  std::string why;       ///< of no counters
  std::string mend;      ///< where this way knows better than the usual one
  std::vector<std::string> warnings;
};

/// A channel with its kind, its method "measured:rapl-WAY", its interval and where that is from.
Channel rapl_channel(RaplDomain domain, std::string name, std::string id, const std::string& way,
                     const CpuIdentity& cpu);
/// More than such a thing ever draws: tells a wrap from a restart.
units::Power most_power(RaplDomain domain);

}  // namespace ebb::sensors
