#include "sensors/rapl_powercap.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>
#include <utility>

#include "base/text.h"
#include "sensors/value_file.h"

namespace ebb::sensors {
namespace {

namespace fs = std::filesystem;

// Docker puts an empty folder over /sys/devices/virtual/powercap.
constexpr const char* kMendContainer = "docker run --security-opt systempaths=unconfined ...";

/// A folder "intel-rapl:a:1": the zone 1 inside the zone 10.
struct Zone {
  bool mmio = false;
  std::vector<unsigned> ids;
  std::string id;  // "intel-rapl:a:1"
  fs::path path;
  std::string name;  // "package-0", "dram"

  [[nodiscard]] auto order() const { return std::pair(mmio, ids); }
};

std::optional<Zone> zone_of(const fs::path& path) {
  Zone zone;
  zone.path = path;
  zone.id = path.filename().string();
  const auto words = base::split(zone.id, ':');
  if (words.size() < 2 || words.size() > 3 || (words[0] != "intel-rapl" && words[0] != "intel-rapl-mmio")) return {};
  zone.mmio = words[0] == "intel-rapl-mmio";
  for (std::size_t i = 1; i < words.size(); ++i) {
    unsigned id = 0;
    const auto [end, error] = std::from_chars(words[i].data(), words[i].data() + words[i].size(), id, 16);
    if (error != std::errc{} || end != words[i].data() + words[i].size()) return {};
    zone.ids.push_back(id);
  }
  zone.name = read_line(path / "name").value_or("");
  return zone;
}

/// Children lie beside their parents, inside them, or both: a link to the same zone.
void add_zones(const fs::path& folder, std::map<std::string, Zone>& zones, int depth) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    auto zone = zone_of(entry->path());
    if (!zone) continue;
    if (depth == 0) add_zones(entry->path(), zones, 1);
    std::string id = zone->id;
    zones.emplace(std::move(id), *std::move(zone));
  }
}

/// msr before mmio, in the order of their numbers, a package before its parts.
std::vector<Zone> zones_of(const Host& host) {
  std::map<std::string, Zone> by_id;
  add_zones(host.sys + "/class/powercap", by_id, 0);
  std::vector<Zone> zones;
  zones.reserve(by_id.size());
  for (auto& [id, zone] : by_id) zones.push_back(std::move(zone));
  std::sort(zones.begin(), zones.end(), [](const Zone& a, const Zone& b) { return a.order() < b.order(); });
  return zones;
}

bool is_package(const Zone& zone) { return zone.ids.size() == 1 && zone.name.starts_with("package"); }

/// "package-1-die-0" -> "1-die0".
std::string number_of(const std::string& package_name) {
  std::string number = package_name.substr(std::string_view("package").size());
  if (number.starts_with('-')) number.erase(0, 1);
  if (const auto die = number.find("-die-"); die != std::string::npos) number.erase(die + 4, 1);
  return number;
}

class Opener {
 public:
  Opener(const Host& host, const CpuIdentity& cpu) : cpu_(cpu), zones_(zones_of(host)) {}

  RaplFound open() {
    const bool any_package = std::any_of(zones_.begin(), zones_.end(), is_package);
    for (const auto& zone : zones_) {
      if (is_package(zone)) {
        take(zone, RaplDomain::kPackage, "package" + number_of(zone.name));
      } else if (zone.ids.size() == 2 && zone.name == "dram") {
        if (const Zone* package = parent_of(zone)) take(zone, RaplDomain::kDram, "dram" + number_of(package->name));
      } else if (zone.ids.size() == 1 && zone.name == "psys" && !any_package) {
        take(zone, RaplDomain::kPlatform, "psys");
        found_.warnings.emplace_back("psys is the energy of the whole platform, not of the processor alone");
      }
    }
    conclude();
    return std::move(found_);
  }

 private:
  [[nodiscard]] const Zone* parent_of(const Zone& child) const {
    const auto parent = std::find_if(zones_.begin(), zones_.end(), [&](const Zone& zone) {
      return is_package(zone) && zone.mmio == child.mmio && zone.ids.front() == child.ids.front();
    });
    return parent == zones_.end() ? nullptr : &*parent;
  }

  void take(const Zone& zone, RaplDomain domain, std::string name) {
    found_.present = true;
    const auto [earlier, is_new] = taken_.emplace(name, zone.mmio);
    if (!is_new && zone.mmio != earlier->second) return;  // the msr twin has it
    // Two zones of one kind and one name: packages that the kernel could not tell apart.
    if (!is_new) name += "-zone" + zone.id.substr(zone.id.find(':') + 1);
    ValueFile file(zone.path / "energy_uj");
    if (!file.is_open()) {
      unreadable_.push_back(fmt::format("{} ({}): {}", zone.id, zone.name, name_of_errno(file.error())));
      denied_ = denied_ || file.error() == EACCES || file.error() == EPERM;
      return;
    }
    const auto range = parse_count(read_line(zone.path / "max_energy_range_uj").value_or(""));
    CounterUnwrapper::Rules rules{.unit = units::joules(1e-6), .range = range, .max_power = most_power(domain)};
    if (range == 0) rules.range.reset();
    found_.counters.push_back(
        {domain,
         {rapl_channel(domain, std::move(name), zone.id, "powercap", cpu_),
          std::make_unique<FileSource>(std::move(file)), counter_meter(rules), "energy_uj of " + zone.id},
         0,
         true});
  }

  void conclude() {
    const bool hidden = std::any_of(zones_.begin(), zones_.end(), [](const Zone& zone) { return zone.name.empty(); });
    if (!found_.present && hidden) {
      found_.present = true;
      found_.why = "the zones in /sys/class/powercap cannot be looked into: a container hides them";
      found_.mend = kMendContainer;
    } else if (!found_.present) {
      found_.why = "no package zone in /sys/class/powercap";
    } else if (found_.counters.empty()) {
      found_.why = fmt::format("energy_uj cannot be read: {}{}", fmt::join(unreadable_, "; "),
                               denied_ ? ". It is root's alone since CVE-2020-8694: fine readings of power betray what "
                                         "other users' programs compute"
                                       : "");
    } else if (!unreadable_.empty()) {
      found_.warnings.push_back(
          fmt::format("not counted, as energy_uj cannot be read: {}", fmt::join(unreadable_, "; ")));
    }
  }

  const CpuIdentity& cpu_;
  std::vector<Zone> zones_;
  RaplFound found_;
  std::map<std::string, bool> taken_;  // name of the channel -> of an mmio zone
  std::vector<std::string> unreadable_;
  bool denied_ = false;
};

}  // namespace

RaplFound open_rapl_powercap(const Host& host, const CpuIdentity& cpu) { return Opener(host, cpu).open(); }

}  // namespace ebb::sensors
