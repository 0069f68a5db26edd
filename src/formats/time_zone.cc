#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

#include "base/text.h"
#include "formats/row_times.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

std::string shown_text(time::Instant shown) {
  auto text = time::text_of(shown);
  text.pop_back();  // its Z
  return text;
}

::date::local_seconds local_of(time::Instant shown) {
  return ::date::local_seconds(std::chrono::floor<std::chrono::seconds>(shown.time_since_epoch()));
}

/// Walks through the rows of one file.
class Walk {
 public:
  Walk(Draft& draft, const ::date::time_zone& zone, RepeatedHour repeated)
      : draft_(draft), zone_(zone), repeated_(repeated) {}

  base::Status run() {
    for (std::size_t i = 0; i < draft_.points.size(); ++i) EBB_TRY_DO(step(i));
    return close();
  }

 private:
  base::Status step(std::size_t i) {
    Point& point = draft_.points[i];
    const auto local = local_of(point.at);
    // The common row: no change of the clocks within two days of it.
    if (known_ &&
        local - std::chrono::hours(48) >= ::date::local_seconds((info_.begin + info_.offset).time_since_epoch()) &&
        local + std::chrono::hours(48) < ::date::local_seconds((info_.end + info_.offset).time_since_epoch())) {
      point.at -= info_.offset;
      return close();
    }
    const auto found = zone_.get_info(local);
    if (found.result == ::date::local_info::nonexistent) {
      return base::bad_data(fmt::format(
          "{}: {} never was in {}: its clocks were set over it; is --time-zone right? A file that keeps standard time "
          "all year has a fixed offset, as in --time-zone=-08:00",
          place_text(draft_, point.place), shown_text(point.at), zone_.name()));
    }
    if (found.result == ::date::local_info::unique) {
      info_ = found.first;
      known_ = true;
      point.at -= info_.offset;
      return close();
    }
    return repeat(i, found);
  }

  /// A time that was shown twice.
  base::Status repeat(std::size_t i, const ::date::local_info& found) {
    Point& point = draft_.points[i];
    const auto shown = point.at;
    if (!open_ || change_ != found.second.begin) {
      EBB_TRY_DO(close());
      open_ = true;
      second_pass_ = false;
      change_ = found.second.begin;
      first_row_ = i;
      back_ = found.first.offset - found.second.offset;
    } else if (shown <= last_shown_) {
      second_pass_ = true;
    }
    last_shown_ = shown;
    last_row_ = i;
    point.at -= second_pass_ ? found.second.offset : found.first.offset;
    return base::Done{};
  }

  /// Behind the repeated times: both passes must have been there.
  base::Status close() {
    if (!open_) return base::Done{};
    open_ = false;
    if (second_pass_) return base::Done{};
    if (repeated_ == RepeatedHour::kRefuse) {
      const Point& point = draft_.points[first_row_];
      return base::bad_data(
          fmt::format("{}: the clocks of {} showed {} twice, and the file shows it once: say which one it is with "
                      "--repeated-hour first or second",
                      place_text(draft_, point.place), zone_.name(), shown_text(point.at + first_offset())));
    }
    if (repeated_ == RepeatedHour::kSecond) {
      for (std::size_t i = first_row_; i <= last_row_; ++i) draft_.points[i].at += back_;
    }
    return base::Done{};
  }

  /// Of the first pass of the open change.
  [[nodiscard]] std::chrono::seconds first_offset() const {
    return zone_.get_info(change_ - std::chrono::seconds(1)).offset;
  }

  Draft& draft_;
  const ::date::time_zone& zone_;
  RepeatedHour repeated_;
  ::date::sys_info info_;
  bool known_ = false;
  bool open_ = false;
  bool second_pass_ = false;
  ::date::sys_seconds change_;
  std::chrono::seconds back_{0};
  time::Instant last_shown_;
  std::size_t first_row_ = 0;
  std::size_t last_row_ = 0;
};

/// "+02:00": by the reader of RFC 3339 zones, which knows its bounds.
std::optional<time::Duration> fixed_offset(std::string_view text) {
  if (text == "UTC" || text == "Z" || text == "Etc/UTC") return time::Duration(0);
  if (text.size() != 6) return std::nullopt;
  const auto there = time::parse_instant("2000-06-01T00:00:00" + std::string(text));
  const auto here = time::parse_instant("2000-06-01T00:00:00Z");
  if (!there) return std::nullopt;
  return *here - *there;
}

}  // namespace

base::Expected<TimeZone> TimeZone::from_text(std::string_view text) {
  TimeZone zone;
  zone.name_ = std::string(text);
  zone.offset_ = fixed_offset(text);
  if (zone.offset_) return zone;
  // The library throws for an unknown zone and for a missing database: turned into an Expected at this wall.
  try {
    zone.zone_ = ::date::locate_zone(zone.name_);
  } catch (const std::exception&) {
    return base::usage_error(
        fmt::format("--time-zone: {} is no time zone known here: give an IANA name such as Europe/Berlin (package "
                    "tzdata), UTC, or an offset such as +02:00",
                    base::in_quotes(text)));
  }
  return zone;
}

base::Status TimeZone::make_utc(Draft& draft, RepeatedHour repeated) const {
  draft.time_zone = name_;
  if (offset_) {
    for (Point& point : draft.points) point.at -= *offset_;
    return base::Done{};
  }
  return Walk(draft, *zone_, repeated).run();
}

}  // namespace ebb::formats
