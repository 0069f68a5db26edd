#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "sensors/recording.h"
#include "sensors/sensor.h"

namespace ebb::sensors {

/// Plays a recording (docs/recording-format.md): its raw values go through the same counters and integrals as a real
/// sensor's, read at the ticks' steady time since the first read. After its end every channel is lost, unless it loops:
/// then counters go on from where they were.
std::unique_ptr<Sensor> make_replay(const Recording& recording);

/// make_replay of a file (also gzip); without a sensor, `why` is what is wrong with the file.
Opened open_replay(const std::string& file);

/// Reads sensors at each tick that `next_tick` gives (it waits; nothing: the end) and makes a recording of what they
/// tell: cumulative energies as counters of 1 uJ, gaps as gaps. What was used before the first tick is not in it.
/// Channels of two sensors that share a name are told apart by "-2".
Recording record(const std::vector<Sensor*>& sensors, const std::function<std::optional<Tick>()>& next_tick);

/// record() into a file. kService where it cannot be written.
base::Status write_recording(const std::string& file, const std::vector<Sensor*>& sensors,
                             const std::function<std::optional<Tick>()>& next_tick, const std::string& source);

}  // namespace ebb::sensors
