#include "imports/local_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

#include "base/text.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

constexpr std::size_t kLongestTime = 40;

/// "+02:00": by the reader of RFC 3339 zones, which knows its bounds.
std::optional<time::Duration> fixed_offset(const std::string& text) {
  if (text == "UTC" || text == "Z") return time::Duration(0);
  const auto there = time::parse_instant("2000-06-01T00:00:00" + text);
  const auto here = time::parse_instant("2000-06-01T00:00:00Z");
  if (text.size() != 6 || !there) return std::nullopt;
  return *here - *there;
}

}  // namespace

base::Expected<LocalZone> LocalZone::from_option(const std::string& text) {
  LocalZone zone;
  if (text.empty()) return zone;
  zone.name_ = text;
  zone.offset_ = fixed_offset(text);
  if (zone.offset_) return zone;
  // The library throws for an unknown zone and for a missing database: turned into an Expected at this wall.
  try {
    zone.zone_ = ::date::locate_zone(text);
  } catch (const std::exception&) {
    return base::usage_error(
        fmt::format("--time-zone: {} is no time zone known here: give an IANA name such as Europe/Berlin (package "
                    "tzdata), UTC, or an offset such as +02:00",
                    base::in_quotes(text)));
  }
  return zone;
}

base::Expected<LocalMoment> LocalZone::moment(std::string_view text) const {
  if (text.size() > kLongestTime) return base::bad_data(base::in_quotes(text) + " is no time");
  if (const auto zoned = time::parse_instant(text)) return LocalMoment{*zoned, std::nullopt};
  const auto shown = time::parse_instant(std::string(text) + "Z");
  if (!shown) {
    return base::bad_data(fmt::format("{} is no time like 2024-05-01T10:00:00", base::in_quotes(text)));
  }
  if (name_.empty()) {
    return base::usage_error(
        fmt::format("{} has no zone, and it is another moment in each: say which with --time-zone "
                    "(Europe/Berlin, UTC, +02:00)",
                    base::in_quotes(text)));
  }
  if (offset_) return LocalMoment{*shown - *offset_, std::nullopt};
  const auto second = std::chrono::floor<std::chrono::seconds>(shown->time_since_epoch());
  const auto info = zone_->get_info(::date::local_seconds(second));
  const LocalMoment found{*shown - info.first.offset, std::nullopt};
  if (info.result == ::date::local_info::unique) return found;
  if (info.result == ::date::local_info::ambiguous) return LocalMoment{found.first, *shown - info.second.offset};
  return base::bad_data(fmt::format("{} never was in {}: its clocks were set over it; is --time-zone right?",
                                    base::in_quotes(text), name_));
}

}  // namespace ebb::imports
