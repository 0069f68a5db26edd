#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "formats/draft.h"
#include "formats/understood.h"

namespace ebb::formats {

/// A body of the UK Carbon Intensity API (NESO): national (/intensity...) or regional (/regional...), in all the
/// shapes that it answers with. Half-hours in UTC, g/kWh, average direct by its methodology; zone `GB`, regions `GB-1`
/// to `GB-17` by the API's region id.
///
/// `actual` values are a series (null, as for the future, is missing); `forecast` values are a forecast, whose issue
/// the body does not say: options.issued, where the caller knows. 0 is a value. kNoData: `{}` or an empty list, the
/// API's answer for a time that it does not know. kBadData: an error answer and what assemble() refuses.
base::Expected<Understood> parse_neso(std::string_view body, const std::string& name = "Carbon Intensity API",
                                      const Options& options = {});
base::Expected<Drafts> draft_neso(std::string_view body, const std::string& name, const Options& options);

/// What is the same for every form of the API's data.
Draft neso_form(const std::string& name, const std::string& zone);

}  // namespace ebb::formats
