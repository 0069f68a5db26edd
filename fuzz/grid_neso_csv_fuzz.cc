// CSV of the UK Carbon Intensity API, and that of CATS.
#include "grid_import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  formats::check_import(text, "fw48h/2023-03-14T1601Z.csv", formats::options_for("neso-csv"));
  auto options = formats::options_for("cats");
  options.zones = {"GB-3"};
  formats::check_import(text, "f.csv", options);
  return 0;
}
