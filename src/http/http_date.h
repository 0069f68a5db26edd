#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "time/instant.h"

namespace ebb::http {

/// The moment of an HTTP header (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, and the two older forms
/// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. Years of two digits are of 1970 to 2069. Nothing
/// for anything else; the name of the day is not compared with the date.
std::optional<time::Instant> parse_http_date(std::string_view text);

/// The wait that a Retry-After header asks for: whole seconds or a date; not negative. Nothing where it says neither.
std::optional<time::Duration> parse_retry_after(std::string_view text, time::Instant now);

}  // namespace ebb::http
