#include "grid/nearest.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check.h"

namespace ebb::grid {
namespace {

constexpr double kEarthKilometres = 6371.0;  // mean radius, IUGG

double radians(double degrees) { return degrees * std::numbers::pi / 180.0; }

/// The haversine formula, which keeps its digits for places close to each other.
double kilometres_between(double latitude_a, double longitude_a, double latitude_b, double longitude_b) {
  const double up = std::sin(radians(latitude_b - latitude_a) / 2.0);
  const double across = std::sin(radians(longitude_b - longitude_a) / 2.0);
  const double share = up * up + std::cos(radians(latitude_a)) * std::cos(radians(latitude_b)) * across * across;
  return 2.0 * kEarthKilometres * std::asin(std::sqrt(std::min(1.0, share)));
}

}  // namespace

std::vector<NearRegion> nearest_regions(double latitude, double longitude, std::size_t most) {
  CHECK(std::fabs(latitude) <= 90.0 && std::fabs(longitude) <= 180.0);
  std::vector<NearRegion> near;
  for (const auto& region : cloud_regions()) {
    if (!region.latitude || !region.longitude) continue;
    near.push_back({region, kilometres_between(latitude, longitude, *region.latitude, *region.longitude)});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const NearRegion& a, const NearRegion& b) { return a.kilometres < b.kilometres; });
  near.resize(std::min(most, near.size()));
  return near;
}

}  // namespace ebb::grid
