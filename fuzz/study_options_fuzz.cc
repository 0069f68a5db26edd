// A slack is never negative whatever it is a share of, and grows with it; a number of starts is at least one.
#include "study/study.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  if (const auto slack = study::parse_slack(text)) {
    const auto year = std::chrono::hours(8760);
    const auto of_hour = slack->of(std::chrono::hours(1));
    const auto of_year = slack->of(year);
    const auto of_longest = slack->of(100 * year);
    CHECK(of_hour >= time::Duration(0) && of_hour <= of_year && of_year <= of_longest);
    if (slack->fixed) CHECK(of_hour == of_longest);
    const auto again = study::parse_slack(slack->text);
    CHECK(again.ok() && again->of(year) == of_year);
  }
  if (const auto starts = study::parse_starts(text)) {
    CHECK((starts->kind == study::Starts::Kind::kCount) == (starts->count > 0));
  }
  return 0;
}
