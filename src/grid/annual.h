#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "series/series.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::grid {

/// The mean intensity of a zone over a year: a row of data/annual_intensity.csv, which explains its figures.
struct AnnualIntensity {
  std::string zone;  ///< "FR", "US-CAL-CISO", "CAMX" (a subregion of eGRID)
  std::string name;  ///< "France"
  int year = 0;
  units::Intensity low;  ///< low and high: the range over the published figures, no confidence interval
  units::Intensity value;
  units::Intensity high;
  series::Signal signal;  ///< average; lifecycle or direct
  std::string range;      ///< whose figures make low and high
  std::string source;
  std::string licence;
};

/// Every year that ships of a zone, in rising order; nothing for an unknown zone. Whatever the case.
std::vector<AnnualIntensity> annual_intensities(std::string_view zone);

/// The year nearest to `year`, the later of two as near; nothing for an unknown zone. Costs some microseconds.
std::optional<AnnualIntensity> annual_intensity(std::string_view zone, int year);

/// Every zone that has a figure.
const std::vector<std::string>& annual_zones();

/// The figure as a series of whole hours that cover `when`. Quality: modelled; the source says that it is constant.
series::Series constant_series(const AnnualIntensity& annual, time::Interval when);

/// kBadData names file, line, what and why: zones not in order, a year twice, low <= g_per_kwh <= high broken, a scope
/// that is neither lifecycle nor direct, a row without a source or a licence.
base::Expected<std::vector<AnnualIntensity>> parse_annual_intensities(std::string_view text, const std::string& name);

}  // namespace ebb::grid
