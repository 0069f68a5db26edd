// Any bytes are the answer of a range query or are refused; every run that comes out can be priced.
#include "import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  imports::ImportOptions options;
  options.unit = "W";
  imports::check_import(imports::Format::kPrometheus, text, options);
  // By the names of its metrics too, as a counter or a power.
  imports::check_import(imports::Format::kPrometheus, text, {});
  return 0;
}
