#include "carbon/sci.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "base/text.h"
#include "units/format.h"

namespace ebb::carbon {
namespace {

bool finite_and_not_negative(double value) { return std::isfinite(value) && value >= 0.0; }

/// "1", "1,000", "2.50": a count of whole things has no fraction.
std::string count_text(double count) {
  const bool small_whole = count == std::floor(count) && count < 1000.0;
  return small_whole ? fmt::format("{:.0f}", count) : units::three_digits(count);
}

}  // namespace

base::Expected<Sci> make_sci(Sci terms) {
  if (!std::isfinite(terms.count) || terms.count <= 0.0) {
    return base::usage_error(fmt::format("{} is no number of functional units: it must be above 0", terms.count));
  }
  if (base::trimmed(terms.unit).empty()) {
    return base::usage_error("the functional unit has no name: say per what, like training, epoch, token or request");
  }
  if (!std::isfinite(terms.pue) || terms.pue < 1.0) {
    return base::usage_error(fmt::format("a PUE of {} cannot be: the building uses at least what is in it", terms.pue));
  }
  if (!finite_and_not_negative(units::in_joules(terms.energy)) ||
      !finite_and_not_negative(units::in_grams(terms.embodied)) ||
      !std::isfinite(units::in_grams_per_kwh(terms.intensity))) {
    return base::usage_error("energy and embodied emissions must be numbers of at least 0, the intensity a number");
  }
  return terms;
}

std::string text_of(const Sci& sci) {
  return fmt::format("{} CO2e per {} = (({} x {} PUE x {} {}) + {}) / {}", units::text_of(sci.value()), sci.unit,
                     units::text_of(sci.energy), units::three_digits(sci.pue), units::text_of(sci.intensity),
                     series::text_of(sci.signal), units::text_of(sci.embodied), count_text(sci.count));
}

}  // namespace ebb::carbon
