// A recording that is accepted reads back as it was written, and plays without a negative or an endless energy.
#include <algorithm>
#include <cmath>

#include "sensors/replay.h"
#include "target.h"

namespace {

using namespace ebb;

void play(const sensors::Recording& recording) {
  const auto length = recording.length();
  const auto sensor = sensors::make_replay(recording);
  CHECK(sensor->period() > time::Duration(0));
  std::vector<time::Duration> until(sensor->channels().size(), time::Duration(0));
  std::vector<sensors::Reading> readings;
  time::Duration at{0};
  for (int i = 0; i <= 24; ++i, at += length / 12 + time::Duration(1 + i % 3)) {  // twice the length, at uneven steps
    readings.clear();
    sensor->read({at, std::nullopt}, readings);
    for (const auto& reading : readings) {
      CHECK(reading.channel < until.size());
      CHECK(reading.from < reading.to && reading.to == at);
      // An energy may cover the failed looks before it; nothing else begins before the end of what was told.
      CHECK(reading.energy || reading.from >= until[reading.channel]);
      CHECK(!reading.energy ||
            (units::in_joules(*reading.energy) >= 0 && std::isfinite(units::in_joules(*reading.energy))));
      until[reading.channel] = reading.to;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto recording = sensors::parse_recording(fuzz::text_of(data, size), "fuzz.csv");
  if (!recording) return 0;
  const auto text = sensors::text_of(*recording);
  const auto again = sensors::parse_recording(text, "again.csv");
  CHECK(again.ok());
  CHECK(sensors::text_of(*again) == text);
  play(*recording);
  return 0;
}
