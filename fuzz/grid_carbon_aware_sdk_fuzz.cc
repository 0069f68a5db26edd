// JSON of the Carbon Aware SDK with a time zone that sets its clocks, and of Carbon-Aware-Computing.
#include "grid_import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  auto options = formats::options_for("carbon-aware-sdk");
  options.signal = series::kMarginalDirect;
  options.time_zone = "Europe/Berlin";
  if (!formats::check_import(text, "f.json", options)) {
    options.time_zone.clear();
    formats::check_import(text, "f.json", options);
  }
  options.format = "carbon-aware-computing";
  formats::check_import(text, "de.json", options);
  return 0;
}
