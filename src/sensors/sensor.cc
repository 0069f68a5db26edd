#include "sensors/sensor.h"

#include <array>

namespace ebb::sensors {
namespace {

constexpr std::array<GapCause, 5> kCauses{GapCause::kUnread, GapCause::kReadFailed, GapCause::kReset, GapCause::kLost,
                                          GapCause::kSuspended};

}  // namespace

std::string_view name_of(GapCause cause) {
  switch (cause) {
    case GapCause::kReadFailed:
      return "read-failed";
    case GapCause::kReset:
      return "reset";
    case GapCause::kLost:
      return "lost";
    case GapCause::kSuspended:
      return "suspended";
    case GapCause::kUnread:
      break;
  }
  return "unread";
}

std::optional<GapCause> parse_gap_cause(std::string_view text) {
  for (const auto cause : kCauses) {
    if (text == name_of(cause)) return cause;
  }
  return std::nullopt;
}

}  // namespace ebb::sensors
