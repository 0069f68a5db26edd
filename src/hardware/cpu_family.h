#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "hardware/cpu.h"

namespace ebb::hardware {

/// A family of server CPUs, or a vendor's all: a row of data/cpu_family_power.csv, which explains its figures.
struct CpuFamily {
  std::string vendor;  ///< as in CpuIdentity; "any" for all
  int family = 0;      ///< 0: the vendor's row
  int model_low = 0;
  int model_high = 0;
  int stepping_low = 0;
  int stepping_high = 0;
  std::string name;
  std::vector<std::string> also;  ///< other names, of hypervisors and of cloud tables
  int cores = 0;
  int threads = 0;    ///< of the typical member
  units::Power each;  ///< thermal design power by hardware thread: typical ...
  units::Power low;   ///< ... and the spread of the members
  units::Power high;
  units::Power server_each;  ///< a whole server by thread, fully busy, as another source has it; 0: none
  std::string source;
};

const std::vector<CpuFamily>& cpu_families();

/// By CPUID; in a virtual machine first by a family's name within the model name ("Intel Xeon Processor (Skylake)"),
/// as hypervisors may show another CPU's numbers. nullptr where no row fits.
const CpuFamily* family_of(const CpuIdentity& identity);

/// By name or other name, whatever the case. nullptr where there is none.
const CpuFamily* family_named(std::string_view name);

/// The row of a vendor's all, or of any vendor's.
const CpuFamily& vendor_family(std::string_view vendor);

/// kBadData names file, line, what and why: ranges in order, 0 < low <= each <= high, a source in every row, a row for
/// "any".
base::Expected<std::vector<CpuFamily>> parse_cpu_families(std::string_view text, const std::string& name);

}  // namespace ebb::hardware
