// A credentials file is read or refused by its line number; the text of a line never stands in the message.
#include "providers/secrets.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  const auto pairs = providers::parse_credentials(text, "c.toml");
  if (!pairs) {
    CHECK(pairs.error().message.starts_with("c.toml line "));
    return 0;
  }
  for (const auto& [name, value] : *pairs) {
    CHECK(!name.empty() && text.find(name) != std::string_view::npos);
    CHECK(value.size() < size);
  }
  return 0;
}
