#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "series/signal.h"
#include "units/quantity.h"

namespace ebb::carbon {

/// Software Carbon Intensity = ((E x I) + M) / R with every term (Green Software Foundation, SCI specification 1.1,
/// ISO/IEC 21031:2024). Location-based: offsets and certificates have no term in it (law 8).
///
/// Made by make_sci only, so that its terms are sound.
struct Sci {
  units::Energy energy;  ///< at the equipment, idle and paused time included (law 12)
  double pue = 1.0;
  units::Intensity intensity;  ///< location-based, weighted by the energy
  series::Signal signal;       ///< what the intensity means
  units::Emissions embodied;   ///< M: the job's share
  double count = 1.0;          ///< R: how many functional units
  std::string unit;            ///< "training", "epoch", "token", "request"

  /// E of the specification: what the equipment used and the building for it.
  [[nodiscard]] units::Energy building_energy() const { return energy * pue; }
  [[nodiscard]] units::Emissions operational() const { return building_energy() * intensity; }
  [[nodiscard]] units::Emissions total() const { return operational() + embodied; }
  /// The score: emissions of one functional unit.
  [[nodiscard]] units::Emissions value() const { return total() / count; }
};

/// kUsage: count not above 0, no unit, PUE below 1, energy or embodied emissions below 0, a number that is not finite.
/// An intensity may be negative (a marginal one is, when wind is curtailed).
base::Expected<Sci> make_sci(Sci terms);

/// "1.18 kg CO2e per training = ((3.10 kWh x 1.12 PUE x 335 g/kWh marginal direct) + 12.1 g) / 1"
std::string text_of(const Sci& sci);

}  // namespace ebb::carbon
