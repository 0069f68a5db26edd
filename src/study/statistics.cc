#include "study/statistics.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace ebb::study {

double quantile(std::vector<double>& values, double p) {
  CHECK(!values.empty());
  const double place = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto lower = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), lower, values.end());
  if (below + 1 == values.size()) return *lower;
  const double upper = *std::min_element(lower + 1, values.end());
  return *lower + (place - static_cast<double>(below)) * (upper - *lower);
}

}  // namespace ebb::study
