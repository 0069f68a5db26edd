#pragma once

#include <Eigen/Dense>
#include <vector>

#include "forecast/climate.h"
#include "forecast/frame.h"
#include "forecast/hourly_ridge.h"
#include "forecast/member.h"

namespace ebb::forecast {

/// A regression for each lead, of few features chosen for it: the target's anomaly (from the middle memory's usual
/// value) on the last three anomalies, their means over 6 and 24 hours, those at the target's hour one, two and seven
/// days before and beside it, what the short and the long memory say else, and the level of the hour. Coefficients by
/// hour of issue (HourlyRidge). Without pairs it is the usual value.
class Structured final : public Member {
 public:
  /// The climate must outlive it.
  Structured(const Frame& frame, const Climate& climate);

  void learn(std::size_t slot) override;
  void fit() override;
  [[nodiscard]] bool ready() const override { return leads_.front().fitted(); }
  void forecast(std::size_t slot, std::span<double> out) const override;

 private:
  void set_features(std::size_t slot, std::size_t lead, Eigen::VectorXd& z) const;
  [[nodiscard]] double anomaly_before(std::size_t slot, std::size_t back) const;

  Frame frame_;
  const Climate& climate_;
  std::vector<HourlyRidge> leads_;
};

}  // namespace ebb::forecast
