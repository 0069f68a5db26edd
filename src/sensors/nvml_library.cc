#include "sensors/nvml_library.h"

#include <dlfcn.h>

namespace ebb::sensors::nvml {
namespace {

template <typename Function>
void find(void* library, const char* symbol, Function*& function) {
  if (function == nullptr) function = reinterpret_cast<Function*>(::dlsym(library, symbol));
}

Calls calls_of(void* library) {
  Calls calls;
  find(library, "nvmlInit_v2", calls.init);
  find(library, "nvmlShutdown", calls.shutdown);
  find(library, "nvmlErrorString", calls.error_string);
  find(library, "nvmlSystemGetDriverVersion", calls.driver_version);
  find(library, "nvmlDeviceGetCount_v2", calls.count);
  find(library, "nvmlDeviceGetHandleByIndex_v2", calls.handle_by_index);
  find(library, "nvmlDeviceGetName", calls.name);
  find(library, "nvmlDeviceGetUUID", calls.uuid);
  find(library, "nvmlDeviceGetMigMode", calls.mig_mode);
  find(library, "nvmlDeviceGetEnforcedPowerLimit", calls.power_limit);
  find(library, "nvmlDeviceGetTotalEnergyConsumption", calls.total_energy);
  find(library, "nvmlDeviceGetPowerUsage", calls.power_usage);
  find(library, "nvmlDeviceGetFieldValues", calls.field_values);
  // Version 2 before 3: drivers 535.43 to 535.86 give version 3 entries of 32 bytes in place of 24, without a new name
  // (github.com/XuehaiPan/nvitop, pull request 79); version 2 has kept its layout since R450.
  find(library, "nvmlDeviceGetComputeRunningProcesses_v2", calls.compute_processes);
  find(library, "nvmlDeviceGetComputeRunningProcesses_v3", calls.compute_processes);
  find(library, "nvmlDeviceGetComputeRunningProcesses", calls.compute_processes_v1);
  find(library, "nvmlDeviceGetProcessUtilization", calls.process_utilization);
  return calls;
}

}  // namespace

base::Expected<std::unique_ptr<Library>> Library::load(const std::string& path) {
  void* handle = ::dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = ::dlerror();
    return base::service_error(reason != nullptr ? reason : path + " cannot be loaded");
  }
  std::unique_ptr<Library> library(new Library(handle));
  library->calls_ = calls_of(handle);
  return library;
}

Library::~Library() {
  if (started_ && calls_.shutdown != nullptr) calls_.shutdown();
  ::dlclose(handle_);
}

Code Library::start() {
  if (calls_.init == nullptr) return kFunctionNotFound;
  const Code code = calls_.init();
  started_ = code == kSuccess;
  return code;
}

}  // namespace ebb::sensors::nvml
