#include "forecast/hourly_ridge.h"

#include <algorithm>
#include <cmath>

namespace ebb::forecast {
namespace {

constexpr double kWidth = 2.0;        // hours: of the weight of the hours beside
constexpr std::size_t kFarthest = 6;  // e^-4.5

Eigen::VectorXd penalties(Eigen::Index features, double penalty, double scale) {
  // The floor keeps a series without variance solvable; its sums are zero, and so are its coefficients.
  constexpr double kFloor = 1e-12;
  Eigen::VectorXd result = Eigen::VectorXd::Constant(features, penalty * scale + kFloor);
  result[0] = penalty;
  return result;
}

}  // namespace

HourlyRidge::HourlyRidge(std::size_t hours, std::size_t features, std::size_t targets) {
  const auto rows = static_cast<Eigen::Index>(features);
  const auto columns = static_cast<Eigen::Index>(targets);
  sums_.assign(hours, {Eigen::MatrixXd::Zero(rows, rows), Eigen::MatrixXd::Zero(rows, columns)});
}

void HourlyRidge::add(std::size_t hour, const Eigen::VectorXd& features, const Eigen::VectorXd& targets) {
  Sums& sums = sums_[hour];
  // The lower half, by column.
  for (Eigen::Index j = 0; j < features.size(); ++j) {
    sums.left.col(j).tail(features.size() - j) += features[j] * features.tail(features.size() - j);
  }
  sums.right.noalias() += features * targets.transpose();
}

HourlyRidge::Sums HourlyRidge::around(std::size_t hour) const {
  const std::size_t hours = sums_.size();
  Sums result{Eigen::MatrixXd::Zero(sums_[0].left.rows(), sums_[0].left.cols()),
              Eigen::MatrixXd::Zero(sums_[0].right.rows(), sums_[0].right.cols())};
  for (std::size_t other = 0; other < hours; ++other) {
    const std::size_t apart = std::min((other + hours - hour) % hours, (hour + hours - other) % hours);
    if (apart > kFarthest) continue;
    const double ratio = static_cast<double>(apart) * 24.0 / static_cast<double>(hours) / kWidth;
    const double weight = std::exp(-0.5 * ratio * ratio);
    result.left += weight * sums_[other].left;
    result.right += weight * sums_[other].right;
  }
  return result;
}

void HourlyRidge::fit(double common_penalty, double hourly_penalty, double scale) {
  Eigen::MatrixXd left = sums_[0].left;
  Eigen::MatrixXd right = sums_[0].right;
  for (std::size_t hour = 1; hour < sums_.size(); ++hour) {
    left += sums_[hour].left;
    right += sums_[hour].right;
  }
  left.diagonal() += penalties(left.rows(), common_penalty, scale);
  const Eigen::MatrixXd common = left.selfadjointView<Eigen::Lower>().llt().solve(right);
  coefficients_.resize(sums_.size());
  for (std::size_t hour = 0; hour < sums_.size(); ++hour) {
    Sums near = around(hour);
    near.right -= near.left.selfadjointView<Eigen::Lower>() * common;
    near.left.diagonal() += penalties(left.rows(), hourly_penalty, scale);
    coefficients_[hour] = common + near.left.selfadjointView<Eigen::Lower>().llt().solve(near.right);
  }
}

}  // namespace ebb::forecast
