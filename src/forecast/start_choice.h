#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "forecast/score.h"

namespace ebb::forecast {

/// Starts chosen on forecasts for a job of one length, scored on the truth. Slots, not times. One thread owns it.
class StartChoice {
 public:
  StartChoice(std::size_t length, std::size_t slack) : length_(length), slack_(slack) {}

  /// One issue at `slot`, rising; each span holds length + slack values at least. Left out where the truth of the
  /// window has a gap. Starts whose forecast has one are not chosen; run-now where all do.
  void add(std::size_t slot, std::span<const double> truth, std::span<const double> mean,
           std::span<const double> median);
  [[nodiscard]] JobScore score(time::Duration length) const;

 private:
  struct Sums {
    double regret = 0.0;
    double harmed = 0.0;
  };
  /// What a promise came to, known once its window is over.
  struct Promise {
    std::size_t known_at;
    double shortfall;  ///< promised less realised
  };
  /// Mean of each start's slots.
  [[nodiscard]] std::vector<double> means(std::span<const double> values) const;
  void learn_until(std::size_t slot);

  std::size_t length_;
  std::size_t slack_;
  double starts_ = 0.0;
  double run_now_ = 0.0;
  double best_ = 0.0;
  std::array<Sums, kRuleNames.size()> rules_;
  std::deque<Promise> promises_;
  double margin_ = 0.0;  ///< a shortfall that one promise in three exceeds
  double usual_shortfall_ = 0.0;
};

}  // namespace ebb::forecast
