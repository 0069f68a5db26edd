#include "sensors/nvml_ways.h"

#include <array>
#include <utility>

namespace ebb::sensors::nvml {
namespace {

/// Above any board that there is; for those that do not tell their limit.
constexpr auto kUnknownLimit = units::watts(2000);
constexpr int kTimedReadings = 3;

void find_counter(const Device& device, Ways& ways) {
  for (const auto source : {CounterSource::kCall, CounterSource::kField}) {
    const auto answer = count_mj(device, source);
    ways.counter_code = answer.code;
    // A board that has been on for a moment has used something: 0 is a counter that does not count.
    if (answer.ok() && answer.value == 0) ways.counter_code = kNotSupported;
    if (ways.counter_code != kSuccess) continue;
    ways.counter = source;
    return;
  }
}

void find_power(const Device& device, Ways& ways) {
  // To integrate, what is drawn now; to check a counter at 1 Hz, the mean, which misses nothing between two readings.
  std::array order{PowerSource::kInstant, PowerSource::kAverage, PowerSource::kUsage};
  if (ways.counter) std::swap(order[0], order[1]);
  for (const auto source : order) {
    const auto answer = device.power_mw(source);
    ways.power_code = answer.code;
    if (!answer.ok()) continue;
    ways.power = source;
    return;
  }
}

}  // namespace

Answer<std::uint64_t> count_mj(const Device& device, CounterSource source) {
  return source == CounterSource::kCall ? device.total_energy_mj() : device.field(kFieldTotalEnergy);
}

units::Power milliwatts(std::uint64_t power_mw) { return units::watts(static_cast<double>(power_mw) / 1e3); }

Ways find_ways(const Device& device, const time::Clock& clock) {
  Ways ways;
  find_counter(device, ways);
  find_power(device, ways);
  const auto limit = device.power_limit_mw();
  ways.max_power = 2.0 * (limit.ok() && limit.value > 0 ? milliwatts(limit.value) : kUnknownLimit);
  const auto begin = clock.steady();
  for (int i = 0; i < kTimedReadings; ++i) {
    if (ways.counter) static_cast<void>(count_mj(device, *ways.counter));
    if (ways.power) static_cast<void>(device.power_mw(*ways.power));
  }
  ways.cost = (clock.steady() - begin) / kTimedReadings;
  return ways;
}

}  // namespace ebb::sensors::nvml
