#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "sensors/sensor.h"
#include "time/clock.h"

namespace ebb::measure {

/// Reads the sensors that are open, each second, for `length`, and keeps what they say in a file that `--sensors
/// replay:FILE` plays. kNoData where none is open; kService where the file cannot be written.
base::Status record_sensors(const std::string& file, const std::vector<sensors::Opened>& opened,
                            const sensors::Host& host, const time::Clock& clock, time::Duration length,
                            const std::string& source);

}  // namespace ebb::measure
