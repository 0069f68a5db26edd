#include "series/combine.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace ebb::series {

Series combine(const Series& a, double weight_a, const Series& b, double weight_b) {
  const auto apart = a.begin() > b.begin() ? a.begin() - b.begin() : b.begin() - a.begin();
  const time::Duration step(std::gcd(std::gcd(a.step().count(), b.step().count()), apart.count()));
  const auto begin = std::max(a.begin(), b.begin());
  const auto end = std::min(a.end(), b.end());
  std::vector<double> values;
  for (auto at = begin; at < end; at += step) {
    const auto in_a = static_cast<std::size_t>((at - a.begin()) / a.step());
    const auto in_b = static_cast<std::size_t>((at - b.begin()) / b.step());
    values.push_back(weight_a * a[in_a] + weight_b * b[in_b]);
  }
  return {a.provenance(), begin, step, std::move(values)};
}

}  // namespace ebb::series
