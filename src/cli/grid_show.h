#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grid/cloud_region.h"
#include "grid/nearest.h"
#include "grid/portrait.h"
#include "report/json.h"
#include "series/series.h"

namespace ebb::cli {

/// The most that shifting a job of flat power can save, all being known beforehand: means over every start.
struct Shifting {
  time::Duration duration{0};
  time::Duration slack{0};
  std::size_t starts = 0;
  std::size_t skipped = 0;  ///< whose window touches a missing slot
  double baseline = 0.0;    ///< g per kWh of the job's energy, run at once; the two below: less than it by so much
  double flexible_start = 0.0;
  double pause_resume = 0.0;
};

/// Nothing where no start has a whole window.
std::optional<Shifting> shifting_of(const series::Series& series, time::Duration duration, time::Duration slack);

/// PUE of a region or its provider.
struct PueView {
  double value = 1.0;
  std::string source;
};

/// All that `grid show` says of a zone.
struct ZoneView {
  std::string zone;
  std::string name;  ///< "France"; empty where it is not known
  std::optional<grid::CloudRegion> region;
  std::optional<PueView> pue;  ///< of the region
  series::Series series;
  bool constant = false;  ///< a year's mean is all that is known
  grid::Portrait portrait;
  std::optional<Shifting> shifting;
};

/// At most 80 columns wide.
std::string zone_text(const ZoneView& view, bool colour);
report::Json zone_json(const ZoneView& view);

/// The regions near a place.
std::string near_text(double latitude, double longitude, const std::vector<grid::NearRegion>& near);
report::Json near_json(double latitude, double longitude, const std::vector<grid::NearRegion>& near);

}  // namespace ebb::cli
