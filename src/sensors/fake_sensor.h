#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sensors/sensor.h"

namespace ebb::sensors {

/// A sensor that shows what it is told: constant power by channel, and failures at the n-th reading.
class FakeSensor final : public Sensor {
 public:
  FakeSensor(std::string name, std::vector<Channel> channels, time::Duration period = time::Duration{1})
      : name_(std::move(name)), channels_(std::move(channels)), period_(period), power_(channels_.size()) {}

  void set_power(std::size_t channel, units::Power power) { power_[channel] = power; }
  /// The n-th reading from now (0 = the next) of every channel is a gap of that cause.
  void fail_in(int readings, GapCause cause) { failures_[read_ + readings] = cause; }
  void set_users(std::size_t channel, std::vector<BoardUser> users) { users_[channel] = std::move(users); }
  /// A second method that says this many times as much.
  void set_cross_check(double factor) { cross_check_ = factor; }
  void set_health(Health health) { health_ = health; }
  [[nodiscard]] int readings() const { return read_; }

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] const std::vector<Channel>& channels() const override { return channels_; }
  [[nodiscard]] time::Duration period() const override { return period_; }
  Health read(const Tick& tick, std::vector<Reading>& out) override {
    const int number = read_++;
    const auto failure = failures_.find(number);
    for (std::size_t i = 0; i < channels_.size() && number > 0; ++i) {
      if (from_.size() < channels_.size()) from_.resize(channels_.size(), last_);
      Reading reading;
      reading.channel = i;
      reading.to = tick.steady;
      if (failure != failures_.end()) {
        reading.from = last_;
        reading.cause = failure->second;
        reading.detail = "told to fail";
        if (reading.cause != GapCause::kReadFailed) from_[i] = tick.steady;
      } else {
        reading.from = from_[i];
        reading.energy = power_[i] * time::as_quantity(tick.steady - from_[i]);
        if (cross_check_ > 0.0) reading.cross_check = *reading.energy * cross_check_;
        from_[i] = tick.steady;
      }
      out.push_back(reading);
    }
    last_ = tick.steady;
    return health_;
  }
  std::optional<std::vector<BoardUser>> users_of(std::size_t channel) override {
    const auto known = users_.find(channel);
    if (known == users_.end()) return std::nullopt;
    return known->second;
  }

 private:
  std::string name_;
  std::vector<Channel> channels_;
  time::Duration period_;
  std::vector<units::Power> power_;
  std::map<int, GapCause> failures_;
  std::map<std::size_t, std::vector<BoardUser>> users_;
  std::vector<time::Duration> from_;
  time::Duration last_{0};
  double cross_check_ = 0.0;
  Health health_ = Health::kFine;
  int read_ = 0;
};

}  // namespace ebb::sensors
