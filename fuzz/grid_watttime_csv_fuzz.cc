// CSV of WattTime, versions 3 and 2.
#include "grid_import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  formats::check_import(text, "CAISO_NORTH_co2_moer_a_b.csv", formats::options_for("watttime-v3-csv"));
  auto options = formats::options_for("watttime-v2-csv");
  options.zones = {"PJM"};
  formats::check_import(text, "f.csv", options);
  return 0;
}
