#include "measure/world.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "time/text.h"

namespace ebb::measure {

std::string new_run_id(const World& world) {
  // 2026-03-01T14:22:33Z
  const auto now = time::text_of(std::chrono::floor<std::chrono::seconds>(world.clock.now()));
  std::string id;
  for (const char c : now.substr(0, 19)) {
    if (c == 'T') id += '-';
    if (c >= '0' && c <= '9') id += c;
  }
  id += '-';
  // Without vowels and what looks alike.
  constexpr std::string_view kLetters = "23456789bcdfghjkmnpqrstvwxz";
  auto bits = world.random();
  for (int i = 0; i < 6; ++i) {
    id += kLetters[bits % kLetters.size()];
    bits /= kLetters.size();
  }
  return id;
}

bool is_run_id(const std::string& text) {
  const bool fine = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-';
  });
  return fine && !text.empty() && text.size() <= 100 && text.front() != '.';
}

}  // namespace ebb::measure
