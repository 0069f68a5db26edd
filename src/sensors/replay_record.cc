#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/file.h"
#include "sensors/recording_channel.h"
#include "sensors/replay.h"

namespace ebb::sensors {
namespace {

constexpr double kUnitJoules = 1e-6;

std::string free_name(std::string name, const std::set<std::string>& taken) {
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return !is_channel_name({&c, 1});
      },
      '-');
  name.resize(std::min<std::size_t>(name.size(), 56));
  if (name.empty()) name = "unnamed";
  std::string unique = name;
  for (int i = 2; taken.contains(unique); ++i) unique = fmt::format("{}-{}", name, i);
  return unique;
}

class Recorder {
 public:
  explicit Recorder(const std::vector<Sensor*>& sensors) : sensors_(sensors) {
    std::set<std::string> taken;
    for (const Sensor* sensor : sensors_) {
      first_.push_back(recording_.channels.size());
      for (const Channel& channel : sensor->channels()) {
        RecordedChannel recorded;
        recorded.channel = channel;
        recorded.channel.name = free_name(channel.name, taken);
        recorded.unit = kUnitJoules;
        taken.insert(recorded.channel.name);
        recording_.channels.push_back(std::move(recorded));
      }
    }
    joules_.resize(recording_.channels.size());
  }

  void look(const Tick& tick) {
    const bool is_first = !begin_;
    if (is_first) begin_ = tick.steady;
    for (std::size_t i = 0; i < sensors_.size(); ++i) {
      readings_.clear();
      sensors_[i]->read(tick, readings_);
      if (is_first) continue;
      for (const Reading& reading : readings_) take(first_[i] + reading.channel, reading);
    }
    if (!is_first) return;
    for (std::size_t i = 0; i < recording_.channels.size(); ++i) put(i, {time::Duration(0), count(i), {}});
  }

  Recording result() { return std::move(recording_); }

 private:
  [[nodiscard]] std::uint64_t count(std::size_t channel) const {
    return static_cast<std::uint64_t>(std::llround(joules_[channel] / kUnitJoules));
  }

  void take(std::size_t channel, const Reading& reading) {
    RecordedRow row{reading.to - *begin_, std::nullopt, std::nullopt};
    if (reading.energy) {
      joules_[channel] += std::max(0.0, units::in_joules(*reading.energy));
    } else {
      row.cause = reading.cause;
    }
    if (row.cause != GapCause::kReadFailed && row.cause != GapCause::kLost) row.value = count(channel);
    put(channel, row);
  }

  void put(std::size_t channel, const RecordedRow& row) {
    auto& rows = recording_.channels[channel].rows;
    if (!rows.empty() && rows.back().cause == GapCause::kLost) return;
    while (!rows.empty() && rows.back().at >= row.at) rows.pop_back();
    rows.push_back(row);
  }

  const std::vector<Sensor*>& sensors_;
  std::vector<std::size_t> first_;  // channel of each sensor
  Recording recording_;
  std::vector<double> joules_;
  std::vector<Reading> readings_;
  std::optional<time::Duration> begin_;
};

}  // namespace

Recording record(const std::vector<Sensor*>& sensors, const std::function<std::optional<Tick>()>& next_tick) {
  Recorder recorder(sensors);
  while (const auto tick = next_tick()) recorder.look(*tick);
  return recorder.result();
}

base::Status write_recording(const std::string& file, const std::vector<Sensor*>& sensors,
                             const std::function<std::optional<Tick>()>& next_tick, const std::string& source) {
  Recording recording = record(sensors, next_tick);
  recording.source = source;
  return base::write_file(file, text_of(recording));
}

}  // namespace ebb::sensors
