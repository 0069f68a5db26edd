#pragma once

#include <string>

#include "sensors/nvml_abi.h"
#include "sensors/sensor.h"

namespace ebb::sensors::nvml {

/// NVML is not to be had: why and what would mend it; `present` where an NVIDIA board is on the PCI bus all the same.
Opened closed(const Host& host, std::string why, std::string mend);
/// `reason`: the loader's. Nothing mends it where the PCI bus shows no NVIDIA board.
Opened without_library(const Host& host, const std::string& reason);
Opened without_boards(const Host& host);
/// What to do about a code that NVML answered when it was started.
std::string mend_of(Code code);

}  // namespace ebb::sensors::nvml
