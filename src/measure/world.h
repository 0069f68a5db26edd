#pragma once

#include <functional>
#include <string>

#include "sensors/sensor.h"
#include "time/clock.h"

namespace ebb::measure {

/// Everything outside that a measured run touches; a test brings its own.
struct World {
  const time::Clock& clock;
  sensors::Host host;
  std::string host_name;
  std::string user;
  std::function<std::uint64_t()> random;  ///< for the names of runs
};

/// "20260301-142233-k3v9q2": sorts by time, UTC; the rest tells apart runs of one second.
std::string new_run_id(const World& world);

/// A run's name as given by a user or a batch system: letters, digits, '.', '_', '-', at most 100, no leading '.'.
bool is_run_id(const std::string& text);

}  // namespace ebb::measure
