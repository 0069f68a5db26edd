#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "formats/draft.h"
#include "formats/understood.h"

namespace ebb::formats {

/// JSON of the Carbon Aware SDK: its data files (`{"Emissions":[...]}` or a bare list of `Location, Time, Rating,
/// Duration`, numbers also as texts, times also without a zone), its answers (`location, time, rating, duration` or
/// `timestamp, value`) and its forecasts (`generatedAt, location, forecastData`). And that of Carbon-Aware-Computing
/// (bluehands): `{"GeneratedAt","UpdatedAt","Emissions":[Time, Rating, Duration]}` or `{"Start","Interval","Ratings"}`
/// of one country, a forecast; the country is the file's name (`de.json`).
///
/// g/kWh by documentation. The form does not say the signal: options.signal. One series a location.
base::Expected<Understood> parse_carbon_aware_sdk(std::string_view body, const std::string& name,
                                                  const Options& options);
base::Expected<Drafts> draft_carbon_aware_sdk(std::string_view body, const std::string& name, const Options& options);
base::Expected<Drafts> draft_carbon_aware_computing(std::string_view body, const std::string& name,
                                                    const Options& options);

/// A .NET time span, "01:00", "00:05:00", "1.00:00:00"; nothing where it is none or not above 0.
std::optional<time::Duration> time_span(std::string_view text);

}  // namespace ebb::formats
