#pragma once

#include <cstdint>
#include <optional>

#include "sensors/nvml_device.h"
#include "time/clock.h"
#include "units/quantity.h"

namespace ebb::sensors::nvml {

/// Where a board's energy counter is read.
enum class CounterSource { kCall, kField };

/// How a board's energy can be told, found out by asking once.
struct Ways {
  std::optional<CounterSource> counter;
  std::optional<PowerSource> power;  ///< beside a counter: what it is checked against
  Code counter_code = kSuccess;      ///< why there is no counter
  Code power_code = kSuccess;
  units::Power max_power;  ///< twice the enforced limit: what no mean over a second reaches
  time::Duration cost{0};  ///< of one reading: the calls it makes, by the clock
};

/// Asks the board for everything once, then times a few readings.
Ways find_ways(const Device& device, const time::Clock& clock);

Answer<std::uint64_t> count_mj(const Device& device, CounterSource source);
units::Power milliwatts(std::uint64_t power_mw);

}  // namespace ebb::sensors::nvml
