#include "sensors/rapl_perf.h"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <limits>
#include <map>
#include <utility>

#include "base/expected.h"
#include "base/text.h"
#include "sensors/value_file.h"

namespace ebb::sensors {
namespace {

class PerfSource final : public RawSource {
 public:
  explicit PerfSource(int fd) : fd_(fd) {}
  PerfSource(const PerfSource&) = delete;
  PerfSource& operator=(const PerfSource&) = delete;
  ~PerfSource() override { ::close(fd_); }

  RawValue read(time::Duration steady) override {
    static_cast<void>(steady);
    std::uint64_t value = 0;
    const auto got = ::read(fd_, &value, sizeof value);
    if (got < 0) return failed_read(errno, "a perf event");
    RawValue result;
    if (got == static_cast<ssize_t>(sizeof value)) {
      result.value = value;
    } else {
      result.detail = "the perf event gives nothing: its CPU may be offline";
    }
    return result;
  }

 private:
  int fd_;
};

template <typename Number>
std::optional<Number> parse_whole(std::string_view text, int base) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "0,24" or "0-1": at most 4,096 CPUs.
std::optional<std::vector<int>> parse_cpus(std::string_view text) {
  std::vector<int> cpus;
  for (const auto word : base::split(text, ',')) {
    const auto dash = word.find('-');
    const auto first = parse_whole<int>(word.substr(0, dash), 10);
    const auto last = dash == std::string_view::npos ? first : parse_whole<int>(word.substr(dash + 1), 10);
    if (!first || !last || *first < 0 || *last < *first || *last >= 4096) return std::nullopt;
    for (int cpu = *first; cpu <= *last; ++cpu) cpus.push_back(cpu);
  }
  return cpus;
}

struct Event {
  std::uint64_t config = 0;
  units::Energy unit;
};

struct Place {
  int cpu = 0;
  int package = 0;
  std::string number;  // "0", "0-die1"
};

class Opener {
 public:
  Opener(const Host& host, const CpuIdentity& cpu, PerfEvents& perf)
      : host_(host), cpu_(cpu), perf_(perf), folder_(host.sys + "/bus/event_source/devices/power") {}

  RaplFound open() {
    if (auto status = open_all(); !status.ok()) {
      found_.counters.clear();
      found_.why = status.error().message;
    }
    return std::move(found_);
  }

 private:
  base::Status open_all() {
    const auto type = parse_whole<std::uint32_t>(read_line(folder_ + "/type").value_or(""), 10);
    if (!type) return base::service_error("the kernel has no perf PMU \"power\"");
    type_ = *type;
    const auto cpus = parse_cpus(read_line(folder_ + "/cpumask").value_or(""));
    if (!cpus) return base::service_error(folder_ + "/cpumask is no list of CPUs");
    const auto places = places_of(*cpus);
    const bool package = has("energy-pkg");
    found_.present = package || has("energy-psys");
    if (!found_.present) return base::service_error("the perf PMU \"power\" has no event energy-pkg");
    for (const auto& place : places) {
      if (!package) {
        EBB_TRY_DO(open_one("energy-psys", RaplDomain::kPlatform, "psys" + place.number, place));
        continue;
      }
      EBB_TRY_DO(open_one("energy-pkg", RaplDomain::kPackage, "package" + place.number, place));
      if (!has("energy-ram")) continue;
      const auto memory = open_one("energy-ram", RaplDomain::kDram, "dram" + place.number, place);
      if (!memory.ok()) found_.warnings.push_back("not counted: " + memory.error().message);
    }
    return base::Done{};
  }

  [[nodiscard]] bool has(const std::string& event) const { return read_line(folder_ + "/events/" + event).has_value(); }

  [[nodiscard]] base::Expected<Event> event_of(const std::string& name) const {
    const std::string path = folder_ + "/events/" + name;
    const std::string config_text = read_line(path).value_or("");
    const std::string unit = read_line(path + ".unit").value_or("");
    const auto scale = base::parse_number(read_line(path + ".scale").value_or(""));
    constexpr std::string_view kPrefix = "event=0x";
    const auto config = config_text.starts_with(kPrefix)
                            ? parse_whole<std::uint64_t>(std::string_view(config_text).substr(kPrefix.size()), 16)
                            : std::nullopt;
    if (!config || unit != "Joules" || !scale || *scale <= 0 || *scale > 1) {
      return base::service_error(fmt::format("the perf event power/{}/ is not understood: {}, unit {}", name,
                                             base::in_quotes(config_text), base::in_quotes(unit)));
    }
    return Event{*config, units::joules(*scale)};
  }

  [[nodiscard]] int topology(int cpu, const char* what, int otherwise) const {
    const auto text = read_line(fmt::format("{}/devices/system/cpu/cpu{}/topology/{}", host_.sys, cpu, what));
    return parse_whole<int>(text.value_or(""), 10).value_or(otherwise);
  }

  [[nodiscard]] std::vector<Place> places_of(const std::vector<int>& cpus) const {
    std::vector<Place> places;
    std::map<int, int> dies;  // of each package
    for (const int cpu : cpus) {
      Place place;
      place.cpu = cpu;
      place.package = topology(cpu, "physical_package_id", static_cast<int>(places.size()));
      ++dies[place.package];
      places.push_back(std::move(place));
    }
    std::map<int, int> seen;
    for (auto& place : places) {
      const int die = topology(place.cpu, "die_id", seen[place.package]++);
      place.number = std::to_string(place.package);
      if (dies[place.package] > 1) place.number += "-die" + std::to_string(die);
    }
    return places;
  }

  base::Status open_one(const std::string& name, RaplDomain domain, std::string channel, const Place& place) {
    EBB_TRY(const Event event, event_of(name));
    const std::string id = fmt::format("power/{}/ on CPU {}", name, place.cpu);
    auto counter = perf_.open(type_, event.config, place.cpu);
    if (counter.source == nullptr) {
      return base::service_error(fmt::format("perf_event_open of {} says {}", id, name_of_errno(counter.error)));
    }
    if (const auto value = counter.source->read(time::Duration(0)); !value.value) {
      return base::service_error(fmt::format("{} opens but cannot be read: {}", id, value.detail));
    }
    const CounterUnwrapper::Rules rules{
        .unit = event.unit, .range = std::numeric_limits<std::uint64_t>::max(), .max_power = most_power(domain)};
    found_.counters.push_back({domain,
                               {rapl_channel(domain, std::move(channel), id, "perf", cpu_), std::move(counter.source),
                                counter_meter(rules), id},
                               place.package,
                               false});
    return base::Done{};
  }

  const Host& host_;
  const CpuIdentity& cpu_;
  PerfEvents& perf_;
  std::string folder_;
  std::uint32_t type_ = 0;
  RaplFound found_;
};

}  // namespace

PerfEvents::Counter KernelPerfEvents::open(std::uint32_t type, std::uint64_t config, int cpu) {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = type;
  attributes.config = config;
  const long fd = ::syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
  if (fd < 0) return {nullptr, errno};
  return {std::make_unique<PerfSource>(static_cast<int>(fd)), 0};
}

RaplFound open_rapl_perf(const Host& host, const CpuIdentity& cpu, PerfEvents& perf) {
  return Opener(host, cpu, perf).open();
}

}  // namespace ebb::sensors
