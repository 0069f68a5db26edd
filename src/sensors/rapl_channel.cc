#include "sensors/rapl_channel.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "sensors/value_file.h"

namespace ebb::sensors {
namespace {

struct Accuracy {
  double low;
  double high;
  const char* source;
};

// No publication isolates the error of a package's or of the memory's energy on today's servers: the widths are ours,
// the directions theirs.
constexpr Accuracy kIntelPackage{
    0.9, 1.1,
    "10% is assumed; Hackenberg et al. 2015 (doi:10.1109/IPDPSW.2015.70): measured, not modelled, since Haswell-EP; "
    "Khan et al. 2018 (doi:10.1145/3177754): highly correlated with plug power"};
constexpr Accuracy kAmdPackage{
    0.85, 1.15,
    "15% is assumed; Schöne et al. 2021 (arXiv:2108.00808): on AMD Zen 2 a model with limitations, not a measurement"};
constexpr Accuracy kDram{
    0.8, 1.2,
    "20% is assumed; Desrochers et al. 2016 (doi:10.1145/2989081.2989088): follows the measured power with an offset, "
    "best on busy memory and on servers"};

const Accuracy& accuracy_of(RaplDomain domain, bool amd) {
  if (domain == RaplDomain::kDram) return kDram;
  return amd ? kAmdPackage : kIntelPackage;
}

/// "vendor_id\t: AuthenticAMD" has the key "vendor_id".
std::string_view value_of(std::string_view line, std::string_view key) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || base::trimmed(line.substr(0, colon)) != key) return {};
  return base::trimmed(line.substr(colon + 1));
}

}  // namespace

CpuIdentity cpu_identity(const Host& host) {
  CpuIdentity cpu;
  ValueFile file(host.proc + "/cpuinfo");
  std::array<char, 8192> buffer{};
  if (!file.is_open()) return cpu;
  const auto text = file.read(buffer.data(), buffer.size());
  if (!text) return cpu;
  base::Lines lines(*text);
  while (const auto line = lines.next()) {
    if (line->empty()) break;  // the next CPU
    if (const auto model = value_of(*line, "model name"); !model.empty()) cpu.model = model;
    const auto vendor = value_of(*line, "vendor_id");
    if (vendor == "AuthenticAMD" || vendor == "HygonGenuine") cpu.amd = true;
    const auto flags = value_of(*line, "flags");
    if (flags.find("hypervisor") != std::string_view::npos) cpu.guest = true;
  }
  return cpu;
}

Channel rapl_channel(RaplDomain domain, std::string name, std::string id, const std::string& way,
                     const CpuIdentity& cpu) {
  const Accuracy& accuracy = accuracy_of(domain, cpu.amd);
  Channel channel;
  channel.name = std::move(name);
  channel.kind = domain == RaplDomain::kDram ? hardware::ComponentKind::kDram : hardware::ComponentKind::kCpu;
  if (domain != RaplDomain::kDram) channel.device = cpu.model;
  channel.id = std::move(id);
  channel.method = "measured:rapl-" + way;
  channel.low_factor = accuracy.low;
  channel.high_factor = accuracy.high;
  channel.source = accuracy.source;
  return channel;
}

units::Power most_power(RaplDomain domain) {
  switch (domain) {
    case RaplDomain::kDram:
      return units::watts(400);
    case RaplDomain::kPlatform:
      return units::watts(3000);
    case RaplDomain::kPackage:
      break;
  }
  return units::watts(1000);
}

}  // namespace ebb::sensors
