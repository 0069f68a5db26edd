#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "trace/record.h"

namespace ebb::trace {

/// What one interval's energy of one component may be at most, in microjoules: 278 kWh. So that each is exact in a
/// double; what is larger is a mistake.
inline constexpr double kMostMicrojoules = 1e15;

/// Components are numbered below this.
inline constexpr std::uint32_t kMostComponents = 1U << 16U;

/// The record as the payload of one frame (docs/trace-format.md), with steady times relative to `base`: to the
/// microsecond rounded down, CPU times and energies to the nearest microsecond and microjoule.
/// kBadData, saying which, where a value cannot be kept.
base::Expected<std::string> encode(const Record& record, time::Duration base);

/// The record of a payload; nothing where it is none of this version's. Stands on its own: no payload needs another,
/// save for `base`, which is Header::steady.
std::optional<Record> decode(std::string_view payload, time::Duration base);

}  // namespace ebb::trace
