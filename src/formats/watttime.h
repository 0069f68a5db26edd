#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "formats/draft.h"
#include "formats/understood.h"

namespace ebb::formats {

/// A body of WattTime v3: /v3/historical (one series), /v3/forecast (one forecast), /v3/forecast/historical (one
/// forecast an issue). Zone, unit, step, signal and model date are read from the body's own `meta`; the date of the
/// model is the vintage. null is missing. `name` stands in messages.
///
/// kBadData: an error answer of the API, a percentile (signal-index), a signal that is no intensity of carbon, a unit
/// that is none, points of two models, and what assemble() refuses. kNoData: no points.
base::Expected<Understood> parse_watttime_v3(std::string_view body, const std::string& name = "WattTime",
                                             const Options& options = {});
base::Expected<Drafts> draft_watttime_v3(std::string_view body, const std::string& name, const Options& options);

/// `co2_moer` is marginal direct, `co2_aoer` average direct; nothing for what is no intensity of carbon.
std::optional<series::Signal> watttime_signal(std::string_view signal_type);

}  // namespace ebb::formats
