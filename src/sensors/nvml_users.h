#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sensors/nvml_device.h"
#include "sensors/sensor.h"

namespace ebb::sensors::nvml {

/// Who uses one board, and how much. Thread safety: none.
///
/// Shares are those of the SM samples since the last asking, of processes that have ended in between, too. Where the
/// driver has none (an idle board, MIG), the processes with a compute context share equally. Nothing where NVML does
/// not tell the processes, or tells PIDs that are not in `proc`: the driver knows the host's, a container has others
/// (github.com/NVIDIA/nvidia-docker, issue 1483).
class BoardUsers {
 public:
  BoardUsers(const Device& device, std::string proc) : device_(device), proc_(std::move(proc)) {}
  std::optional<std::vector<BoardUser>> now();

 private:
  [[nodiscard]] std::optional<std::vector<unsigned>> pids() const;
  [[nodiscard]] bool are_here(const std::vector<unsigned>& pids) const;

  Device device_;
  std::string proc_;
  std::uint64_t last_seen_us_ = 0;
};

}  // namespace ebb::sensors::nvml
