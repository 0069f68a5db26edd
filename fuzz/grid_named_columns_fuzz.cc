// A CSV by named columns, in three time zones: none, one that sets its clocks by an hour and one by half an hour.
#include "grid_import_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  auto options = formats::options_for("csv");
  options.time_column = "t";
  options.value_column = "v";
  options.zones = {"X"};
  options.unit = formats::parse_unit("lb/MWh");
  options.signal = series::kAverageLifecycle;
  formats::check_import(text, "f.csv", options);
  options.time_zone = "America/Los_Angeles";
  formats::check_import(text, "f.csv", options);
  options.time_zone = "Australia/Lord_Howe";
  for (const auto repeated : {formats::RepeatedHour::kFirst, formats::RepeatedHour::kSecond}) {
    options.repeated_hour = repeated;
    formats::check_import(text, "f.csv", options);
  }
  return 0;
}
