#include "grid/regions.h"

#include <array>
#include <utility>

#include "base/check.h"
#include "base/text.h"

extern "C" const char ebb_data_regions_begin[];
extern "C" const char ebb_data_regions_end[];

namespace ebb::grid {

const std::vector<Region>& paper_regions() {
  static const std::vector<Region> regions = [] {
    std::vector<Region> parsed;
    base::Lines lines(std::string_view(ebb_data_regions_begin, ebb_data_regions_end));
    while (const auto line = lines.next()) {
      if (line->starts_with('#') || line->starts_with("region,") || line->empty()) continue;
      const auto fields = base::split(*line, ',');
      CHECK(fields.size() == 6);
      parsed.push_back({std::string(fields[0]), std::string(fields[1]), std::string(fields[2]), std::string(fields[3]),
                        std::string(fields[4])});
    }
    CHECK(parsed.size() == 16);
    return parsed;
  }();
  return regions;
}

std::optional<std::string> time_zone_of(std::string_view zone) {
  for (const auto& region : paper_regions()) {
    if (region.stand_in_zone == zone) return region.time_zone;
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOthers{
      {{"SGIP_CAISO_PGE", "America/Los_Angeles"},
       {"US-NW-GCPD", "America/Los_Angeles"},
       {"US-NW-SCL", "America/Los_Angeles"},
       {"US-NW-WACM", "America/Denver"},
       {"CA-QC", "America/Toronto"},
       {"CH", "Europe/Zurich"},
       {"SE-SE3", "Europe/Stockholm"},
       {"AU-NSW", "Australia/Sydney"},
       {"HK", "Asia/Hong_Kong"}}};
  for (const auto& [name, place] : kOthers) {
    if (name == zone) return std::string(place);
  }
  return std::nullopt;
}

}  // namespace ebb::grid
