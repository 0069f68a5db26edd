#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "formats/draft.h"
#include "time/instant.h"

namespace date {
class time_zone;
}

namespace ebb::formats {

/// time::parse_instant with kBadData for its errors: here a time is data, not an option.
base::Expected<time::Instant> instant_of(std::string_view text);

/// A time as a row shows it.
struct ShownTime {
  time::Instant at;      ///< where not zoned: what the clock shows, as if it were UTC
  bool is_zoned = true;  ///< it carries Z or an offset
};

/// Reads the times of rows: RFC 3339, with `T` or a blank, with or without seconds, with or without a zone. Remembers
/// the last day, so that a row costs some nanoseconds. Thread safety: none.
class RowTimes {
 public:
  /// kBadData: no time.
  base::Expected<ShownTime> read(std::string_view text);

 private:
  std::optional<ShownTime> read_plain(std::string_view text);

  std::array<char, 10> day_text_{};
  time::Instant day_;
};

/// The zone of times that carry none.
class TimeZone {
 public:
  /// An IANA name, "UTC", "Z", "+02:00". kUsage naming --time-zone for anything else.
  static base::Expected<TimeZone> from_text(std::string_view text);

  /// Makes shown times UTC, in place; they stand in the order of the file. A time that the clocks showed twice is the
  /// earlier one the first time it comes and the later one the second time; where a file shows it once, `repeated` says
  /// which, or it is refused. A time that the clocks jumped over is refused. kBadData naming file and line.
  base::Status make_utc(Draft& draft, RepeatedHour repeated) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_utc() const { return offset_ && *offset_ == time::Duration(0); }

 private:
  std::string name_;
  std::optional<time::Duration> offset_;     // of a fixed one
  const ::date::time_zone* zone_ = nullptr;  // of the zone database, which lives as long as the program
};

}  // namespace ebb::formats
