#include "formats/row_times.h"

#include <cstring>

#include "base/text.h"
#include "time/calendar.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

/// Two digits; negative where they are none.
int two_digits(const char* at) {
  const int tens = at[0] - '0';
  const int ones = at[1] - '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

}  // namespace

base::Expected<time::Instant> instant_of(std::string_view text) {
  auto found = time::parse_instant(text);
  if (!found) return base::bad_data(found.error().message);
  return *found;
}

// "2020-05-01 12:00[:00][Z|+00:00]" on the day of the row before.
std::optional<ShownTime> RowTimes::read_plain(std::string_view text) {
  if (text.size() < 16 || std::memcmp(text.data(), day_text_.data(), day_text_.size()) != 0) return std::nullopt;
  if ((text[10] != 'T' && text[10] != ' ') || text[13] != ':') return std::nullopt;
  const int hour = two_digits(text.data() + 11);
  const int minute = two_digits(text.data() + 14);
  int second = 0;
  auto rest = text.substr(16);
  if (rest.size() >= 3 && rest[0] == ':') {
    second = two_digits(rest.data() + 1);
    rest.remove_prefix(3);
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  const bool is_zoned = rest == "Z" || rest == "+00:00" || rest == ".000Z";
  if (!is_zoned && !rest.empty()) return std::nullopt;
  return ShownTime{day_ + std::chrono::seconds(hour * 3600 + minute * 60 + second), is_zoned};
}

base::Expected<ShownTime> RowTimes::read(std::string_view text) {
  if (const auto plain = read_plain(text)) return *plain;
  if (const auto zoned = time::parse_instant(text)) {
    // Only of UTC's own texts is the day at the front the day of the moment.
    if (text.ends_with('Z') || text.ends_with("+00:00")) {
      std::memcpy(day_text_.data(), text.data(), day_text_.size());
      day_ = std::chrono::floor<std::chrono::days>(*zoned);
    }
    return ShownTime{*zoned, true};
  }
  const auto shown = text.size() < 40 ? time::parse_instant(std::string(text) + "Z") : instant_of(text);
  if (!shown) return instant_of(text).error();
  std::memcpy(day_text_.data(), text.data(), day_text_.size());
  day_ = std::chrono::floor<std::chrono::days>(*shown);
  return ShownTime{*shown, false};
}

}  // namespace ebb::formats
