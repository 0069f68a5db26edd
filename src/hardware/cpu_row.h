#pragma once

#include "hardware/cpu.h"
#include "hardware/sorted_table.h"

namespace ebb::hardware {

/// One row of data/cpu_power.csv read; kBadData as parse_cpu_powers.
base::Expected<CpuRow> cpu_row(const TableRow& row);

}  // namespace ebb::hardware
