#include "http/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.h"
#include "time/calendar.h"

namespace ebb::http {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t kLongest = 64;

std::optional<int> whole(std::string_view digits, int low, int high) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || digits[0] == '-' || error != std::errc{} || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value < low || value > high ? std::nullopt : std::optional(value);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto word : base::split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

std::optional<time::Instant> moment(std::string_view day_text, std::string_view month_text, std::string_view year_text,
                                    std::string_view clock) {
  const auto month = std::find(kMonths.begin(), kMonths.end(), month_text);
  const auto day = whole(day_text, 1, 31);
  auto year = year_text.size() == 2 ? whole(year_text, 0, 99) : whole(year_text, 1900, 2150);
  const auto parts = base::split(clock, ':');
  if (month == kMonths.end() || !day || !year || parts.size() != 3) return std::nullopt;
  if (year_text.size() == 2) *year += *year < 70 ? 2000 : 1900;
  const auto hours = whole(parts[0], 0, 23);
  const auto minutes = whole(parts[1], 0, 59);
  const auto seconds = whole(parts[2], 0, 60);
  const auto number = static_cast<unsigned>(month - kMonths.begin()) + 1;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(number),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || !hours || !minutes || !seconds) return std::nullopt;
  return time::midnight(*year, number, static_cast<unsigned>(*day)) + std::chrono::hours(*hours) +
         std::chrono::minutes(*minutes) + std::chrono::seconds(*seconds);
}

}  // namespace

std::optional<time::Instant> parse_http_date(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  const auto words = words_of(text);
  if (words.size() == 6 && words[0].ends_with(',') && words[5] == "GMT") {
    return moment(words[1], words[2], words[3], words[4]);
  }
  if (words.size() == 4 && words[0].ends_with(',') && words[3] == "GMT") {
    const auto date = base::split(words[1], '-');
    return date.size() == 3 ? moment(date[0], date[1], date[2], words[2]) : std::nullopt;
  }
  if (words.size() == 5) return moment(words[2], words[1], words[4], words[3]);
  return std::nullopt;
}

std::optional<time::Duration> parse_retry_after(std::string_view text, time::Instant now) {
  text = base::trimmed(text);
  // Nine digits are thirty years: enough, and they fit.
  if (const auto seconds = text.size() <= 9 ? whole(text, 0, 999'999'999) : std::nullopt) {
    return std::chrono::seconds(*seconds);
  }
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::max(time::Duration{0}, *date - now);
}

}  // namespace ebb::http
