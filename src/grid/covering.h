#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "series/series.h"
#include "time/instant.h"

namespace ebb::grid {

/// The best series of each book (law 11) over a time that may have no measured data, each with the 90% interval of the
/// mean intensity over that time as factors of it.
///
/// Best first: measured data over all of it; the typical year laid on it, at the level of the nearest year's average;
/// that average alone, constant; nothing. What is not measured says so in its source, its quality and a warning.
struct Cover {
  std::string zone;    ///< the grid zone that was meant
  std::string region;  ///< "aws:us-east-1" where a cloud region was asked for; else empty
  std::optional<series::Series> average;
  std::optional<series::Series> marginal;
  std::optional<std::pair<double, double>> average_factors;  ///< nothing: the source states none
  std::optional<std::pair<double, double>> marginal_factors;
  std::vector<std::string> warnings;
};

/// The zone that a person means: a zone of the typical year or of the annual figures, or a cloud region's
/// (grid/cloud_region.h), whatever the case. kNoData with the nearest names.
struct Place {
  std::string zone;
  std::string region;  ///< the region's full name; empty where a zone was named
};
base::Expected<Place> find_place(const std::string& name);

/// The average over a whole year of jobs that may begin at any time: the nearest year's figure (else the typical year's
/// mean), with factors of a job of `length` at an unknown time. `year`: the one that is meant.
Cover any_time(const Place& place, time::Duration length, int year);

}  // namespace ebb::grid
