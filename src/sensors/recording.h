#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "sensors/sensor.h"

namespace ebb::sensors {

/// What a source showed at a moment: a value; no value and why (kReadFailed, kLost); or a value after a stretch that
/// nobody knows and why (kReset, kUnread, kSuspended).
struct RecordedRow {
  time::Duration at{0};  ///< since the begin of the recording
  std::optional<std::uint64_t> value;
  std::optional<GapCause> cause;
};

/// The raw values of one channel.
struct RecordedChannel {
  Channel channel;
  bool is_power = false;                           ///< else an energy counter
  double unit = 1e-6;                              ///< one count, in joules of a counter, in watts of a power
  std::optional<std::uint64_t> range;              ///< of a counter: its largest value
  units::Power max_power = units::watts(100e3);    ///< of a counter: more than the thing ever draws
  time::Duration hold = std::chrono::seconds(10);  ///< of a power: how long a value stands
  std::vector<RecordedRow> rows;                   ///< in order of time, at least one
};

/// Raw values of sensors over time (docs/recording-format.md). At least one channel.
struct Recording {
  std::string source;
  bool loop = false;  ///< starts anew at its end
  std::vector<RecordedChannel> channels;

  /// Time of the last row of all channels.
  [[nodiscard]] time::Duration length() const;
};

/// Reads a recording. kBadData names file, line, what and why: whatever docs/recording-format.md does not allow.
base::Expected<Recording> parse_recording(std::string_view text, const std::string& name);

/// The recording as a file; parse_recording gives back an equal one. Blanks and ';' at odd places of texts are lost.
std::string text_of(const Recording& recording);

}  // namespace ebb::sensors
