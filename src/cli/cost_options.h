#pragma once

#include <optional>

#include "base/expected.h"
#include "cli/command.h"
#include "plan/problem.h"
#include "units/quantity.h"

namespace ebb::cli {

/// What pauses cost and which are allowed: --pause-power, --pause-energy, --pause-time, --min-run, --min-pause,
/// --max-pauses, --transfer-energy. kUsage naming the option.
base::Expected<plan::Costs> costs_of(const Arguments& arguments);

/// --min-saving: a share (5%) or grams (100g, 1.5kg).
struct LeastSaving {
  std::optional<double> fraction;
  std::optional<units::Emissions> grams;
};
base::Expected<LeastSaving> least_saving_of(const Arguments& arguments);

}  // namespace ebb::cli
