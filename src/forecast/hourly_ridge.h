#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <vector>

namespace ebb::forecast {

/// Ridge regressions whose coefficients may differ by the hour of issue: one for all hours, and for each hour a
/// correction, estimated on that hour's pairs and, with falling weight, on those of the hours beside it, and held back
/// by a penalty of its own.
///
/// Sums are kept by hour, so a pair is a rank-one update and a fit costs nothing per pair. Column 0 is the constant: it
/// alone is not in the unit of the series, so its penalties are not scaled. One thread owns it.
class HourlyRidge {
 public:
  HourlyRidge(std::size_t hours, std::size_t features, std::size_t targets);

  /// A pair seen at one hour of issue.
  void add(std::size_t hour, const Eigen::VectorXd& features, const Eigen::VectorXd& targets);
  /// New coefficients of what was added; penalties in pairs, times `scale` (the variance of a feature).
  void fit(double common_penalty, double hourly_penalty, double scale);
  [[nodiscard]] bool fitted() const { return !coefficients_.empty(); }
  /// [features x targets]
  [[nodiscard]] const Eigen::MatrixXd& coefficients(std::size_t hour) const { return coefficients_[hour]; }

 private:
  struct Sums {
    Eigen::MatrixXd left;
    Eigen::MatrixXd right;
  };
  [[nodiscard]] Sums around(std::size_t hour) const;

  std::vector<Sums> sums_;
  std::vector<Eigen::MatrixXd> coefficients_;
};

}  // namespace ebb::forecast
