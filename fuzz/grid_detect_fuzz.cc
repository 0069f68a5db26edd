// A file of whatever format, found from its text; and any text as a unit.
#include "grid_import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  formats::check_import(text, "f", {});
  if (const auto unit = formats::parse_unit(text)) {
    CHECK(unit->grams_per_kwh_of_one > 0.0 && formats::parse_unit(unit->name)->name == unit->name);
  }
  return 0;
}
