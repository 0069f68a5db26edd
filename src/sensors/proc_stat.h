#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/expected.h"
#include "sensors/sensor.h"
#include "sensors/value_file.h"

namespace ebb::sensors {

/// Ticks of the first line of /proc/stat. A guest's time is part of user and nice there, and not counted again.
struct CpuTicks {
  std::uint64_t busy = 0;  ///< user, nice, system, irq, softirq
  std::uint64_t idle = 0;  ///< idle and iowait
  std::uint64_t steal = 0;
};

/// Nothing where the line is not "cpu" and at least four counts (what old kernels leave out is 0), or a count is above
/// 2^53: no machine has run that long.
std::optional<CpuTicks> parse_cpu_line(std::string_view text);

/// The CPU times of the machine, from `stat` of Host::proc, kept open.
///
/// Times are since open(): the ticks of a large machine since it started overflow a Duration in nanoseconds (512 idle
/// CPUs in 208 days). Idle may go back a little: the kernel does not promise that iowait grows.
/// A read costs what the kernel needs to make the whole file, of which only the first line is fetched.
/// Thread safety: none.
class ProcStat {
 public:
  /// `ticks_per_second` is sysconf(_SC_CLK_TCK); 0 asks for it. kService where the file cannot be read or says
  /// something else.
  static base::Expected<ProcStat> open(const Host& host, long ticks_per_second = 0);

  /// kService as open().
  base::Expected<CpuTimes> read();

 private:
  ProcStat(ValueFile file, long ticks_per_second) : file_(std::move(file)), ticks_per_second_(ticks_per_second) {}
  base::Expected<CpuTicks> read_ticks();

  ValueFile file_;
  long ticks_per_second_;
  CpuTicks first_;
};

}  // namespace ebb::sensors
