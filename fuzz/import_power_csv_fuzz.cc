// Any bytes are a power CSV or are refused; every run that comes out can be priced.
#include "import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  imports::ImportOptions options;
  options.end = time::Instant(std::chrono::seconds(1714608000));
  imports::check_import(imports::Format::kPowerCsv, text, options);
  imports::check_import(imports::Format::kPowerCsv, text, {});
  return 0;
}
