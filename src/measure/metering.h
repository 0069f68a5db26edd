#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "measure/machine.h"
#include "measure/mark.h"
#include "measure/sensor_set.h"
#include "measure/world.h"
#include "meter/meter.h"
#include "sensors/proc_stat.h"
#include "trace/writer.h"

namespace ebb::measure {

/// What one node of a run writes down: sensors, the meter on them, marks, and the trace that they go to.
///
/// Thread safety: none; one loop owns it.
class Metering {
 public:
  struct Place {
    std::string folder;  ///< of the run's traces
    trace::Header header;
    Machine machine;
    SensorChoice sensors;
    meter::Options meter;
  };
  /// Begins the trace. `usage` and `world` outlive it. Errors: kService.
  static base::Expected<std::unique_ptr<Metering>> begin(Place place, const World& world, meter::JobUsage& usage);
  Metering(const Metering&) = delete;
  Metering& operator=(const Metering&) = delete;
  ~Metering();

  /// Opens the sensors; slow drivers on a thread of their own. After the command's start: it does not wait for them.
  void open_sensors();
  /// When sample() is due (Clock::steady).
  [[nodiscard]] time::Duration next_due() const { return meter_->next_due(); }
  void sample();
  [[nodiscard]] std::vector<int> descriptors() const;
  /// One of descriptors() can be read; passes over others.
  void on_readable(int fd);
  void pause_edge(bool paused) { meter_->pause_edge(paused); }
  void note(const std::string& text) { warn(text); }

  /// The end of the command: the last reading, the End record. `job_cpu`: where the usage does not know.
  void finish(int exit_code, time::Duration job_cpu);

  [[nodiscard]] std::string mark_path() const { return marks_ ? marks_->path() : std::string(); }
  [[nodiscard]] units::Energy energy() const { return meter_->job_energy(); }
  /// The job's mean between the last two samplings; nothing before the second.
  [[nodiscard]] std::optional<units::Power> power() const { return power_; }
  /// A driver is still opening: leave the process without waiting for it.
  [[nodiscard]] bool threads_left() const { return threads_left_; }
  /// What a person should be told, since the last call.
  std::vector<std::string> take_warnings() { return std::exchange(warnings_, {}); }

 private:
  Metering(Place place, const World& world, meter::JobUsage& usage)
      : place_(std::move(place)), world_(world), usage_(usage) {}
  base::Status start();
  void warn(const std::string& text);
  void take_opened(sensors::Opened& opened, std::vector<std::unique_ptr<sensors::Sensor>>& into);
  void take_slow_sensors();
  void take_power();

  Place place_;
  const World& world_;
  meter::JobUsage& usage_;
  std::optional<trace::Writer> writer_;
  int held_ = -1;  // locked while this process lives
  std::optional<sensors::ProcStat> proc_stat_;
  std::optional<MarkServer> marks_;
  std::optional<meter::Meter> meter_;
  std::optional<SlowSensors> slow_;
  std::vector<std::string> told_;
  std::vector<std::string> warnings_;
  std::optional<base::Error> write_trouble_;
  time::Duration begun_{0};
  time::Duration synced_{0};
  time::Duration power_since_{0};
  units::Energy power_from_;
  std::optional<units::Power> power_;
  bool threads_left_ = false;
};

/// CPU time of this process itself.
time::Duration own_cpu_time();

}  // namespace ebb::measure
