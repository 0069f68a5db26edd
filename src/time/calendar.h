#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "time/instant.h"

namespace ebb::time {

/// Month (1-12), hour (0-23), weekday (0 = Monday) and day of a moment, on UTC's calendar.
struct CivilTime {
  int year = 0;
  unsigned month = 1;
  unsigned day = 1;
  unsigned weekday = 0;
  unsigned hour = 0;
  unsigned minute = 0;
};
CivilTime civil_time(Instant instant);

/// The first moment of a day of UTC's calendar; the date must exist.
Instant midnight(int year, unsigned month, unsigned day);

/// The hour of day (0-23) that clocks show in `zone` (IANA name, "America/Los_Angeles") at `first`, `first + step`,
/// ..., daylight saving included. kNoData where this machine's zone database is absent or does not have the zone.
base::Expected<std::vector<unsigned char>> local_hours(const std::string& zone, Instant first, Duration step,
                                                       std::size_t count);

}  // namespace ebb::time
