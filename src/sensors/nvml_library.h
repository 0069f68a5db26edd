#pragma once

#include <memory>
#include <string>

#include "base/expected.h"
#include "sensors/nvml_abi.h"

namespace ebb::sensors::nvml {

/// The functions of libnvidia-ml that ebb calls; null where this version of the library lacks one.
struct Calls {
  Code (*init)() = nullptr;      // nvmlInit_v2
  Code (*shutdown)() = nullptr;  // nvmlShutdown
  const char* (*error_string)(Code) = nullptr;
  Code (*driver_version)(char* text, unsigned bytes) = nullptr;
  Code (*count)(unsigned* count) = nullptr;                                  // nvmlDeviceGetCount_v2
  Code (*handle_by_index)(unsigned index, DeviceHandle** device) = nullptr;  // nvmlDeviceGetHandleByIndex_v2
  Code (*name)(DeviceHandle* device, char* text, unsigned bytes) = nullptr;
  Code (*uuid)(DeviceHandle* device, char* text, unsigned bytes) = nullptr;
  Code (*mig_mode)(DeviceHandle* device, unsigned* current, unsigned* pending) = nullptr;
  Code (*power_limit)(DeviceHandle* device, unsigned* mw) = nullptr;  // nvmlDeviceGetEnforcedPowerLimit
  Code (*total_energy)(DeviceHandle* device, unsigned long long* mj) = nullptr;
  Code (*power_usage)(DeviceHandle* device, unsigned* mw) = nullptr;
  Code (*field_values)(DeviceHandle* device, int count, FieldValue* values) = nullptr;
  /// The newest of the versions with the layout ProcessV2; `..._v1` where there is none.
  Code (*compute_processes)(DeviceHandle* device, unsigned* count, ProcessV2* processes) = nullptr;
  Code (*compute_processes_v1)(DeviceHandle* device, unsigned* count, ProcessV1* processes) = nullptr;
  Code (*process_utilization)(DeviceHandle* device, ProcessSample* samples, unsigned* count,
                              unsigned long long last_seen_us) = nullptr;
};

/// libnvidia-ml, opened; no logic. Closed, and shut down where it was started, when it goes.
class Library {
 public:
  /// `path` as dlopen takes it: a bare name is looked for where the system keeps its libraries. Errors: kService with
  /// the loader's reason.
  static base::Expected<std::unique_ptr<Library>> load(const std::string& path);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  /// nvmlInit_v2; kFunctionNotFound where the file is no NVML at all.
  Code start();
  [[nodiscard]] const Calls& calls() const { return calls_; }

 private:
  explicit Library(void* handle) : handle_(handle) {}

  void* handle_;
  Calls calls_;
  bool started_ = false;
};

}  // namespace ebb::sensors::nvml
