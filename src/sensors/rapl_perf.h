#pragma once

#include <cstdint>
#include <memory>

#include "sensors/rapl_channel.h"

namespace ebb::sensors {

/// perf_event_open, as far as RAPL needs it.
class PerfEvents {
 public:
  struct Counter {
    std::unique_ptr<RawSource> source;  ///< null where it was refused
    int error = 0;                      ///< then errno
  };
  virtual ~PerfEvents() = default;
  /// Counts the event `config` of the PMU `type` on one CPU, whoever runs there, from now on.
  virtual Counter open(std::uint32_t type, std::uint64_t config, int cpu) = 0;
};

/// The kernel's.
class KernelPerfEvents final : public PerfEvents {
 public:
  Counter open(std::uint32_t type, std::uint64_t config, int cpu) override;
};

/// The events energy-pkg and energy-ram (energy-psys where there is no energy-pkg) of the PMU `power` in
/// Host::sys/bus/event_source/devices, one CPU of each package as its cpumask says. All packages or nothing.
RaplFound open_rapl_perf(const Host& host, const CpuIdentity& cpu, PerfEvents& perf);

}  // namespace ebb::sensors
