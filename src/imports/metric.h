#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "hardware/component.h"

namespace ebb::imports {

/// What the values of a series are.
struct Meaning {
  bool is_counter = false;  ///< an energy that grows; else a power
  double in_base = 1.0;     ///< J or W of one unit of the values
  std::string unit;         ///< "W", "mJ"
};

/// W, mW, uW, kW, MW: a power; J, kJ, mJ, uJ, Wh, kWh: a counter of energy. kUsage naming --unit for another word.
base::Expected<Meaning> meaning_of_unit(std::string_view unit);

/// What the name of a metric says: DCGM's fields, and the unit at the end of a name as the conventions of Prometheus
/// have it (`_watts`, `_joules_total`, also with milli and micro before it). Nothing where it says nothing.
std::optional<Meaning> meaning_of_metric(std::string_view metric);

/// GPU, CPU or memory by the words of a metric or column: "DCGM_FI_DEV_POWER_USAGE", "node_rapl_dram_joules_total",
/// "gpu0".
hardware::ComponentKind kind_of_name(std::string_view name);

}  // namespace ebb::imports
