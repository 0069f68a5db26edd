// Any bytes are an emissions.csv or are refused; every run that comes out is one that can be priced.
#include "import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  imports::ImportOptions options;
  options.time_zone = "Europe/Paris";
  imports::check_import(imports::Format::kCodeCarbon, text, options);
  return 0;
}
