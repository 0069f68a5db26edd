#include "time/calendar.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

namespace ebb::time {

CivilTime civil_time(Instant instant) {
  const auto days = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(days);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(instant - days).count();
  const auto since_thursday = days.time_since_epoch().count();  // 1970-01-01 was one
  CivilTime civil;
  civil.year = static_cast<int>(date.year());
  civil.month = static_cast<unsigned>(date.month());
  civil.day = static_cast<unsigned>(date.day());
  civil.weekday = static_cast<unsigned>(((since_thursday + 3) % 7 + 7) % 7);
  civil.hour = static_cast<unsigned>(minutes / 60);
  civil.minute = static_cast<unsigned>(minutes % 60);
  return civil;
}

Instant midnight(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day));
}

base::Expected<std::vector<unsigned char>> local_hours(const std::string& zone, Instant first, Duration step,
                                                       std::size_t count) {
  std::vector<unsigned char> hours;
  hours.reserve(count);
  // The library throws for an unknown zone and for a missing database: turned into an Expected at this wall.
  try {
    const ::date::time_zone* place = ::date::locate_zone(zone);
    auto info = place->get_info(std::chrono::floor<std::chrono::seconds>(first));
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = std::chrono::floor<std::chrono::seconds>(first + step * static_cast<std::int64_t>(i));
      if (at >= info.end) info = place->get_info(at);
      const auto in_day = (at.time_since_epoch() + info.offset) % std::chrono::hours(24);
      hours.push_back(static_cast<unsigned char>((in_day.count() + 86400) % 86400 / 3600));
    }
  } catch (const std::exception& problem) {
    return base::no_data(fmt::format("no local time for {}: {}; install the package tzdata", zone, problem.what()));
  }
  return hours;
}

}  // namespace ebb::time
