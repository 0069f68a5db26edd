#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "sensors/recording.h"

namespace ebb::sensors {

/// What stands after "# channel:" in a recording: "gpu0; kind=gpu; method=...; raw=power; unit_watts=1e-3".
/// kBadData, without a place: a key that is not known, comes twice or is missing, or a value out of its bounds.
base::Expected<RecordedChannel> parse_recorded_channel(std::string_view text);
/// The same text again, without the rows.
std::string text_of(const RecordedChannel& channel);

/// Printable bytes only (UTF-8 is).
bool is_plain_text(std::string_view text);
/// What cannot stand in a value (';', unprintable bytes) replaced by blanks, without blanks at its ends.
std::string plain_text(std::string_view text);
/// Letters, digits, '.', '_', '-', at most 64: what a channel may be called in a recording.
bool is_channel_name(std::string_view name);

}  // namespace ebb::sensors
