#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "series/series.h"

namespace ebb::grid {

/// How a typical-year series is always labelled, so that nobody takes it for a measurement.
inline constexpr std::string_view kTypicalYear = "typical-year";

/// Zones of the shipped hourly table (average lifecycle, from 2022).
std::vector<std::string> typical_year_zones();

/// The mean of a zone's month, kind of day and hour of 2022, laid on the calendar of 2022; average lifecycle, hourly.
/// Quality: modelled. Nothing for a zone that is not in the table.
std::optional<series::Series> typical_year(std::string_view zone);

/// California's marginal signal (SGIP_CAISO_PGE): the mean of each month's 5-minute step of the day of 2020, laid on
/// the calendar of 2020; marginal direct. Quality: modelled.
series::Series typical_marginal_year();

}  // namespace ebb::grid
