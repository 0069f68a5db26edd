// A time that was read is printed and read again to the nanosecond, in a form that sorts like the time.
#include "target.h"
#include "time/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto read = time::parse_instant(fuzz::text_of(data, size));
  if (!read) {
    CHECK(read.error().kind == base::ErrorKind::kUsage && !read.error().message.empty());
    return 0;
  }
  const std::string text = time::text_of(*read);
  const auto again = time::parse_instant(text);
  CHECK(again.ok() && *again == *read);
  CHECK(time::text_of(*again) == text && text.ends_with('Z'));
  return 0;
}
