#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensors/nvml_library.h"

namespace ebb::sensors::nvml {

/// What NVML answered; a function that the library lacks answers kFunctionNotFound.
template <typename T>
struct Answer {
  Code code = kFunctionNotFound;
  T value{};
  [[nodiscard]] bool ok() const { return code == kSuccess; }
};

/// A power that NVML tells, by where it comes from.
enum class PowerSource {
  kInstant,  ///< field 186
  kAverage,  ///< field 185: the mean of the last second
  kUsage,    ///< nvmlDeviceGetPowerUsage: a 1 s mean on Ampere (without GA100) and later, instant before
};

/// "NVML field 186 (instant power)"
const char* name_of(PowerSource source);

/// For a person: "Not Supported (NVML error 3)".
std::string error_text(const Calls& calls, Code code);

/// One board as NVML answers about it: decodes, does not judge. The library must outlive it. Thread safety: none.
class Device {
 public:
  Device(const Calls& calls, DeviceHandle* handle) : calls_(&calls), handle_(handle) {}

  [[nodiscard]] const Calls& calls() const { return *calls_; }
  [[nodiscard]] std::string name() const;       ///< "NVIDIA board" where NVML does not say
  [[nodiscard]] std::string uuid() const;       ///< empty where NVML does not say
  [[nodiscard]] Answer<bool> is_split() const;  ///< into MIG instances
  [[nodiscard]] Answer<std::uint64_t> power_limit_mw() const;

  [[nodiscard]] Answer<std::uint64_t> total_energy_mj() const;
  [[nodiscard]] Answer<std::uint64_t> power_mw(PowerSource source) const;
  /// A whole number of a field, of the GPU alone; kInvalidArgument where the driver's answer is no such number.
  [[nodiscard]] Answer<std::uint64_t> field(unsigned id) const;

  /// Of the processes with a compute context.
  [[nodiscard]] Answer<std::vector<unsigned>> compute_pids() const;
  /// What processes did since `last_seen_us` (a timestamp of samples given before; 0: all that the driver keeps).
  [[nodiscard]] Answer<std::vector<ProcessSample>> samples_since(std::uint64_t last_seen_us) const;

 private:
  const Calls* calls_;
  DeviceHandle* handle_;
};

}  // namespace ebb::sensors::nvml
