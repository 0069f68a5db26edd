#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sensors/nvml_board.h"
#include "sensors/nvml_users.h"
#include "sensors/sensor.h"

namespace ebb::sensors::nvml {

/// All boards of a machine, in NVML's order. Thread safety: none.
class NvmlSensor final : public Sensor {
 public:
  explicit NvmlSensor(std::unique_ptr<Library> library) : library_(std::move(library)) {}

  /// While opening only: channels() is fixed once that is done.
  void add(Channel channel, const Device& device, const Ways& ways, const std::string& proc);
  /// The calls of one read(), by the clock.
  [[nodiscard]] time::Duration round_cost() const { return round_cost_; }

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] const std::vector<Channel>& channels() const override { return channels_; }
  [[nodiscard]] time::Duration period() const override;
  Health read(const Tick& tick, std::vector<Reading>& out) override;
  std::optional<std::vector<BoardUser>> users_of(std::size_t channel) override;

 private:
  std::string name_ = "nvml";
  std::unique_ptr<Library> library_;  // before the boards, which call it
  std::vector<Board> boards_;
  std::vector<BoardUsers> users_;
  std::vector<Channel> channels_;
  time::Duration round_cost_{0};
};

}  // namespace ebb::sensors::nvml
