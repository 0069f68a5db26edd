// A page of EIA-930 generation, priced; and the table of fuel factors.
#include "formats/fuel_factors.h"
#include "grid_import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  formats::check_import(text, "f.json", formats::options_for("eia930"));
  const auto factors = formats::parse_fuel_factors(text, "fuel_factors.csv");
  if (!factors) return 0;
  for (const auto& factor : *factors) {
    CHECK(!factor.code.empty());
    for (const auto& value : {factor.direct_g_per_kwh, factor.lifecycle_g_per_kwh}) {
      CHECK(!value || (*value >= 0.0 && std::isfinite(*value) && !factor.is_storage));
    }
  }
  return 0;
}
