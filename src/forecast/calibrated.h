#pragma once

#include <array>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "forecast/frame.h"
#include "forecast/point.h"

namespace ebb::forecast {

/// Of the quantiles that every forecast carries, rising. The outer two hold the 90% interval.
inline constexpr std::array<double, 5> kLevels{0.05, 0.25, 0.5, 0.75, 0.95};

/// Quantiles for any method, learnt from its own errors.
///
/// At every block's edge a forecast is made and kept until its slots are known. Errors are measured in their usual size
/// at that lead and hour of the day (mean over about twenty days, shared with the lead's); in that measure each level's
/// quantile of each lead moves up a little when a value lies above it and down when below, in the proportion that lets
/// the right share lie below (online quantile descent, which adaptive conformal inference rests on). Quantiles never
/// cross, and do not fall below 0 while no value did. One thread owns it.
class Calibrated {
 public:
  Calibrated(std::unique_ptr<Point> method, const Frame& frame);

  void observe(double value);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool ready() const { return method_->ready(); }

  /// What the method says now, `horizon` values; valid until the next call.
  std::span<const double> point();
  /// After point(): [level][slot]; missing at leads whose errors were never seen.
  void quantiles(std::array<std::vector<double>, kLevels.size()>& out) const;

 private:
  struct Size {
    double sum = 0.0;
    double weight = 0.0;
  };
  struct Lead {
    std::array<double, kLevels.size()> quantiles;  // in usual sizes of the error
    Size size;
    std::vector<Size> by_hour;  // of the target
  };
  struct Made {
    std::size_t slot;
    std::vector<double> values;
  };
  [[nodiscard]] double usual_size(const Lead& lead, std::size_t slot) const;
  void learn(Lead& lead, std::size_t slot, double error);

  std::unique_ptr<Point> method_;
  Frame frame_;
  std::size_t size_ = 0;
  double lowest_ = 0.0;
  std::vector<Lead> leads_;
  std::deque<Made> made_;
  std::vector<double> now_;
  bool fresh_ = false;  // now_ is of this slot
};

}  // namespace ebb::forecast
