// Any /proc/cpuinfo is read, and whatever it says some CPU with a finite power and a proper interval comes of it.
#include <cmath>

#include "hardware/cpu.h"
#include "hardware/power_model.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto identity = hardware::parse_cpuinfo(fuzz::text_of(data, size));
  CHECK(identity.logical_cpus >= 0 && identity.sockets >= 0 && identity.family >= 0 && identity.model >= 0);
  const auto cpu = hardware::find_cpu(identity);
  CHECK(cpu.threads >= 1 && cpu.cores >= 0 && !cpu.name.empty() && !cpu.source.empty());
  CHECK(0.0 < cpu.low_factor && cpu.low_factor < 1.0 && cpu.high_factor > 1.0);
  units::Power last;
  for (const double busy : {0.0, 0.3, 1.0}) {
    const auto power = hardware::package_power(cpu, busy, identity.logical_cpus + 0.5);
    CHECK(last < power.value && power.low < power.value && power.value < power.high);
    CHECK(std::isfinite(units::in_watts(power.high)));
    last = power.value;
  }
  return 0;
}
