#pragma once

#include <string>

#include "units/quantity.h"

namespace ebb::units {

/// For people, three significant digits with a fitting unit: "41.2 g", "1.32 kg", "31.8 t". Never "0.000001 t".
std::string text_of(Emissions value);
std::string text_of(Energy value);     ///< "3.10 kWh", "12.0 Wh", "103.6 MWh"
std::string text_of(Power value);      ///< "250 W", "1.20 kW"
std::string text_of(Intensity value);  ///< "335 g/kWh"

/// Three significant digits of a plain number, thousands separated: "1,320", "0.0412".
std::string three_digits(double value);

}  // namespace ebb::units
