#pragma once

#include <string>
#include <string_view>

#include "hardware/instance.h"
#include "hardware/sorted_table.h"

namespace ebb::hardware {

/// An instance's name as it is compared: lower case, blanks as '_', without "Standard_", "Basic_" and "ml.".
std::string instance_key(std::string_view name);

/// One row of data/instances.csv read; kBadData as parse_instances.
base::Expected<Instance> instance_row(const TableRow& row);

}  // namespace ebb::hardware
