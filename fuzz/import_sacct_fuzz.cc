// Any bytes are the output of sacct or are refused; a job is counted once and every run can be priced.
#include "import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  imports::ImportOptions options;
  options.time_zone = "America/New_York";
  imports::check_import(imports::Format::kSlurmSacct, text, options);
  return 0;
}
