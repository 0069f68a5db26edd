#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/expected.h"
#include "measure/machine.h"
#include "sensors/sensor.h"
#include "time/clock.h"

namespace ebb::measure {

/// Which sensors: `auto`, names parted by commas (`rapl,model`), or `replay:FILE`.
struct SensorChoice {
  bool automatic = true;
  std::vector<std::string> names;
  std::string replay_file;  ///< empty: none
  [[nodiscard]] bool wants(std::string_view name) const;
};
/// kUsage naming what is known.
base::Expected<SensorChoice> parse_sensor_choice(const std::string& text);

/// The sensors that open at once: rapl, hwmon, replay. Milliseconds at most.
std::vector<sensors::Opened> open_quick_sensors(const SensorChoice& choice, const sensors::Host& host);

/// The model for what nobody measures: a CPU package or memory that `open` has measures switches its model off
/// (trap 19). Null where nothing is left to model, or the choice leaves it out.
sensors::Opened open_model(const SensorChoice& choice, const Machine& machine,
                           const std::vector<const sensors::Sensor*>& open);

/// A vendor's driver takes its time to load: it is opened on a thread of its own, so that neither the command nor the
/// other sensors wait. fd() becomes readable when it is there.
///
/// The destructor does not wait for a driver that hangs in its initialisation: the thread is left to the process's end.
class SlowSensors {
 public:
  SlowSensors(const SensorChoice& choice, const sensors::Host& host, const time::Clock& clock);
  SlowSensors(const SlowSensors&) = delete;
  SlowSensors& operator=(const SlowSensors&) = delete;
  ~SlowSensors();

  [[nodiscard]] int fd() const { return fd_; }
  /// What has opened since the last call.
  std::vector<sensors::Opened> take();
  /// Whether something is still opening.
  [[nodiscard]] bool busy() const;

 private:
  struct Shared {
    std::mutex mutex;
    std::vector<sensors::Opened> ready;
    bool done = false;
    int fd = -1;
  };
  std::shared_ptr<Shared> shared_;
  int fd_ = -1;
};

}  // namespace ebb::measure
