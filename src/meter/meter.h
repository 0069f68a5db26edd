#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "meter/attribution.h"
#include "sensors/sensor.h"
#include "time/clock.h"
#include "trace/record.h"

namespace ebb::meter {

/// What the job used, whoever knows it (a cgroup, a process tree).
class JobUsage {
 public:
  virtual ~JobUsage() = default;
  /// CPU time of all its processes since it started, ended ones included; nothing where it cannot be read now.
  virtual std::optional<time::Duration> cpu_time() = 0;
  /// Share of the machine's memory that it holds, 0 to 1; nothing where nobody says.
  virtual std::optional<double> memory_share() { return std::nullopt; }
  /// Whether a process is one of its.
  virtual bool has_process(int pid) {
    static_cast<void>(pid);
    return false;
  }
};

struct Options {
  time::Duration period = std::chrono::seconds(1);  ///< between samplings; a slower sensor is read less often
  Allocation allocation;
  /// Boards given to the job: by number ("0"), UUID (or its begin), or PCI address. Nothing: not said.
  std::optional<std::vector<std::string>> boards;
  /// Idle draw of a channel from a table, where the sensor itself does not say.
  std::function<std::optional<units::Power>(const sensors::Channel&)> idle_of;
};

/// Where records go; an error is kept and the record tried again at the next sampling.
using Sink = std::function<base::Status(const trace::Record&)>;

/// Samples sensors, says whose each joule is, and hands records to a sink. Owns the sensors.
///
/// Gaps (a failed reading, a reset, a lost device, the machine's sleep, stolen CPU time, a sampling too late) are
/// records, never zeros, never spikes. Thread safety: none; one loop owns it.
class Meter {
 public:
  Meter(const time::Clock& clock, std::function<std::optional<sensors::CpuTimes>()> machine,
        std::function<time::Duration()> own_cpu, JobUsage& job, Sink sink, Options options);

  /// Takes a sensor in: a Component record for each channel, and the baseline reading, now. Where the job runs
  /// already (`since`), what was before the baseline is a gap.
  void add(std::unique_ptr<sensors::Sensor> sensor, std::optional<time::Duration> since);

  /// The same for a sensor that reads nothing but the tick's own CPU times (a model): its baseline is the meter's own
  /// first look at them, so that nothing was before it.
  void add_from_start(std::unique_ptr<sensors::Sensor> sensor);

  /// Reads everything that is due, and writes one Interval. `all` reads every sensor, due or not (an edge).
  void sample(bool all = false);

  /// An edge of a region: everything is read first, so that the energies are the region's own.
  void mark(trace::Mark::Kind kind, const std::string& name);
  void pause_edge(bool paused);
  void note(const std::string& text);
  /// The command has ended. Readings that still fail are gaps for good.
  void end(const trace::End& end);

  /// When sample() is due next (steady time).
  [[nodiscard]] time::Duration next_due() const { return last_ + options_.period; }

  /// The job's energy so far, for a live line.
  [[nodiscard]] units::Energy job_energy() const { return job_energy_; }
  /// Why the last record could not be written; nothing when it was.
  [[nodiscard]] const std::optional<base::Error>& write_error() const { return write_error_; }
  /// Records that wait for being written.
  [[nodiscard]] std::size_t unwritten() const { return waiting_.size(); }
  /// Writes what waits; gives back whether nothing does any more.
  bool flush();

 private:
  /// What the machine and the job had used at a moment.
  struct Counts {
    time::Duration job{0};
    sensors::CpuTimes machine;
  };
  struct ChannelState {
    std::uint32_t component = 0;
    hardware::ComponentKind kind = hardware::ComponentKind::kOther;
    std::string name;
    bool given = false;
    bool given_is_known = false;
    bool lost = false;
    IdleFloor idle{std::nullopt};
    Counts at;  // of the last reading that gave an energy (or began anew)
    units::Energy counted;
    units::Energy integrated;
    time::Duration compared_since{0};
    std::optional<trace::Gap> failed;  // readings that failed: whether they are made good is known later
    bool disagreement_told = false;
    bool sharing_told = false;
  };
  struct SensorState {
    std::unique_ptr<sensors::Sensor> sensor;
    time::Duration read_at{0};
    bool dead = false;
    std::vector<ChannelState> channels;
  };

  void add_at(std::unique_ptr<sensors::Sensor> sensor, const sensors::Tick& tick, const Counts& now,
              std::optional<time::Duration> since);
  void write(trace::Record record);
  Counts counts_now(sensors::Tick& tick);
  void watch_clock(time::Duration now, time::Duration since);
  void watch_steal(const Counts& now, time::Duration from, time::Duration to);
  void read_sensor(SensorState& state, const sensors::Tick& tick, const Counts& now, trace::Interval& interval);
  void take(SensorState& state, const sensors::Reading& reading, const Counts& now, trace::Interval& interval);
  void compare(ChannelState& channel, const sensors::Reading& reading, time::Duration now);
  Parts parts_of(SensorState& state, std::size_t index, const sensors::Reading& reading, const Counts& now);
  BoardUse board_use(SensorState& state, std::size_t index);
  void gap(ChannelState& channel, const sensors::Reading& reading);
  void settle(ChannelState& channel, bool recovered);

  const time::Clock& clock_;
  std::function<std::optional<sensors::CpuTimes>()> machine_;
  std::function<time::Duration()> own_cpu_;
  JobUsage& job_;
  Sink sink_;
  Options options_;
  std::vector<SensorState> sensors_;
  std::uint32_t components_ = 0;
  std::vector<sensors::Reading> readings_;  // kept, so that sampling allocates nothing
  std::vector<trace::Record> waiting_;
  std::optional<base::Error> write_error_;
  time::Duration last_{0};
  Counts last_counts_;
  sensors::Tick first_tick_;
  Counts first_counts_;
  time::Duration last_own_{0};
  time::Duration asleep_{0};
  time::Duration utc_offset_{0};
  units::Energy job_energy_;
};

}  // namespace ebb::meter
