#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "units/quantity.h"

namespace ebb::hardware {

/// What /proc/cpuinfo says about the CPU. What it does not say is empty or 0.
struct CpuIdentity {
  std::string vendor;      ///< x86: "GenuineIntel"; ARM: the implementer's code, "0x41"
  std::string model_name;  ///< may be masked ("AMD EPYC Processor"); ARM has none
  int family = 0;          ///< x86: CPUID family; ARM: the architecture, 8
  int model = 0;           ///< x86: CPUID model; ARM: the part number, 0xd0c
  int stepping = 0;
  int logical_cpus = 0;          ///< processors listed in the text
  int sockets = 0;               ///< distinct physical ids; 0 where none is named
  int threads_per_socket = 0;    ///< siblings of the first CPU
  bool virtual_machine = false;  ///< flag `hypervisor`; x86 only: ARM does not tell
};

/// Reads the text of /proc/cpuinfo, or the first block of it: then logical_cpus and sockets count that block only, and
/// the caller sets what it knows better. Any text is read: what is not understood is left out.
CpuIdentity parse_cpuinfo(std::string_view cpuinfo_text);

/// How surely the CPU is known; each step widens the interval.
enum class CpuMatch { kExactName, kFamily, kVendorDefault };
std::string_view text_of(CpuMatch match);  ///< "by name", "by CPU family", "by vendor only"

/// The power of one CPU package (socket). docs/power-model.md says how well these figures hold.
struct CpuPower {
  std::string name;
  CpuMatch match = CpuMatch::kVendorDefault;
  int cores = 0;      ///< 0: not known
  int threads = 1;    ///< hardware threads of the package, at least 1: a machine of n logical CPUs is n / threads of it
  units::Power tdp;   ///< thermal design power
  units::Power idle;  ///< nothing runs
  units::Power full;  ///< every thread busy, typical
  bool measured = false;     ///< idle and full were measured on this model; else they are shares of tdp
  double low_factor = 1.0;   ///< 90% interval of the package's power at any load: value x low_factor ...
  double high_factor = 1.0;  ///< ... to value x high_factor
  std::string source;        ///< codes explained in the head of data/cpu_power.csv, or data/cpu_family_power.csv
};

/// The power figures of a machine's CPU. Never fails: by exact name, else by CPUID family (masked names of clouds and
/// of QEMU), else by vendor; low_factor and high_factor say how much is then not known. The first call takes 0.3 ms.
CpuPower find_cpu(const CpuIdentity& identity);

/// By what a person writes: "Intel Xeon Platinum 8259CL", "EPYC 7763", "8175M" where one CPU alone has that word, or a
/// family ("Ice Lake-SP", "EPYC 3rd Gen"). kUsage with the nearest names.
base::Expected<CpuPower> find_cpu_by_name(std::string_view name);

/// Nothing is known of the CPU: the figures of all server CPUs together, with the widest interval.
CpuPower unknown_cpu();

/// A row of data/cpu_power.csv.
struct CpuRow {
  std::string name;
  int cores = 0;    ///< 0: not known
  int threads = 0;  ///< 0: not known
  units::Power tdp;
  units::Power low;  ///< of tdp, where sources disagree by more than 10%; else tdp
  units::Power high;
  units::Power idle;  ///< measured; 0 where nobody did
  units::Power full;
  std::string source;
};

/// kBadData names file, line, what and why: low <= tdp <= high, idle < full or neither, threads >= cores, a source in
/// every row, names in rising order of cpu_key (hardware/cpu_name.h).
base::Expected<std::vector<CpuRow>> parse_cpu_powers(std::string_view text, const std::string& name);

/// The table that ships.
std::string_view cpu_power_table();

}  // namespace ebb::hardware
