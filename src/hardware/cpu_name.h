#pragma once

#include <string>
#include <string_view>

namespace ebb::hardware {

/// A CPU's name as it is compared: lower case, without the maker, marks, clock speed, generation, number of cores and
/// graphics, so that "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz" and "Xeon Platinum 8259CL" are both
/// "xeon platinum 8259cl". scripts/hardware_tables/names.py makes the same; data/cpu_power.csv is sorted by it.
std::string cpu_key(std::string_view name);

/// 64 of "AMD EPYC 7763 64-Core Processor", 0 where the name does not say.
int cores_in_name(std::string_view name);

}  // namespace ebb::hardware
