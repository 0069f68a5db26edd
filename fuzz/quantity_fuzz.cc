// Powers and energies are finite and not negative; printed in their base unit they read back to the same number.
#include <fmt/format.h>

#include <cmath>

#include "target.h"
#include "units/format.h"
#include "units/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  if (const auto power = units::parse_power(text)) {
    const double watts = units::in_watts(*power);
    CHECK(std::isfinite(watts) && watts >= 0.0);
    const auto again = units::parse_power(fmt::format("{}W", watts));
    CHECK(again.ok() && *again == *power);
    CHECK(units::text_of(*power).ends_with('W'));
  }
  if (const auto energy = units::parse_energy(text)) {
    const double joules = units::in_joules(*energy);
    CHECK(std::isfinite(joules) && joules >= 0.0);
    const auto again = units::parse_energy(fmt::format("{}J", joules));
    CHECK(again.ok() && *again == *energy);
    CHECK(!units::text_of(*energy).empty());
  }
  return 0;
}
