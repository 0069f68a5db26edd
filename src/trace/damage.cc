#include <fmt/format.h>

#include "trace/reader.h"

namespace ebb::trace {

std::string Damage::text() const {
  std::string text;
  const auto say = [&](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  if (header_lost) say("the header is destroyed: what ran, and when, is not known");
  if (skipped_bytes > 0) {
    say(fmt::format("{} damaged {} of together {} bytes skipped, the first at byte {}", skipped_stretches,
                    skipped_stretches == 1 ? "stretch" : "stretches", skipped_bytes, stretches.front().offset));
  }
  if (tail_bytes > 0) say(fmt::format("the last {} bytes are no whole record", tail_bytes));
  if (!read_error.empty()) say("reading stopped early: " + read_error);
  if (!has_end) say("the command's end was not recorded");
  return text;
}

}  // namespace ebb::trace
