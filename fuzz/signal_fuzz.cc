// A signal's text reads back to the same signal.
#include "series/signal.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto signal = series::parse_signal(fuzz::text_of(data, size));
  if (!signal) return 0;
  CHECK(signal->kind || signal->scope);
  const auto again = series::parse_signal(series::text_of(*signal));
  CHECK(again && *again == *signal);
  CHECK((series::saving_word(*signal) == "saved") == (signal->kind == series::SignalKind::kMarginal));
  return 0;
}
