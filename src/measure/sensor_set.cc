#include "measure/sensor_set.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sensors/hwmon.h"
#include "sensors/model.h"
#include "sensors/nvml.h"
#include "sensors/rapl.h"
#include "sensors/replay.h"

namespace ebb::measure {
namespace {

constexpr std::array<std::string_view, 4> kNames{"nvml", "rapl", "amdgpu", "model"};

/// Whether loading NVIDIA's library is worth a thread: the driver is loaded, its device is here (containers), this is
/// Windows' Linux, or another library than the usual one was named.
bool may_have_nvidia(const sensors::Host& host) {
  if (host.nvml_library != sensors::Host{}.nvml_library) return true;
  const auto is_there = [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; };
  return is_there(host.sys + "/module/nvidia") || is_there("/dev/nvidiactl") || is_there("/dev/dxg");
}

}  // namespace

bool SensorChoice::wants(std::string_view name) const {
  if (automatic) return true;
  return std::find(names.begin(), names.end(), name) != names.end();
}

base::Expected<SensorChoice> parse_sensor_choice(const std::string& text) {
  SensorChoice choice;
  if (text.empty() || text == "auto") return choice;
  choice.automatic = false;
  for (const auto part : base::split(text, ',')) {
    const std::string name(base::trimmed(part));
    if (name.starts_with("replay:") && name.size() > 7) {
      choice.replay_file = name.substr(7);
    } else if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) {
      choice.names.push_back(name);
    } else {
      return base::usage_error(fmt::format("{} is no sensor: auto, {}, or replay:FILE, parted by commas",
                                           base::in_quotes(name), fmt::join(kNames, ", ")));
    }
  }
  return choice;
}

std::vector<sensors::Opened> open_quick_sensors(const SensorChoice& choice, const sensors::Host& host) {
  std::vector<sensors::Opened> opened;
  if (!choice.replay_file.empty()) opened.push_back(sensors::open_replay(choice.replay_file));
  if (choice.wants("rapl")) opened.push_back(sensors::open_rapl(host));
  if (choice.wants("amdgpu")) opened.push_back(sensors::open_hwmon_gpus(host));
  return opened;
}

sensors::Opened open_model(const SensorChoice& choice, const Machine& machine,
                           const std::vector<const sensors::Sensor*>& open) {
  sensors::Opened opened;
  opened.name = "model";
  if (!choice.wants("model")) {
    opened.why = "not asked for";
    return opened;
  }
  bool cpu = true;
  bool memory = true;
  for (const auto* sensor : open) {
    for (const auto& channel : sensor->channels()) {
      if (channel.kind == hardware::ComponentKind::kCpu) cpu = false;
      if (channel.kind == hardware::ComponentKind::kDram) memory = false;
    }
  }
  return sensors::open_model({machine.cpu, cpu, memory ? machine.memory_gb : 0.0});
}

SlowSensors::SlowSensors(const SensorChoice& choice, const sensors::Host& host, const time::Clock& clock)
    : shared_(std::make_shared<Shared>()), fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!choice.wants("nvml") || (choice.automatic && !may_have_nvidia(host))) {
    shared_->done = true;
    return;
  }
  shared_->fd = ::dup(fd_);
  std::thread([shared = shared_, host, &clock] {
    auto opened = sensors::open_nvml(host, clock);
    const std::lock_guard lock(shared->mutex);
    shared->ready.push_back(std::move(opened));
    shared->done = true;
    const std::uint64_t one = 1;
    if (::write(shared->fd, &one, sizeof one) < 0) shared->done = true;  // nobody listens any more
    ::close(shared->fd);
  }).detach();
}

SlowSensors::~SlowSensors() {
  if (fd_ >= 0) ::close(fd_);
}

std::vector<sensors::Opened> SlowSensors::take() {
  std::uint64_t count = 0;
  const bool told = ::read(fd_, &count, sizeof count) > 0;
  const std::lock_guard lock(shared_->mutex);
  static_cast<void>(told);
  return std::exchange(shared_->ready, {});
}

bool SlowSensors::busy() const {
  const std::lock_guard lock(shared_->mutex);
  return !shared_->done;
}

}  // namespace ebb::measure
