#include "grid/annual.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/check.h"
#include "grid/slots.h"
#include "hardware/names.h"
#include "hardware/sorted_table.h"

extern "C" const char ebb_data_annual_intensity_begin[];
extern "C" const char ebb_data_annual_intensity_end[];

namespace ebb::grid {
namespace {

constexpr std::string_view kTable = "annual_intensity.csv";

std::string_view table() { return {ebb_data_annual_intensity_begin, ebb_data_annual_intensity_end}; }

const hardware::SortedTable& sorted() {
  static const hardware::SortedTable sorted(table(), std::string(kTable), "zone", hardware::lower_case);
  return sorted;
}

base::Expected<AnnualIntensity> annual_of(const hardware::TableRow& row) {
  AnnualIntensity annual;
  annual.zone = row.text("zone");
  annual.name = row.text("name");
  EBB_TRY(const double year, row.number("year", 1900.0));
  if (year > 2150.0 || year != std::floor(year)) return row.error(fmt::format("{} is no year", year));
  annual.year = static_cast<int>(year);
  EBB_TRY(const double low, row.number("low", 0.0));
  EBB_TRY(const double value, row.number("g_per_kwh", 0.0));
  EBB_TRY(const double high, row.number("high", 0.0));
  if (low > value || value > high) return row.error("low, g_per_kwh and high are not in rising order");
  if (!series::is_plausible(high)) return row.error(fmt::format("{} g/kWh is no intensity", high));
  annual.low = units::grams_per_kwh(low);
  annual.value = units::grams_per_kwh(value);
  annual.high = units::grams_per_kwh(high);
  const auto scope = row["scope"];
  if (scope != "lifecycle" && scope != "direct") return row.error("`scope` is neither lifecycle nor direct");
  annual.signal = {series::SignalKind::kAverage,
                   scope == "direct" ? series::SignalScope::kDirect : series::SignalScope::kLifecycle};
  annual.range = row.text("range");
  annual.source = row.text("source");
  annual.licence = row.text("licence");
  return annual;
}

}  // namespace

base::Expected<std::vector<AnnualIntensity>> parse_annual_intensities(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows,
          hardware::parse_sorted(
              text, name, {"zone", "year", "g_per_kwh", "low", "high", "scope", "range", "name", "source", "licence"},
              {}, "zone", hardware::lower_case, true));
  std::vector<AnnualIntensity> annuals;
  for (const auto& row : rows) {
    EBB_TRY(auto annual, annual_of(row));
    if (!annuals.empty() && hardware::lower_case(annuals.back().zone) == hardware::lower_case(annual.zone) &&
        annuals.back().year >= annual.year) {
      return row.error("the years of a zone do not rise");
    }
    annuals.push_back(std::move(annual));
  }
  return annuals;
}

std::vector<AnnualIntensity> annual_intensities(std::string_view zone) {
  std::vector<AnnualIntensity> annuals;
  for (const auto& row : sorted().find(hardware::lower_case(zone))) {
    auto annual = annual_of(row);
    CHECK(annual.ok());
    annuals.push_back(*std::move(annual));
  }
  return annuals;
}

std::optional<AnnualIntensity> annual_intensity(std::string_view zone, int year) {
  std::optional<AnnualIntensity> nearest;
  for (auto& annual : annual_intensities(zone)) {
    if (!nearest || std::abs(annual.year - year) <= std::abs(nearest->year - year)) nearest = std::move(annual);
  }
  return nearest;
}

const std::vector<std::string>& annual_zones() {
  static const std::vector<std::string> zones = [] {
    std::vector<std::string> names;
    sorted().for_each_name("", [&](std::string_view name) {
      if (names.empty() || names.back() != name) names.emplace_back(name);
      return true;
    });
    return names;
  }();
  return zones;
}

series::Series constant_series(const AnnualIntensity& annual, time::Interval when) {
  constexpr auto kStep = std::chrono::hours(1);
  const auto [begin, count] = slots_over(when, kStep);
  series::Provenance provenance{
      annual.zone,
      annual.signal,
      fmt::format("annual average of {}, constant ({}, {})", annual.year, annual.source, annual.licence),
      fmt::format("annual {}", annual.year),
      {0.0, 1.0, 0.0}};
  return {std::move(provenance), begin, kStep, std::vector<double>(count, units::in_grams_per_kwh(annual.value))};
}

}  // namespace ebb::grid
