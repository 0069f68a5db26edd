#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sensors/counter.h"
#include "sensors/sensor.h"

namespace ebb::sensors {

/// One look at a raw value: a whole number in the source's own unit, or why there is none.
struct RawValue {
  std::optional<std::uint64_t> value;
  GapCause cause = GapCause::kReadFailed;  ///< of no value; kLost: there will never be one again
  std::string detail;                      ///< of no value or of a restart, for a person
  std::optional<GapCause> restarted;       ///< the source says that it started anew since the last look, and why
};

/// A value outside that is read again and again: a file of sysfs, a counter of perf, a recording.
/// Thread safety: none.
class RawSource {
 public:
  virtual ~RawSource() = default;
  /// `steady` is the time of the tick; only a recording looks at it.
  virtual RawValue read(time::Duration steady) = 0;
};

/// Makes energies of raw values: a CounterUnwrapper or a PowerIntegral.
class RawMeter {
 public:
  virtual ~RawMeter() = default;
  virtual Step add(std::uint64_t value, time::Duration steady) = 0;
  virtual void reset() = 0;
};
std::unique_ptr<RawMeter> counter_meter(const CounterUnwrapper::Rules& rules);
/// Of values that count `unit`.
std::unique_ptr<RawMeter> power_meter(units::Power unit, time::Duration max_hold);

/// A channel, where its raw values come from, and what makes energies of them.
struct RawChannel {
  Channel channel;
  std::unique_ptr<RawSource> source;
  std::unique_ptr<RawMeter> meter;
  std::string what;  ///< names the source in a gap's detail: "energy_uj of intel-rapl:0"
};

/// The pipeline from raw values to readings, common to rapl, hwmon and replay.
///
/// A look without a value is a gap since the look before; of kReadFailed the counter goes on, so that the next energy
/// starts at the last good value and covers the gap too; after any other the next value is a baseline. A lost channel
/// is not looked at again and yields gaps.
/// Health: kGone once every channel is lost, kRetry where a look failed, else kFine.
class RawSensor final : public Sensor {
 public:
  RawSensor(std::string name, time::Duration period, std::vector<RawChannel> channels);

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] const std::vector<Channel>& channels() const override { return channels_; }
  [[nodiscard]] time::Duration period() const override { return period_; }
  Health read(const Tick& tick, std::vector<Reading>& out) override;

 private:
  struct Line {
    std::unique_ptr<RawSource> source;
    std::unique_ptr<RawMeter> meter;
    std::string what;
    std::optional<time::Duration> looked;  ///< when it was looked at last, with or without a value
    std::string lost;                      ///< why it is lost; empty while it is not
  };
  bool look(std::size_t index, time::Duration now, std::vector<Reading>& out);

  std::string name_;
  time::Duration period_;
  std::vector<Channel> channels_;
  std::vector<Line> lines_;
};

}  // namespace ebb::sensors
