#pragma once

#include <cstddef>
#include <vector>

#include "sensors/sensor.h"
#include "units/quantity.h"

namespace ebb::test {

/// What one channel used, and how many of its readings are gaps.
struct Tally {
  units::Energy energy;
  units::Energy cross_check;
  std::size_t checked = 0;
  std::size_t readings = 0;
  std::vector<sensors::Reading> gaps;
};

inline Tally tally_of(const std::vector<sensors::Reading>& readings, std::size_t channel) {
  Tally tally;
  for (const auto& reading : readings) {
    if (reading.channel != channel) continue;
    if (!reading.energy) {
      tally.gaps.push_back(reading);
      continue;
    }
    tally.energy += *reading.energy;
    ++tally.readings;
    if (!reading.cross_check) continue;
    tally.cross_check += *reading.cross_check;
    ++tally.checked;
  }
  return tally;
}

}  // namespace ebb::test
