#include "hw/nvml_recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

#include "sensors/nvml_device.h"

namespace ebb::test {
namespace {

using namespace sensors::nvml;

enum Call : std::size_t { kCounter, kInstant, kAverage, kUsage, kCalls };
constexpr std::array<const char*, kCalls> kRows{"count", "instant", "average", "usage"};
constexpr std::array<const char*, kCalls> kMissing{"no-counter", "no-instant", "no-average", "no-usage"};

double in_ms(time::Duration time) { return time::in_seconds(time) * 1e3; }

Answer<std::uint64_t> ask(const Device& device, Call call) {
  switch (call) {
    case kInstant:
      return device.power_mw(PowerSource::kInstant);
    case kAverage:
      return device.power_mw(PowerSource::kAverage);
    case kUsage:
      return device.power_mw(PowerSource::kUsage);
    default:
      return device.total_energy_mj();
  }
}

/// One call of one board: its values as they change, and what it costs.
struct Track {
  std::optional<std::uint64_t> last;
  std::vector<double> costs_us;
  std::vector<double> moved_ms;
};

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

class BoardRecorder {
 public:
  BoardRecorder(unsigned index, const Device& device) : index_(index), device_(device) {}

  void describe(std::string& out) {
    auto line = std::back_inserter(out);
    fmt::format_to(line, "board {} {}\nuuid {} {}\n", index_, device_.name(), index_, device_.uuid());
    if (const auto limit = device_.power_limit_mw(); limit.ok())
      fmt::format_to(line, "limit {} {}\n", index_, limit.value);
    if (const auto split = device_.is_split(); split.ok() && split.value) fmt::format_to(line, "mig {}\n", index_);
    for (std::size_t call = 0; call < kCalls; ++call) {
      works_[call] = ask(device_, static_cast<Call>(call)).ok();
      if (!works_[call]) fmt::format_to(line, "{} {}\n", kMissing[call], index_);
    }
  }

  void read(time::Duration begin, const time::Clock& clock, std::string& out) {
    for (std::size_t call = 0; call < kCalls; ++call) {
      if (!works_[call]) continue;
      const auto before = clock.steady();
      const auto answer = ask(device_, static_cast<Call>(call));
      const auto after = clock.steady();
      auto& track = tracks_[call];
      track.costs_us.push_back(in_ms(after - before) * 1e3);
      if (!answer.ok() || track.last == answer.value) continue;
      if (track.last) track.moved_ms.push_back(in_ms(after - begin));
      track.last = answer.value;
      fmt::format_to(std::back_inserter(out), "{} {} {:.3f} {}\n", kRows[call], index_, in_ms(after - begin),
                     answer.value);
    }
  }

  void summarise(std::string& out) const {
    auto line = std::back_inserter(out);
    for (std::size_t call = 0; call < kCalls; ++call) {
      const auto& track = tracks_[call];
      if (track.costs_us.empty()) continue;
      std::vector<double> steps_ms;
      for (std::size_t i = 1; i < track.moved_ms.size(); ++i)
        steps_ms.push_back(track.moved_ms[i] - track.moved_ms[i - 1]);
      fmt::format_to(
          line, "# gpu{} {}: {} calls of {:.1f} us (median; most {:.1f}), moved {} times, {:.1f} ms apart (median)\n",
          index_, kRows[call], track.costs_us.size(), median(track.costs_us),
          *std::max_element(track.costs_us.begin(), track.costs_us.end()), track.moved_ms.size(), median(steps_ms));
    }
    fmt::format_to(line, "cost-counter {} {:.1f}\n", index_, median(tracks_[kCounter].costs_us));
    const auto& power = works_[kAverage] ? tracks_[kAverage] : works_[kInstant] ? tracks_[kInstant] : tracks_[kUsage];
    fmt::format_to(line, "cost-power {} {:.1f}\n", index_, median(power.costs_us));
  }

 private:
  unsigned index_;
  Device device_;
  std::array<bool, kCalls> works_{};
  std::array<Track, kCalls> tracks_;
};

std::string driver_of(const Calls& calls) {
  std::array<char, kNameBytes> text{};
  if (calls.driver_version == nullptr || calls.driver_version(text.data(), kNameBytes) != kSuccess) return "unknown";
  return text.data();
}

}  // namespace

base::Expected<std::string> record_nvml(const RecordingPlan& plan, const time::Clock& clock) {
  EBB_TRY(const auto library, Library::load(plan.library));
  const auto& calls = library->calls();
  unsigned count = 0;
  Code code = library->start();
  if (code == kSuccess) code = calls.count != nullptr ? calls.count(&count) : kFunctionNotFound;
  if (code != kSuccess || count == 0) return base::service_error("NVML tells no board: " + error_text(calls, code));

  std::string out = fmt::format("# Recorded from real boards by nvml_record, every {:.1f} ms.\ndriver {}\n",
                                in_ms(plan.every), driver_of(calls));
  std::vector<BoardRecorder> boards;
  for (unsigned index = 0; index < count; ++index) {
    DeviceHandle* handle = nullptr;
    code = calls.handle_by_index != nullptr ? calls.handle_by_index(index, &handle) : kFunctionNotFound;
    if (code != kSuccess) return base::service_error(fmt::format("gpu{}: {}", index, error_text(calls, code)));
    boards.emplace_back(index, Device(calls, handle)).describe(out);
  }
  const auto begin = clock.steady();
  for (auto next = begin; next <= begin + plan.length; next += plan.every) {
    for (auto& board : boards) board.read(begin, clock, out);
    plan.sleep(std::max(time::Duration(0), next + plan.every - clock.steady()));
  }
  for (const auto& board : boards) board.summarise(out);
  return out;
}

}  // namespace ebb::test
