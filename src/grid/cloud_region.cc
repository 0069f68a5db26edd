#include "grid/cloud_region.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "hardware/names.h"
#include "hardware/sorted_table.h"

extern "C" const char ebb_data_cloud_regions_begin[];
extern "C" const char ebb_data_cloud_regions_end[];

namespace ebb::grid {
namespace {

constexpr std::string_view kTable = "cloud_regions.csv";

std::string_view table() { return {ebb_data_cloud_regions_begin, ebb_data_cloud_regions_end}; }

base::Expected<std::optional<double>> optional_number(const hardware::TableRow& row, std::string_view column,
                                                      double least, double most) {
  if (row[column].empty()) return std::optional<double>();
  EBB_TRY(const double value, row.number(column, least));
  if (value > most) return row.error(fmt::format("{} is {}, more than {}", column, value, most));
  return std::optional(value);
}

base::Expected<CloudRegion> region_of(const hardware::TableRow& row) {
  CloudRegion region;
  region.provider = row.text("provider");
  region.region = row.text("region");
  region.place = row.text("place");
  region.country = row.text("country");
  region.zone = row.text("zone");
  EBB_TRY(region.latitude, optional_number(row, "latitude", -90.0, 90.0));
  EBB_TRY(region.longitude, optional_number(row, "longitude", -180.0, 180.0));
  EBB_TRY(region.pue, optional_number(row, "pue", 1.0, 10.0));
  region.pue_source = row.text("pue_source");
  region.basis = row.text("basis");
  region.source = row.text("source");
  if (region.provider.find(':') != std::string::npos || region.region.find(':') != std::string::npos) {
    return row.error("a name with a colon: it parts provider and region");
  }
  if (region.pue.has_value() == region.pue_source.empty())
    return row.error("a PUE without a source, or a source of none");
  return region;
}

}  // namespace

base::Expected<std::vector<CloudRegion>> parse_cloud_regions(std::string_view text, const std::string& name) {
  EBB_TRY(const auto rows,
          hardware::parse_sorted(text, name,
                                 {"provider", "region", "place", "country", "zone", "latitude", "longitude", "pue",
                                  "pue_source", "basis", "source"},
                                 {"latitude", "longitude", "pue", "pue_source"}, "region", hardware::lower_case, true));
  std::vector<CloudRegion> regions;
  std::set<std::string> seen;
  for (const auto& row : rows) {
    EBB_TRY(auto region, region_of(row));
    if (!seen.insert(hardware::lower_case(region.full_name())).second) return row.error("the region comes twice");
    regions.push_back(std::move(region));
  }
  return regions;
}

const std::vector<CloudRegion>& cloud_regions() {
  static const std::vector<CloudRegion> regions = [] {
    auto parsed = parse_cloud_regions(table(), std::string(kTable));
    CHECK(parsed.ok());
    return *std::move(parsed);
  }();
  return regions;
}

std::optional<CloudRegion> find_cloud_region(std::string_view name) {
  static const hardware::SortedTable sorted(table(), std::string(kTable), "region", hardware::lower_case);
  const auto colon = name.find(':');
  const auto provider = hardware::lower_case(name.substr(0, colon == std::string_view::npos ? 0 : colon));
  const auto region = hardware::lower_case(colon == std::string_view::npos ? name : name.substr(colon + 1));
  std::optional<CloudRegion> found;
  for (const auto& row : sorted.find(region)) {
    if (!provider.empty() && hardware::lower_case(row["provider"]) != provider) continue;
    if (colon != std::string_view::npos && provider.empty()) break;
    if (found) return std::nullopt;  // two providers have the name
    auto parsed = region_of(row);
    CHECK(parsed.ok());
    found = *std::move(parsed);
  }
  return found;
}

}  // namespace ebb::grid
