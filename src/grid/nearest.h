#pragma once

#include <cstddef>
#include <vector>

#include "grid/cloud_region.h"

namespace ebb::grid {

struct NearRegion {
  CloudRegion region;
  double kilometres = 0.0;  ///< along the earth's surface, taken for a sphere: to about half a percent
};

/// The cloud regions nearest to a place, nearest first, of those whose place is known. That a region is near does not
/// mean that its zone holds the place: borders of grids are not in the table.
/// latitude from -90 to 90, longitude from -180 to 180 (a programmer's duty).
std::vector<NearRegion> nearest_regions(double latitude, double longitude, std::size_t most);

}  // namespace ebb::grid
