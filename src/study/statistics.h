#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ebb::study {

/// The p-quantile (0..1) by linear interpolation between order statistics. Reorders `values`, which must not be empty.
double quantile(std::vector<double>& values, double p);

/// Counts of small whole numbers, for exact quantiles of many values.
class Histogram {
 public:
  void reset(std::size_t size) { counts_.assign(size, 0); }
  void add(std::uint32_t value) { ++counts_[value]; }
  /// The value at place `index` (0-based) in rising order.
  [[nodiscard]] std::uint32_t at(std::size_t index) const {
    std::size_t value = 0;
    for (std::size_t before = 0; before + counts_[value] <= index; ++value) before += counts_[value];
    return static_cast<std::uint32_t>(value);
  }
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }

 private:
  std::vector<std::uint64_t> counts_;
};

}  // namespace ebb::study
