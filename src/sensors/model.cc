#include "sensors/model.h"

#include <fmt/format.h>

#include <algorithm>

#include "hardware/memory.h"
#include "hardware/power_model.h"

namespace ebb::sensors {
namespace {

// The curve was fitted to loads that hold for seconds, and it bends: read at every hundredth of a second it would see
// a CPU either idle or full, and give less than for the mean of both.
constexpr auto kPeriod = std::chrono::seconds(1);

class ModelSensor final : public Sensor {
 public:
  ModelSensor(const ModelledMachine& machine, const hardware::CpuPower& cpu)
      : cpu_(cpu), logical_cpus_(std::max(1, machine.cpu.logical_cpus)), has_package_(machine.package) {
    if (has_package_) {
      const auto idle = hardware::idle_package_power(cpu_, logical_cpus_);
      Channel package;
      package.name = "cpu";
      package.kind = hardware::ComponentKind::kCpu;
      package.device = cpu_.name;
      package.method = "modelled:cpu-time";
      package.idle = idle.value;
      package.low_factor = cpu_.low_factor;
      package.high_factor = cpu_.high_factor;
      package.source = fmt::format("power model of ebb (docs/power-model.md), CPU known {}; {}",
                                   hardware::text_of(cpu_.match), cpu_.source);
      channels_.push_back(std::move(package));
    }
    if (machine.memory_gb > 0.0) {
      memory_ = hardware::memory_power(machine.memory_gb);
      Channel memory;
      memory.name = "memory";
      memory.kind = hardware::ComponentKind::kDram;
      memory.device = fmt::format("memory of {:.0f} GB", machine.memory_gb);
      memory.method = "modelled:memory-size";
      memory.low_factor = units::as_number(memory_.low / memory_.value);
      memory.high_factor = units::as_number(memory_.high / memory_.value);
      memory.source = "published watts per gigabyte (data/memory_power.csv), lowest to highest";
      channels_.push_back(std::move(memory));
    }
  }

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] const std::vector<Channel>& channels() const override { return channels_; }
  [[nodiscard]] time::Duration period() const override { return kPeriod; }

  Health read(const Tick& tick, std::vector<Reading>& out) override {
    if (!tick.machine && has_package_) return unread(tick, out);
    if (baseline_) {
      const auto length = time::as_quantity(tick.steady - from_);
      if (length > units::Seconds{}) {
        std::size_t channel = 0;
        if (has_package_) {
          const auto power = hardware::package_power(cpu_, busy_share(*tick.machine), logical_cpus_);
          out.push_back(reading(channel++, tick.steady, power.value * length));
        }
        if (memory_.value > units::Power{}) out.push_back(reading(channel, tick.steady, memory_.value * length));
      }
    }
    baseline_ = true;
    from_ = failed_at_ = tick.steady;
    if (tick.machine) before_ = *tick.machine;
    return Health::kFine;
  }

 private:
  [[nodiscard]] Reading reading(std::size_t channel, time::Duration to, units::Energy energy) const {
    Reading made;
    made.channel = channel;
    made.from = from_;
    made.to = to;
    made.energy = energy;
    return made;
  }

  Health unread(const Tick& tick, std::vector<Reading>& out) {
    for (std::size_t i = 0; i < channels_.size() && baseline_; ++i) {
      Reading gap;
      gap.channel = i;
      gap.from = failed_at_;
      gap.to = tick.steady;
      gap.cause = GapCause::kReadFailed;
      gap.detail = "the machine's CPU times could not be read";
      out.push_back(std::move(gap));
    }
    failed_at_ = tick.steady;
    return Health::kRetry;
  }

  /// Of the time that the machine's CPUs could have had: what other guests took is theirs.
  [[nodiscard]] double busy_share(const CpuTimes& now) const {
    const auto part = [](time::Duration a, time::Duration b) { return std::max(0.0, time::in_seconds(a - b)); };
    const double busy = part(now.busy, before_.busy);
    const double all = busy + part(now.idle, before_.idle) + part(now.steal, before_.steal);
    return all > 0.0 ? std::min(1.0, busy / all) : 0.0;
  }

  std::string name_ = "model";
  hardware::CpuPower cpu_;
  double logical_cpus_;
  bool has_package_;
  hardware::PowerRange memory_;
  std::vector<Channel> channels_;
  CpuTimes before_;
  time::Duration from_{0};
  time::Duration failed_at_{0};
  bool baseline_ = false;
};

}  // namespace

Opened open_model(const ModelledMachine& machine) {
  Opened opened;
  opened.name = "model";
  opened.present = true;
  if (!machine.package && machine.memory_gb <= 0.0) {
    opened.why = "everything that it models is measured";
    return opened;
  }
  const auto cpu = hardware::find_cpu(machine.cpu);
  if (machine.package && cpu.match != hardware::CpuMatch::kExactName) {
    opened.warnings.push_back(
        fmt::format("CPU {} is known {}: its power is modelled as {}'s, from {:.0f}% to {:.0f}% of the figure",
                    machine.cpu.model_name.empty() ? "without a name" : "\"" + machine.cpu.model_name + "\"",
                    hardware::text_of(cpu.match), cpu.name, 100.0 * cpu.low_factor, 100.0 * cpu.high_factor));
  }
  opened.sensor = std::make_unique<ModelSensor>(machine, cpu);
  return opened;
}

}  // namespace ebb::sensors
