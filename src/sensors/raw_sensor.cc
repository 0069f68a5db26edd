#include "sensors/raw_sensor.h"

#include <algorithm>
#include <utility>

namespace ebb::sensors {
namespace {

class CounterMeter final : public RawMeter {
 public:
  explicit CounterMeter(const CounterUnwrapper::Rules& rules) : counter_(rules) {}
  Step add(std::uint64_t value, time::Duration steady) override { return counter_.add(value, steady); }
  void reset() override { counter_.reset(); }

 private:
  CounterUnwrapper counter_;
};

class PowerMeter final : public RawMeter {
 public:
  PowerMeter(units::Power unit, time::Duration max_hold) : unit_(unit), integral_(max_hold) {}
  Step add(std::uint64_t value, time::Duration steady) override {
    return integral_.add(unit_ * static_cast<double>(value), steady);
  }
  void reset() override { integral_.reset(); }

 private:
  units::Power unit_;
  PowerIntegral integral_;
};

Reading gap(std::size_t channel, time::Duration from, time::Duration to, GapCause cause, std::string detail) {
  Reading reading;
  reading.channel = channel;
  reading.from = from;
  reading.to = to;
  reading.cause = cause;
  reading.detail = std::move(detail);
  return reading;
}

}  // namespace

std::unique_ptr<RawMeter> counter_meter(const CounterUnwrapper::Rules& rules) {
  return std::make_unique<CounterMeter>(rules);
}

std::unique_ptr<RawMeter> power_meter(units::Power unit, time::Duration max_hold) {
  return std::make_unique<PowerMeter>(unit, max_hold);
}

RawSensor::RawSensor(std::string name, time::Duration period, std::vector<RawChannel> channels)
    : name_(std::move(name)), period_(period) {
  for (auto& raw : channels) {
    channels_.push_back(std::move(raw.channel));
    lines_.push_back({std::move(raw.source), std::move(raw.meter), std::move(raw.what), std::nullopt, ""});
  }
}

Health RawSensor::read(const Tick& tick, std::vector<Reading>& out) {
  bool all_fine = true;
  for (std::size_t i = 0; i < lines_.size(); ++i) all_fine = look(i, tick.steady, out) && all_fine;
  if (all_fine) return Health::kFine;
  const bool any_left = std::any_of(lines_.begin(), lines_.end(), [](const Line& line) { return line.lost.empty(); });
  return any_left ? Health::kRetry : Health::kGone;
}

/// False where the channel gave no value.
bool RawSensor::look(std::size_t index, time::Duration now, std::vector<Reading>& out) {
  Line& line = lines_[index];
  const auto before = std::exchange(line.looked, now);
  if (!line.lost.empty()) {
    if (before && *before < now) out.push_back(gap(index, *before, now, GapCause::kLost, line.lost));
    return false;
  }
  RawValue raw = line.source->read(now);
  if (!raw.value) {
    if (raw.cause != GapCause::kReadFailed) line.meter->reset();
    if (raw.cause == GapCause::kLost) line.lost = raw.detail.empty() ? line.what + " is gone" : raw.detail;
    if (before && *before < now) out.push_back(gap(index, *before, now, raw.cause, std::move(raw.detail)));
    return false;
  }
  if (raw.restarted) line.meter->reset();
  const Step step = line.meter->add(*raw.value, now);
  if (!before) return true;
  if (raw.restarted) {
    out.push_back(gap(index, *before, now, *raw.restarted, std::move(raw.detail)));
  } else if (step.verdict == Verdict::kFirst) {
    out.push_back(gap(index, *before, now, GapCause::kUnread, "there is no earlier value of " + line.what));
  } else if (auto reading = reading_of(index, step, now, line.what)) {
    // What an earlier gap has told already is not told again; an energy covers it, a gap does not.
    if (!reading->energy) reading->from = *before;
    if (reading->from < now) out.push_back(*std::move(reading));
  }
  return true;
}

}  // namespace ebb::sensors
