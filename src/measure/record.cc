#include "measure/record.h"

#include <poll.h>

#include <algorithm>

#include "sensors/proc_stat.h"
#include "sensors/replay.h"

namespace ebb::measure {

base::Status record_sensors(const std::string& file, const std::vector<sensors::Opened>& opened,
                            const sensors::Host& host, const time::Clock& clock, time::Duration length,
                            const std::string& source) {
  std::vector<sensors::Sensor*> open;
  for (const auto& one : opened) {
    if (one.sensor) open.push_back(one.sensor.get());
  }
  if (open.empty()) return base::no_data("no sensor is open here: nothing to record (ebb doctor says why)");
  auto stat = sensors::ProcStat::open(host);
  const auto end = clock.steady() + length;
  bool first = true;
  const auto next_tick = [&]() -> std::optional<sensors::Tick> {
    if (!first) {
      const auto left = end - clock.steady();
      if (left <= time::Duration{0}) return std::nullopt;
      const auto wait = std::min<time::Duration>(left, std::chrono::seconds(1));
      ::poll(nullptr, 0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count()));
    }
    first = false;
    sensors::Tick tick{clock.steady(), std::nullopt};
    if (stat) {
      if (const auto times = stat->read()) tick.machine = *times;
    }
    return tick;
  };
  return sensors::write_recording(file, open, next_tick, source);
}

}  // namespace ebb::measure
