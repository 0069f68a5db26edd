// A duration is never negative, and what is printed of it reads back to the same one.
#include "target.h"
#include "time/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto read = time::parse_duration(fuzz::text_of(data, size));
  if (!read) return 0;
  CHECK(*read >= time::Duration(0));
  const auto again = time::parse_duration(time::text_of(*read));
  CHECK(again.ok());
  // A double holds nanoseconds exactly up to 104 days; beyond, the sum of units may be off in its last digits.
  const auto off = *again > *read ? *again - *read : *read - *again;
  CHECK(off <= *read / (std::int64_t{1} << 51));
  return 0;
}
