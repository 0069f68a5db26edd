#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "formats/imported.h"

namespace ebb::formats {

/// One wide file of Electricity Maps data: `datetime_utc,ZONE,ZONE,...`, hourly, g/kWh, average lifecycle. One series
/// per column; an empty field is missing.
base::Expected<Imported> import_electricity_maps_wide(const std::string& path);
base::Expected<Imported> parse_electricity_maps_wide(std::string_view text, const std::string& name);

}  // namespace ebb::formats
