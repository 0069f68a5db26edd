#include "sensors/rapl.h"

#include <utility>

#include "sensors/rapl_mirror.h"
#include "sensors/rapl_powercap.h"

namespace ebb::sensors {
namespace {

/// The counters move every ms; a tenth of a second keeps that step below 1% of a reading.
constexpr time::Duration kPeriod = std::chrono::milliseconds(100);

// The perf events need no more than CAP_PERFMON, for ebb alone.
constexpr const char* kMendPerf = "sudo setcap cap_perfmon=ep \"$(command -v ebb)\"";
// For every user, now and after the next start.
constexpr const char* kMendPowercap =
    "echo 'SUBSYSTEM==\"powercap\", ACTION==\"add\", KERNEL==\"intel-rapl:*\", RUN+=\"/bin/chmod a+r "
    "/sys%p/energy_uj\"'"
    " | sudo tee /etc/udev/rules.d/70-ebb-rapl.rules && sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj";
constexpr const char* kMendModule = "sudo modprobe intel_rapl_msr";

Opened refused(const CpuIdentity& cpu, const RaplFound& perf, const RaplFound& powercap) {
  Opened opened;
  opened.name = "rapl";
  opened.present = perf.present || powercap.present;
  if (opened.present) {
    opened.why = powercap.present ? powercap.why + "; " + perf.why : perf.why + "; " + powercap.why;
    opened.mend = perf.present ? kMendPerf : kMendPowercap;
    if (!powercap.mend.empty()) opened.mend = powercap.mend;
  } else if (cpu.guest) {
    opened.why = "this is a virtual machine to which its host does not pass the RAPL counters";
  } else {
    opened.why = perf.why + " and there is " + powercap.why + ": no RAPL, or its module is not loaded";
    opened.mend = kMendModule;
  }
  return opened;
}

}  // namespace

Opened open_rapl(const Host& host, PerfEvents& perf_events) {
  const CpuIdentity cpu = cpu_identity(host);
  RaplFound perf = open_rapl_perf(host, cpu, perf_events);
  RaplFound powercap;
  if (perf.counters.empty()) powercap = open_rapl_powercap(host, cpu);
  RaplFound& found = perf.counters.empty() ? powercap : perf;
  if (found.counters.empty()) return refused(cpu, perf, powercap);
  drop_mirrors(found);
  std::vector<RawChannel> channels;
  for (auto& counter : found.counters) channels.push_back(std::move(counter.raw));
  Opened opened;
  opened.name = "rapl";
  opened.present = true;
  opened.warnings = std::move(found.warnings);
  opened.sensor = std::make_unique<RawSensor>("rapl", kPeriod, std::move(channels));
  return opened;
}

Opened open_rapl(const Host& host) {
  KernelPerfEvents perf;
  return open_rapl(host, perf);
}

}  // namespace ebb::sensors
