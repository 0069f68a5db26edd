#pragma once

#include <cstddef>
#include <optional>

#include "base/expected.h"
#include "plan/problem.h"
#include "plan/schedule.h"
#include "series/series.h"

namespace ebb::plan {

/// The best schedule in one place on one objective series (value per kWh).
struct Solution {
  Schedule schedule;
  double total = 0.0;        ///< on the objective series
  double lower_bound = 0.0;  ///< no schedule is below it; equal to `total` where the search was exact
};

/// When fewer pauses are wanted than the best plan has: the highest total that is still acceptable.
struct FewestPauses {
  double acceptable_total = 0.0;
};

/// Exact, unless the table would need more than kLargestTable states: then a plan on coarser cells with a proven gap.
/// Nothing where missing slots leave no plan; kNoData where the series does not cover the window.
base::Expected<std::optional<Solution>> solve(const Job& job, Strategy strategy, const Costs& costs,
                                              const series::Series& objective,
                                              std::optional<FewestPauses> fewest = std::nullopt);

/// States of a pause-resume table beyond which solve() falls back on a bound: about a second.
inline constexpr double kLargestTable = 4e8;

}  // namespace ebb::plan
