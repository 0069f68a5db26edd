#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace ebb::grid {

/// A region of a cloud provider and the grid that it draws from: a row of data/cloud_regions.csv, which says for each
/// how the zone is known.
struct CloudRegion {
  std::string provider;            ///< "aws", "azure", "gcp": as in data/pue.csv
  std::string region;              ///< the provider's name, "us-east-1"
  std::string place;               ///< "N. Virginia"
  std::string country;             ///< two letters
  std::string zone;                ///< key of Electricity Maps, "US-MIDA-PJM"
  std::optional<double> latitude;  ///< degrees, approximate
  std::optional<double> longitude;
  std::optional<double> pue;  ///< of the site, where a source gives one; else take the provider's (hardware/pue.h)
  std::string pue_source;
  std::string basis;   ///< how the zone is known: letters explained in data/datasheets/cloud_zones.csv
  std::string source;  ///< of name and place

  [[nodiscard]] std::string full_name() const { return provider + ":" + region; }
};

/// "aws:us-east-1", or "us-east-1" where one provider alone has that name; whatever the case. Nothing where there is
/// none. Costs some microseconds.
std::optional<CloudRegion> find_cloud_region(std::string_view name);

/// Every region that ships, by name.
const std::vector<CloudRegion>& cloud_regions();

/// kBadData names file, line, what and why: a region twice, not in order of its name, without a zone or a source, a
/// place outside the globe, a PUE below 1.
base::Expected<std::vector<CloudRegion>> parse_cloud_regions(std::string_view text, const std::string& name);

}  // namespace ebb::grid
