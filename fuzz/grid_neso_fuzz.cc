// JSON of the UK Carbon Intensity API.
#include "grid_import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  formats::check_import(text, "f.json", formats::options_for("neso"));
  return 0;
}
