#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "providers/provider.h"

/// The bodies of the providers' answers, read by formats/, each held to what
/// was asked: unit and signal are those that the answer states itself, and it
/// must be about the zone that was asked for.
///
/// Errors: kBadData with what, where and why: a body that breaks its format (an
/// empty object where none is documented, a unit that is not known, a
/// percentile), another zone or signal than was asked for, two values for one
/// moment. A value of null is a missing slot. Pure.
namespace ebb::providers {

/// /v3/forecast.
base::Expected<Reading> watttime_reading(std::string_view body, const std::string& zone, const series::Signal& signal);
/// /v3/historical.
base::Expected<Reading> watttime_past(std::string_view body, const std::string& zone, const series::Signal& signal);

/// carbon-intensity/past-range, /history, /latest, /forecast.
base::Expected<Reading> electricity_maps_reading(std::string_view body, const std::string& zone,
                                                 const series::Signal& signal);

/// Great Britain (GB), where the past is `actual`, and its regions (GB-1 to
/// GB-17), where it is the value of the model, the only one that there is. {}
/// is nothing, not an error: so it answers for a day that it does not have.
base::Expected<Reading> uk_past(std::string_view body, const std::string& zone, const series::Signal& signal);
base::Expected<Reading> uk_forecast(std::string_view body, const std::string& zone, const series::Signal& signal);

/// The pages of rows of electricity/rto/fuel-type-data: energy by fuel and
/// hour, weighted by each fuel's factor.
base::Expected<Reading> eia_reading(const std::vector<std::string>& pages, const std::string& zone,
                                    const series::Signal& signal);

}  // namespace ebb::providers
