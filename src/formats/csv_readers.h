#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "formats/draft.h"
#include "formats/options.h"

namespace ebb::formats {

/// The yearly files of Electricity Maps' portal, older and newer header; columns are found by folded name. UTC by its
/// header, g CO2e/kWh, average; two series a zone, direct and lifecycle. ODbL.
base::Expected<Drafts> draft_electricity_maps_portal(std::string_view text, const std::string& name,
                                                     const Options& options);

/// WattTime v2: `timestamp,MOER` (and `MOER version`), lb/MWh, marginal direct. The file does not say the zone.
base::Expected<Drafts> draft_watttime_v2_csv(std::string_view text, const std::string& name, const Options& options);

/// WattTime v3 as its Python client writes it: `point_time,value` (and `meta`) in
/// `<region>_<signal>_<start>_<end>.csv`, lb/MWh.
base::Expected<Drafts> draft_watttime_v3_csv(std::string_view text, const std::string& name, const Options& options);

/// The Carbon Intensity API's answers flattened: `from,intensity.forecast,intensity.actual`, half-hours, zone GB. In a
/// folder or file named after fw24h or fw48h the file's name is when the forecast was issued.
base::Expected<Drafts> draft_neso_csv(std::string_view text, const std::string& name, const Options& options);

/// CATS: `time,deltaseconds,unix,intensity`, forecasts of the Carbon Intensity API for a place that it does not name.
base::Expected<Drafts> draft_cats_csv(std::string_view text, const std::string& name, const Options& options);

/// Any CSV: options.time_column, value_column, zone, unit and signal must be given, and time_zone where the times carry
/// none; what is missing is asked for, all at once.
base::Expected<Drafts> draft_named_columns(std::string_view text, const std::string& name, const Options& options);

/// The hourly tables of OpenStudio's emissions measure: hour numbers without a date. Always refused, saying what is not
/// known.
base::Error refuse_openstudio(std::string_view text, const std::string& name);

/// A column's name without case, blanks and punctuation, the subscript two as a digit.
std::string folded_name(std::string_view name);

}  // namespace ebb::formats
