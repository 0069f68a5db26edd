#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace ebb::exec {

/// A whole number that fills the text and fits; nothing for "", "+1", " 1", "1x".
template <typename Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace ebb::exec
