#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "forecast/frame.h"

namespace ebb::forecast {

/// What is usual at each slot of the day, by three memories, and how far each block of the past was from it.
///
/// A block is named by its first slot u, and every slot begins one. Everything rests on the blocks added before; the
/// usual value of block u on the blocks u - day, u - 2 days, ... alone. One thread owns it.
class Climate {
 public:
  enum Memory : std::size_t { kShort, kMiddle, kLong };  // 4, 10 and 30 days

  explicit Climate(const Frame& frame);

  /// The mean of block size(); missing where any of its slots is.
  void add(double mean);

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  /// Exponentially weighted mean of the same block on the days before; `block` < size() + a day. Where none of them is
  /// known: the mean of all that was; missing where nothing was.
  [[nodiscard]] double usual(Memory memory, std::size_t block) const { return usual_[memory][block]; }
  /// The block less its usual value (middle memory); 0 where either is not known.
  [[nodiscard]] double anomaly(std::size_t block) const { return anomalies_[block]; }
  /// Mean anomaly of as many blocks, up to the last one before `slot`.
  [[nodiscard]] double mean_anomaly(std::size_t slot, std::size_t blocks) const;
  /// The block, or its usual value where it is missing.
  [[nodiscard]] double value(std::size_t block) const { return values_[block]; }
  [[nodiscard]] std::span<const double> values() const { return values_; }
  /// Long-memory mean of all blocks before that of `block`, and the plain mean.
  [[nodiscard]] double level(std::size_t block) const { return levels_[block]; }
  [[nodiscard]] double plain_mean(std::size_t block) const { return means_[block]; }
  /// Whether the block is known; blocks missing in [from, to).
  [[nodiscard]] bool known(std::size_t block) const { return missing_[block + 1] == missing_[block]; }
  [[nodiscard]] std::size_t missing(std::size_t from, std::size_t to) const { return missing_[to] - missing_[from]; }
  /// Variance of the known blocks: the scale of penalties.
  [[nodiscard]] double variance() const;

 private:
  struct Mean {
    double sum = 0.0;
    double weight = 0.0;
    void add(double value, double keep);
  };

  std::size_t per_day_;
  std::size_t per_block_;
  std::array<std::vector<Mean>, 3> by_slot_;  // [memory][slot of day]
  std::array<std::vector<double>, 3> usual_;
  std::vector<double> values_;
  std::vector<double> anomalies_;
  std::vector<double> anomaly_sums_{0.0};
  std::vector<std::size_t> missing_{0};
  std::vector<double> levels_;
  std::vector<double> means_;
  Mean level_;
  double count_ = 0.0;
  double mean_ = 0.0;
  double squares_ = 0.0;  // about the mean (Welford)
};

}  // namespace ebb::forecast
