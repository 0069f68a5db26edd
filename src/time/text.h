#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "time/instant.h"

namespace ebb::time {

/// RFC 3339 with a zone: `2020-05-01T12:00:00Z`, `2020-05-01 14:00:00.5+02:00`; seconds may be left out
/// (`2020-05-01T12:00Z`). A time without zone, a day that the month has not, a leap second, a year outside 1900-2150:
/// kUsage, saying which.
base::Expected<Instant> parse_instant(std::string_view text);

/// `2020-05-01T12:00:00Z`; a fraction is printed only where there is one, without trailing zeros.
std::string text_of(Instant instant);

/// `200ms`, `90s`, `20m`, `6h`, `1h30m`, `8d`, `2w`, with fractions (`0.3h`), or ISO 8601 (`PT6H`, `P1DT12H`).
/// Negative, unitless, above 100 years: kUsage.
base::Expected<Duration> parse_duration(std::string_view text);

/// Shortest exact text in those units: "6h", "1h30m", "20m", "18.5s".
std::string text_of(Duration duration);

}  // namespace ebb::time
