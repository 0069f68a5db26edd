#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb::grid {

/// A cloud region of the paper and what stands in for it in the open data (data/regions.csv).
struct Region {
  std::string name;          ///< "West US"
  std::string cloud_region;  ///< "azure:westus"
  std::string continent;
  std::string stand_in_zone;  ///< "US-CAL-CISO"
  std::string time_zone;      ///< IANA name, "America/Los_Angeles"
};

/// The sixteen regions of Dodge et al., in the paper's order.
const std::vector<Region>& paper_regions();

/// The time zone that people of a grid zone live by; nothing where it is not known.
std::optional<std::string> time_zone_of(std::string_view zone);

}  // namespace ebb::grid
