#include "sensors/nvml.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "sensors/nvml_absence.h"
#include "sensors/nvml_sensor.h"

namespace ebb::sensors {
namespace {

using nvml::Calls;
using nvml::Code;
using nvml::Device;
using nvml::Library;
using nvml::NvmlSensor;
using nvml::Ways;

constexpr auto kDearRound = std::chrono::milliseconds(10);
constexpr unsigned kMostBoards = 1024;

constexpr const char* kCounterSource =
    "the board's energy counter (mJ since the driver was loaded); +/-5% is what NVIDIA states of power readings on "
    "older boards (NVML API reference, nvmlDeviceGetPowerUsage); it states nothing of the counter";
constexpr const char* kPowerSource =
    "{}, integrated by trapezoids; the interval is a judgement: the sensor's +/-5% and what passes between two "
    "readings";

Channel channel_of(unsigned index, const Device& device, const Ways& ways) {
  Channel channel;
  channel.name = fmt::format("gpu{}", index);
  channel.kind = hardware::ComponentKind::kGpu;
  channel.device = device.name();
  channel.id = device.uuid();
  if (ways.counter) {
    channel.method = "measured:nvml-counter";
    channel.source = kCounterSource;
    std::tie(channel.low_factor, channel.high_factor) = std::pair(0.95, 1.05);
    return channel;
  }
  const bool is_mean = *ways.power == nvml::PowerSource::kAverage;
  channel.method = "measured:nvml-power";
  channel.source = fmt::format(kPowerSource, name_of(*ways.power));
  std::tie(channel.low_factor, channel.high_factor) = is_mean ? std::pair(0.9, 1.1) : std::pair(0.85, 1.15);
  return channel;
}

void warn_of(const Channel& channel, const Device& device, const Ways& ways, std::vector<std::string>& warnings) {
  if (!ways.counter) {
    warnings.push_back(fmt::format("{} has no energy counter ({}): {} is integrated in its place, which is less exact",
                                   channel.name, error_text(device.calls(), ways.counter_code), name_of(*ways.power)));
  }
  if (const auto split = device.is_split(); split.ok() && split.value) {
    warnings.push_back(
        fmt::format("{} is split into MIG instances: NVML tells the energy of the whole board only, so "
                    "that of all its instances together is counted",
                    channel.name));
  }
  // github.com/ml-energy/zeus, pull request 172.
  if (ways.counter && channel.device.find("GH200") != std::string::npos) {
    warnings.push_back(
        fmt::format("{}: on this module the energy counter holds the CPU and its memory as well; a CPU "
                    "sensor beside it would count them twice",
                    channel.name));
  }
}

void add_board(unsigned index, const Calls& calls, const Host& host, const time::Clock& clock, NvmlSensor& sensor,
               Opened& opened) {
  nvml::DeviceHandle* handle = nullptr;
  const Code code = calls.handle_by_index != nullptr ? calls.handle_by_index(index, &handle) : nvml::kFunctionNotFound;
  if (code != nvml::kSuccess) {
    opened.warnings.push_back(fmt::format("gpu{} is left out: {}", index, error_text(calls, code)));
    return;
  }
  const Device device(calls, handle);
  const auto ways = find_ways(device, clock);
  if (!ways.counter && !ways.power) {
    opened.warnings.push_back(fmt::format("gpu{} is left out: NVML tells neither its energy ({}) nor its power ({})",
                                          index, error_text(calls, ways.counter_code),
                                          error_text(calls, ways.power_code)));
    return;
  }
  auto channel = channel_of(index, device, ways);
  warn_of(channel, device, ways, opened.warnings);
  sensor.add(std::move(channel), device, ways, host.proc);
}

}  // namespace

Opened open_nvml(const Host& host, const time::Clock& clock) {
  auto loaded = Library::load(host.nvml_library);
  if (!loaded.ok()) return nvml::without_library(host, loaded.error().message);
  auto library = *std::move(loaded);
  const auto& calls = library->calls();
  if (const Code code = library->start(); code != nvml::kSuccess) {
    return nvml::closed(host, fmt::format("{} does not start: {}", host.nvml_library, error_text(calls, code)),
                        nvml::mend_of(code));
  }
  unsigned count = 0;
  if (const Code code = calls.count != nullptr ? calls.count(&count) : nvml::kFunctionNotFound;
      code != nvml::kSuccess) {
    return nvml::closed(host, fmt::format("NVML does not tell its boards: {}", error_text(calls, code)),
                        nvml::mend_of(code));
  }
  if (count == 0) return nvml::without_boards(host);

  Opened opened;
  opened.name = "nvml";
  opened.present = true;
  auto sensor = std::make_unique<NvmlSensor>(std::move(library));
  for (unsigned index = 0; index < std::min(count, kMostBoards); ++index) {
    add_board(index, calls, host, clock, *sensor, opened);
  }
  if (sensor->channels().empty()) {
    opened.why = fmt::format("{}", fmt::join(opened.warnings, "; "));
    opened.mend = "see what nvidia-smi says of power.draw on these boards";
    opened.warnings.clear();
    return opened;
  }
  if (sensor->round_cost() > kDearRound) {
    opened.warnings.push_back(fmt::format("one reading of all {} NVIDIA boards takes {:.0f} ms of calls",
                                          sensor->channels().size(), time::in_seconds(sensor->round_cost()) * 1e3));
  }
  opened.sensor = std::move(sensor);
  return opened;
}

}  // namespace ebb::sensors
