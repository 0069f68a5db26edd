#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "trace/record.h"

namespace ebb::trace {

/// One line of JSON. Bytes that are no UTF-8 become U+FFFD.
std::string json_of(const Header& header);

/// Nothing where a field is missing or not of its type; unknown fields are passed over.
std::optional<Header> parse_header(std::string_view json);

}  // namespace ebb::trace
