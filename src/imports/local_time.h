#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "time/instant.h"

namespace date {
class time_zone;
}

namespace ebb::imports {

/// A moment told by a clock on a wall.
struct LocalMoment {
  time::Instant first;
  std::optional<time::Instant> second;  ///< where the clock was set back and showed this time twice
};

/// Turns times of files that print local time into UTC. Cheap to copy; safe from any thread.
class LocalZone {
 public:
  /// An IANA name, "UTC", "Z" or "+02:00"; empty: none was given, and a time that needs one is refused then.
  /// kUsage naming --time-zone for anything else.
  static base::Expected<LocalZone> from_option(const std::string& text);

  /// `2024-05-01T10:00:00` with an optional fraction, or the same with a zone of its own, which wins.
  /// kUsage naming --time-zone where a zone is needed and none was given; kBadData for what is no time, or one that the
  /// clocks of the zone jumped over.
  [[nodiscard]] base::Expected<LocalMoment> moment(std::string_view text) const;

  /// "Europe/Berlin"; empty where none was given.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::optional<time::Duration> offset_;     // of a fixed one
  const ::date::time_zone* zone_ = nullptr;  // of the zone database, which lives as long as the program
};

}  // namespace ebb::imports
