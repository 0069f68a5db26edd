#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "formats/draft.h"
#include "formats/understood.h"

namespace ebb::formats {

/// A body of Electricity Maps' API v3: carbon-intensity/latest, /history, /past, /past-range (one series) or /forecast
/// (one forecast, issued at `updatedAt`). g CO2e/kWh by documentation; average; scope by `emissionFactorType`, else by
/// options.signal, else lifecycle, the API's documented default. Step by `temporalGranularity`, else from the times,
/// else an hour, the documented default. null is missing. `isEstimated` values count as modelled.
///
/// kBadData: an error answer, two scopes in one body, and what assemble() refuses. kNoData: no values.
base::Expected<Understood> parse_electricity_maps(std::string_view body, const std::string& name = "Electricity Maps",
                                                  const Options& options = {});
base::Expected<Drafts> draft_electricity_maps(std::string_view body, const std::string& name, const Options& options);

}  // namespace ebb::formats
