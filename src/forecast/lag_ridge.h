#pragma once

#include <Eigen/Dense>

#include "forecast/climate.h"
#include "forecast/frame.h"
#include "forecast/hourly_ridge.h"
#include "forecast/member.h"

namespace ebb::forecast {

/// One regression of all leads at once (one factorisation, a right-hand side a lead): anomalies of the blocks ahead on
/// those of the last day, their means over 3 and 7 days, the shape of the usual day and its level. Coefficients by hour
/// of issue (HourlyRidge). A missing block counts as usual; a pair with a quarter of its leads missing is left out.
class LagRidge final : public Member {
 public:
  /// The climate must outlive it.
  LagRidge(const Frame& frame, const Climate& climate);

  void learn(std::size_t slot) override;
  void fit() override { ridge_.fit(kCommonPenalty, kHourlyPenalty, climate_.variance()); }
  [[nodiscard]] bool ready() const override { return ridge_.fitted(); }
  void forecast(std::size_t slot, std::span<double> out) const override;

 private:
  static constexpr double kCommonPenalty = 60.0;
  static constexpr double kHourlyPenalty = 1000.0;
  [[nodiscard]] Eigen::VectorXd features(std::size_t slot) const;
  [[nodiscard]] double usual(std::size_t slot, std::size_t lead) const;

  Frame frame_;
  const Climate& climate_;
  HourlyRidge ridge_;
};

}  // namespace ebb::forecast
