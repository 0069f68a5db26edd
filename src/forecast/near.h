#pragma once

#include <span>
#include <vector>

#include "forecast/frame.h"

namespace ebb::forecast {

/// What the last slot says on the next three hours beyond the mean of its hour: for each slot ahead, a share of their
/// difference, learnt from the errors of the forecasts made at every hour. Nothing where a slot is an hour or more.
/// One thread owns it.
class Near {
 public:
  explicit Near(const Frame& frame);

  [[nodiscard]] bool used() const { return !shares_.empty(); }
  /// A forecast as made without it at `slot`, to be learnt from.
  void made(std::size_t slot, double difference, std::vector<double> forecast);
  /// The value of `slot`, not missing.
  void observe(std::size_t slot, double value);
  void correct(double difference, std::span<double> forecast) const;

 private:
  struct Share {
    double products = 0.0;
    double squares = 0.0;
  };
  struct Made {
    std::size_t slot;
    double difference;
    std::vector<double> forecast;
  };
  std::vector<Share> shares_;
  std::vector<Made> made_;
};

}  // namespace ebb::forecast
