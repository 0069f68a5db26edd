#pragma once

#include <string_view>

#include "base/expected.h"
#include "units/quantity.h"

namespace ebb::units {

/// `250W`, `1.2kW`, `8x300W` (count x power). Negative, infinite or unitless: kUsage, saying what is accepted.
base::Expected<Power> parse_power(std::string_view text);

/// `37.3kWh`, `5MJ`, `800Wh`, `90000J`. Negative, infinite or unitless: kUsage, saying what is accepted.
base::Expected<Energy> parse_energy(std::string_view text);

}  // namespace ebb::units
