#include "measure/idle.h"

#include <algorithm>

#include "hardware/gpu.h"
#include "hardware/power_model.h"

namespace ebb::measure {

std::optional<units::Power> idle_draw_of(const sensors::Channel& channel, const Machine& machine) {
  if (channel.kind == hardware::ComponentKind::kCpu) {
    const auto cpu = hardware::find_cpu(machine.cpu);
    const double per_package =
        static_cast<double>(std::max(1, machine.logical_cpus)) / std::max(1, machine.cpu.sockets);
    return hardware::idle_package_power(cpu, per_package).value;
  }
  if (channel.kind == hardware::ComponentKind::kGpu) {
    const auto gpu = hardware::find_gpu(channel.device);
    if (gpu) return hardware::gpu_power(*gpu, 0.0).value;
  }
  return std::nullopt;
}

}  // namespace ebb::measure
