#include "time/text.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "base/text.h"
#include "time/calendar.h"

namespace ebb::time {
namespace {

using base::in_quotes;

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
// Nanoseconds in 64 bits reach 292 years to either side: any difference of two such times, and any such time and a
// duration, fits.
constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2150;
constexpr std::string_view kYearBounds = "its year is not within 1900 to 2150";

/// Reads fixed pieces off the front of a text; every read says whether it succeeded.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool digits(std::size_t count, int& value) {
    if (rest_.size() < count) return false;
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }
  bool any_of(std::string_view set, char& found) {
    if (rest_.empty() || set.find(rest_.front()) == std::string_view::npos) return false;
    found = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  bool one(char c) {
    char found = 0;
    return any_of(std::string_view(&c, 1), found);
  }
  /// ".123": nanoseconds; digits past the ninth must be zero.
  bool fraction(std::int64_t& nanoseconds) {
    nanoseconds = 0;
    if (rest_.empty() || (rest_.front() != '.' && rest_.front() != ',')) return true;
    rest_.remove_prefix(1);
    std::int64_t scale = kNanosecondsPerSecond;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
      scale /= 10;
      if (scale == 0 && rest_[count] != '0') return false;
      nanoseconds += (rest_[count] - '0') * scale;
    }
    rest_.remove_prefix(count);
    return count > 0;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

base::Error bad_time(std::string_view text, std::string_view why) {
  return base::usage_error(fmt::format(
      "{} is no time: {}; write it like 2020-05-01T12:00:00Z or 2020-05-01T14:00:00+02:00", in_quotes(text), why));
}

struct Offset {
  bool given = false;
  std::int64_t seconds = 0;
};

bool read_offset(Reader& reader, Offset& offset) {
  char sign = 0;
  if (!reader.any_of("Zz+-", sign)) return false;
  offset.given = true;
  if (sign == 'Z' || sign == 'z') return true;
  int hours = 0;
  int minutes = 0;
  if (!reader.digits(2, hours) || !reader.one(':') || !reader.digits(2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  offset.seconds = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
  return true;
}

struct DurationUnit {
  std::string_view name;
  std::int64_t seconds;
};
constexpr std::array<DurationUnit, 5> kDurationUnits{
    {{"w", 7 * 86400}, {"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}};

base::Error bad_duration(std::string_view text) {
  return base::usage_error(
      fmt::format("{} is no duration: write it like 200ms, 90s, 20m, 6h, 1h30m, 8d or PT6H (positive, with its unit)",
                  in_quotes(text)));
}

/// "1h30m" or the part of an ISO duration behind P or T; units must come in falling order, each once.
std::optional<double> sum_of_units(std::string_view text, std::string_view allowed) {
  double total = 0.0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto at = text.find_first_not_of("0123456789.");
    if (at == std::string_view::npos || at == 0) return std::nullopt;
    const auto number = base::parse_number(text.substr(0, at));
    std::size_t unit = next_unit;
    while (unit < kDurationUnits.size() && kDurationUnits[unit].name[0] != text[at]) ++unit;
    if (!number || unit == kDurationUnits.size() || allowed.find(text[at]) == std::string_view::npos) {
      return std::nullopt;
    }
    total += *number * static_cast<double>(kDurationUnits[unit].seconds);
    next_unit = unit + 1;
    text.remove_prefix(at + 1);
  }
  return total;
}

std::optional<double> iso_duration(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  std::string_view rest = std::string_view(lower).substr(1);
  if (rest.empty()) return std::nullopt;
  const auto at = rest.find('t');
  const auto days = sum_of_units(rest.substr(0, at), "wd");
  if (at == std::string_view::npos) return days;
  const auto clock = rest.substr(at + 1);
  const auto hours = sum_of_units(clock, "hms");
  if (!days || !hours || clock.empty()) return std::nullopt;
  return *days + *hours;
}

}  // namespace

base::Expected<Instant> parse_instant(std::string_view text) {
  Reader reader(text);
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::int64_t nanoseconds = 0;
  char separator = 0;
  if (!reader.digits(4, year) || !reader.one('-') || !reader.digits(2, month) || !reader.one('-') ||
      !reader.digits(2, day)) {
    return bad_time(text, "it does not begin with a date YYYY-MM-DD");
  }
  if (reader.done()) return bad_time(text, "the time of day and the zone are missing");
  if (!reader.any_of("Tt ", separator) || !reader.digits(2, hour) || !reader.one(':') || !reader.digits(2, minute)) {
    return bad_time(text, "the time of day is not HH:MM:SS");
  }
  if (reader.one(':') && (!reader.digits(2, second) || !reader.fraction(nanoseconds))) {
    return bad_time(text, "the seconds are not SS or SS.fff");
  }
  if (reader.done()) return bad_time(text, "it has no zone, and 12:00 is another moment in each");
  Offset offset;
  if (!read_offset(reader, offset) || !reader.done()) return bad_time(text, "its zone is not Z, +HH:MM or -HH:MM");
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return bad_time(text, "there is no such day");
  if (hour > 23 || minute > 59 || second > 59) return bad_time(text, "there is no such time of day");
  if (year < kFirstYear || year > kLastYear) return bad_time(text, kYearBounds);
  const std::chrono::sys_days days = date;
  const Instant moment(days.time_since_epoch() + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                       std::chrono::seconds(second - offset.seconds) + Duration(nanoseconds));
  const bool inside = moment >= midnight(kFirstYear, 1, 1) && moment < midnight(kLastYear + 1, 1, 1);
  if (!inside) return bad_time(text, kYearBounds);
  return moment;
}

std::string text_of(Instant instant) {
  const auto days = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(days);
  const std::int64_t in_day = (instant - days).count();
  const std::int64_t seconds = in_day / kNanosecondsPerSecond;
  const std::int64_t fraction = in_day % kNanosecondsPerSecond;
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), seconds / 3600,
                                 seconds / 60 % 60, seconds % 60);
  if (fraction != 0) {
    std::string digits = fmt::format(".{:09}", fraction);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += digits;
  }
  return text + "Z";
}

base::Expected<Duration> parse_duration(std::string_view text) {
  const auto trimmed = base::trimmed(text);
  if (trimmed.empty()) return bad_duration(text);
  if (trimmed.ends_with("ms")) {
    const auto number = base::parse_number(trimmed.substr(0, trimmed.size() - 2));
    if (!number || *number < 0.0 || *number > 1e12) return bad_duration(text);
    return from_seconds(*number / 1e3);
  }
  const bool iso = trimmed.front() == 'P' || trimmed.front() == 'p';
  const auto seconds = iso ? iso_duration(trimmed) : sum_of_units(trimmed, "wdhms");
  if (!seconds) return bad_duration(text);
  if (*seconds > 100.0 * 366 * 86400) {
    return base::usage_error(fmt::format("the duration {} is longer than 100 years", in_quotes(text)));
  }
  return from_seconds(*seconds);
}

std::string text_of(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text = rest < 0 ? "-" : "";
  if (rest < 0) rest = -rest;
  for (const auto& unit : {DurationUnit{"d", 86400}, DurationUnit{"h", 3600}, DurationUnit{"m", 60}}) {
    const std::int64_t size = unit.seconds * kNanosecondsPerSecond;
    // 36h reads better than 1d12h; whole days stay days.
    if (unit.name == "d" && rest % size != 0 && rest < 4 * size) continue;
    if (rest / size > 0) text += fmt::format("{}{}", rest / size, unit.name);
    rest %= size;
  }
  if (rest == 0) return text;
  std::string digits = fmt::format("{}", rest / kNanosecondsPerSecond);
  if (rest % kNanosecondsPerSecond != 0) {
    std::string fraction = fmt::format(".{:09}", rest % kNanosecondsPerSecond);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    digits += fraction;
  }
  return text + digits + "s";
}

}  // namespace ebb::time
