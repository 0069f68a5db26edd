#include "measure/metering.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "measure/alive.h"
#include "measure/trace_files.h"

namespace ebb::measure {
namespace {

using std::chrono::seconds;

constexpr auto kSyncEvery = std::chrono::minutes(5);
// A shorter run is not worth the milliseconds that a disk takes; after a power loss it is run again.
constexpr auto kSyncWorthwhile = std::chrono::minutes(1);
// Over less, a counter's step is no power.
constexpr auto kPowerOver = std::chrono::milliseconds(500);

}  // namespace

time::Duration own_cpu_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) { return seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec); };
  return of(used.ru_utime) + of(used.ru_stime);
}

base::Expected<std::unique_ptr<Metering>> Metering::begin(Place place, const World& world, meter::JobUsage& usage) {
  std::unique_ptr<Metering> metering(new Metering(std::move(place), world, usage));
  EBB_TRY_DO(metering->start());
  return metering;
}

Metering::~Metering() {
  if (held_ >= 0) ::close(held_);
}

base::Status Metering::start() {
  EBB_TRY(writer_, create_trace(place_.folder, place_.header.node));
  held_ = hold_trace(writer_->path());
  place_.header.steady = world_.clock.steady();
  place_.header.utc = world_.clock.now();
  EBB_TRY_DO(writer_->append(place_.header));
  EBB_TRY(marks_, MarkServer::open(place_.folder));
  if (auto stat = sensors::ProcStat::open(world_.host); stat) {
    proc_stat_ = *std::move(stat);
  } else {
    warnings_.push_back(stat.error().message + ": CPU energy cannot be shared between jobs");
  }
  begun_ = synced_ = power_since_ = world_.clock.steady();
  meter_.emplace(
      world_.clock,
      [this]() -> std::optional<sensors::CpuTimes> {
        if (!proc_stat_) return std::nullopt;
        auto times = proc_stat_->read();
        if (!times) return std::nullopt;
        return *times;
      },
      own_cpu_time, usage_, [this](const trace::Record& record) { return writer_->append(record); },
      std::move(place_.meter));
  return base::Done{};
}

void Metering::warn(const std::string& text) {
  if (std::find(told_.begin(), told_.end(), text) != told_.end()) return;
  told_.push_back(text);
  meter_->note(text);
}

void Metering::take_opened(sensors::Opened& opened, std::vector<std::unique_ptr<sensors::Sensor>>& into) {
  for (const auto& warning : opened.warnings) warn(warning);
  if (opened.sensor) {
    into.push_back(std::move(opened.sensor));
  } else if (opened.present || !place_.sensors.automatic) {
    // What is there and may not be read is worth a line; what this machine does not have is for `ebb doctor`.
    warn(fmt::format("{}: {}{}", opened.name, opened.why, opened.mend.empty() ? "" : "; mend: " + opened.mend));
  }
}

void Metering::open_sensors() {
  slow_.emplace(place_.sensors, world_.host, world_.clock);
  std::vector<std::unique_ptr<sensors::Sensor>> quick;
  for (auto& opened : open_quick_sensors(place_.sensors, world_.host)) take_opened(opened, quick);
  std::vector<const sensors::Sensor*> there;
  there.reserve(quick.size());
  for (const auto& sensor : quick) there.push_back(sensor.get());
  auto model = open_model(place_.sensors, place_.machine, there);
  for (const auto& warning : model.warnings) warn(warning);
  if (model.sensor) meter_->add_from_start(std::move(model.sensor));
  for (auto& sensor : quick) meter_->add(std::move(sensor), begun_);
  if (!slow_->busy()) take_slow_sensors();
}

void Metering::take_slow_sensors() {
  for (auto& opened : slow_->take()) {
    std::vector<std::unique_ptr<sensors::Sensor>> open;
    take_opened(opened, open);
    for (auto& sensor : open) meter_->add(std::move(sensor), begun_);
  }
}

std::vector<int> Metering::descriptors() const {
  std::vector<int> fds{marks_->fd()};
  if (slow_ && slow_->busy()) fds.push_back(slow_->fd());
  return fds;
}

void Metering::on_readable(int fd) {
  if (fd == marks_->fd()) {
    marks_->serve([this](trace::Mark::Kind kind, const std::string& name) { meter_->mark(kind, name); });
  } else if (slow_ && fd == slow_->fd()) {
    take_slow_sensors();
  }
}

void Metering::sample() {
  meter_->sample();
  take_power();
  if (meter_->write_error() && !write_trouble_) {
    write_trouble_ = meter_->write_error();
    warnings_.push_back("the trace could not be written: " + write_trouble_->message);
  }
  if (world_.clock.steady() - synced_ > kSyncEvery) {
    synced_ = world_.clock.steady();
    if (const auto synced = writer_->sync(); !synced && !write_trouble_) write_trouble_ = synced.error();
  }
}

void Metering::take_power() {
  const auto now = world_.clock.steady();
  if (now - power_since_ < kPowerOver) return;
  power_ = (energy() - power_from_) / time::as_quantity(now - power_since_);
  power_since_ = now;
  power_from_ = energy();
}

void Metering::finish(int exit_code, time::Duration job_cpu) {
  if (slow_) {
    if (slow_->busy()) warn("nvml: still opening when the command had ended; boards were not measured");
    take_slow_sensors();
    threads_left_ = slow_->busy();
  }
  meter_->sample(true);
  trace::End end;
  end.steady = world_.clock.steady();
  end.exit_code = exit_code;
  // Without a group of its own only wait4 knows all of it.
  end.job_cpu = usage_.cpu_time().value_or(job_cpu);
  end.meter_cpu = own_cpu_time();
  meter_->end(end);
  if (!meter_->flush()) {
    warnings_.push_back(fmt::format("{} records of the trace could not be written: {}", meter_->unwritten(),
                                    meter_->write_error()->message));
  }
  if (world_.clock.steady() - begun_ > kSyncWorthwhile) {
    if (const auto synced = writer_->sync(); !synced) warnings_.push_back(synced.error().message);
  }
}

}  // namespace ebb::measure
