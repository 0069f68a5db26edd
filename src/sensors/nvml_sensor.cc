#include "sensors/nvml_sensor.h"

#include <algorithm>

namespace ebb::sensors::nvml {
namespace {

/// Slower, and a burst between two readings would make a good counter look wrong beside the power.
constexpr time::Duration kLongestPeriod = std::chrono::seconds(1);
constexpr int kAffordable = 1000;  // 0.1% of a core

}  // namespace

void NvmlSensor::add(Channel channel, const Device& device, const Ways& ways, const std::string& proc) {
  boards_.emplace_back(channels_.size(), channel.name, device, ways);
  users_.emplace_back(device, proc);
  channels_.push_back(std::move(channel));
  round_cost_ += ways.cost;
}

time::Duration NvmlSensor::period() const {
  auto step = kLongestPeriod;
  for (const auto& board : boards_) step = std::min(step, board.step());
  return std::max(step, std::min(round_cost_ * kAffordable, kLongestPeriod));
}

Health NvmlSensor::read(const Tick& tick, std::vector<Reading>& out) {
  bool works = false;
  bool retries = false;
  auto ended = Health::kFatal;
  for (auto& board : boards_) {
    const auto health = board.read(tick.steady, out);
    works = works || health == Health::kFine || health == Health::kRetry;
    retries = retries || health == Health::kRetry;
    if (health == Health::kGone) ended = Health::kGone;
  }
  if (!works) return ended;
  return retries ? Health::kRetry : Health::kFine;
}

std::optional<std::vector<BoardUser>> NvmlSensor::users_of(std::size_t channel) {
  if (channel >= users_.size()) return std::nullopt;
  return users_[channel].now();
}

}  // namespace ebb::sensors::nvml
