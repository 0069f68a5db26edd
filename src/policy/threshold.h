#pragma once

#include <cstddef>
#include <optional>

#include "base/expected.h"
#include "series/series.h"

namespace ebb::policy {

/// What intensities are known to lie between, g/kWh.
struct Bounds {
  double low = 1.0;   ///< L
  double high = 1.0;  ///< U
};

/// Of what was seen: the highest value, and the 5th percentile but at least 1 g/kWh (zeros occur; a ratio to zero says
/// nothing). Nothing where no value is known or the two coincide.
std::optional<Bounds> bounds_of(const series::Series& past);

/// When to run without a forecast: while the intensity is at most a threshold, which falls as the work gets done; after
/// a pause, and before the first run, only once it is lower still by what the switch costs.
///
/// Lechowicz et al., The Online Pause and Resume Problem (2023), minimisation. With k units of work and a switch that
/// costs b (so a pause costs 2b), a > 1 solves
///   (U - L - 2b) / (U (1 - 1/a) - 2b (1 - 1/k + 1/(ka))) = (1 + 1/(ka))^k,
/// and running(i) = U (1 - (1 - 1/a) g) + 2b (1 - 1/k + 1/(ka)) g with g = (1 + 1/(ka))^(i - 1), i the unit that comes
/// next, from 1. resuming(i) = running(i) - 2b; resuming(k + 1) = L, where running on could not be improved.
/// What it emits is at most a times the least that could be (switches counted in both), as long as intensities stay
/// within [L, U] and the job runs to its end once no time is left. No rule without a forecast has a lower bound.
class PauseThreshold {
 public:
  /// `pause_cost`: 2b, grams of a pause for each kWh of a unit of work; >= 0. `units`: k >= 1. kUsage where the bounds
  /// are no bounds, or a pause costs more than there is between them: then it never pays to wait.
  static base::Expected<PauseThreshold> make(const Bounds& bounds, double pause_cost, std::size_t units);

  [[nodiscard]] double ratio() const { return ratio_; }  ///< a
  /// 1 <= next <= k + 1.
  [[nodiscard]] double running(std::size_t next) const;
  [[nodiscard]] double resuming(std::size_t next) const { return running(next) - pause_cost_; }

 private:
  PauseThreshold(const Bounds& bounds, double pause_cost, std::size_t units);
  [[nodiscard]] double growth(double ratio) const;  ///< 1 + 1/(ka)
  [[nodiscard]] double weight(double ratio) const;  ///< 1 - 1/k + 1/(ka)
  [[nodiscard]] double excess(double ratio) const;  ///< of the equation's sides: falls with the ratio, 0 at a

  Bounds bounds_;
  double pause_cost_;
  double units_;
  double ratio_ = 1.0;
};

}  // namespace ebb::policy
