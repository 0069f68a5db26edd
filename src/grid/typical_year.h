#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "series/series.h"
#include "units/quantity.h"

namespace ebb::grid {

/// How a typical-year series is always labelled, so that nobody takes it for a measurement.
inline constexpr std::string_view kTypicalYear = "typical-year";

/// Zones of the shipped hourly table (average lifecycle, from 2022).
std::vector<std::string> typical_year_zones();

/// The mean of a zone's month, kind of day and hour of 2022, laid on the calendar of 2022; average lifecycle, hourly.
/// Quality: modelled. Nothing for a zone that is not in the table.
std::optional<series::Series> typical_year(std::string_view zone);

/// The same, laid on any time: the whole hours that touch `when`. The source says so: "typical-year of 2022 laid on
/// 2026 (...)". At the level of 2022: how the grid changed since is not in it (grid/covering.h brings it in).
/// Costs about 0.1 ms and 60 ns an hour.
std::optional<series::Series> typical_year(std::string_view zone, time::Interval when);

/// The mean of the typical year over the days of a calendar year: what scales it to another level.
std::optional<units::Intensity> typical_mean(std::string_view zone, int year);

/// California's marginal signal (SGIP_CAISO_PGE): the mean of each month's 5-minute step of the day of 2020, laid on
/// the calendar of 2020; marginal direct. Quality: modelled.
series::Series typical_marginal_year();

/// The same, laid on any time: the whole 5-minute steps that touch `when`; "typical-year of 2020 laid on 2026 (...)".
series::Series typical_marginal_year(time::Interval when);

}  // namespace ebb::grid
