// Any bytes are the text of dcgmi dmon or are refused; every run that comes out can be priced.
#include "import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  imports::ImportOptions options;
  options.begin = time::Instant(std::chrono::seconds(1714557600));
  options.period = std::chrono::milliseconds(500);
  imports::check_import(imports::Format::kDcgm, text, options);
  return 0;
}
