#include <algorithm>
#include <utility>
#include <vector>

#include "forecast/baselines.h"
#include "forecast/blend.h"
#include "forecast/hourly_ridge.h"
#include "series/series.h"

namespace ebb::forecast {
namespace {

using series::is_missing;

class PlainRidge final : public Point {
 public:
  explicit PlainRidge(const Frame& frame)
      : frame_(frame),
        lags_(3 * frame.blocks_per_day()),
        left_(size_of(lags_ + 1), size_of(lags_ + 1)),
        right_(size_of(lags_ + 1), size_of(frame.horizon)) {
    left_.setZero();
    right_.setZero();
  }

  void observe(double value) override {
    missing_.push_back(missing_.back() + (is_missing(value) ? 1 : 0));
    if (!is_missing(value)) {
      sum_ += value;
      squares_ += value * value;
      ++known_;
    }
    values_.push_back(is_missing(value) ? stand_in() : value);
    if (values_.size() % frame_.per_block != 0) return;
    double mean = 0.0;
    for (std::size_t back = 1; back <= frame_.per_block; ++back) mean += values_[values_.size() - back];
    blocks_.push_back(mean / static_cast<double>(frame_.per_block));
    learn();
    const bool enough = known_ >= kLeastDays * frame_.per_day && pairs_ >= lags_;
    if (values_.size() % frame_.per_day == 0 && enough) fit();
  }
  [[nodiscard]] bool ready() const override { return coefficients_.size() > 0; }
  void forecast(std::span<double> out) override {
    std::fill(out.begin(), out.end(), series::kMissing);
    if (!ready()) return;
    const Eigen::VectorXd y = coefficients_.transpose() * features(blocks_.size());
    for (std::size_t ahead = 0; ahead < out.size(); ++ahead) out[ahead] = y[size_of(ahead)];
  }

 private:
  static Eigen::Index size_of(std::size_t count) { return static_cast<Eigen::Index>(count); }

  [[nodiscard]] Eigen::VectorXd features(std::size_t block) const {
    Eigen::VectorXd z(size_of(lags_ + 1));
    z[0] = 1.0;
    for (std::size_t lag = 1; lag <= lags_; ++lag) z[size_of(lag)] = blocks_[block - lag];
    return z;
  }

  /// For a missing slot: the day before, else the mean of all that was.
  [[nodiscard]] double stand_in() const {
    if (values_.size() >= frame_.per_day) return values_[values_.size() - frame_.per_day];
    return known_ > 0 ? sum_ / static_cast<double>(known_) : 0.0;
  }

  void learn() {
    if (blocks_.size() < lags_ + frame_.lead_blocks) return;
    const std::size_t from = blocks_.size() - frame_.lead_blocks;
    const std::size_t first = from * frame_.per_block;
    const std::size_t gaps = missing_[first + frame_.horizon] - missing_[first - lags_ * frame_.per_block];
    if (4 * gaps > frame_.horizon + lags_ * frame_.per_block) return;
    const Eigen::VectorXd z = features(from);
    const Eigen::Map<const Eigen::VectorXd> y(values_.data() + first, size_of(frame_.horizon));
    for (Eigen::Index j = 0; j < z.size(); ++j) left_.col(j).tail(z.size() - j) += z[j] * z.tail(z.size() - j);
    right_.noalias() += z * y.transpose();
    ++pairs_;
  }

  void fit() {
    const double count = static_cast<double>(known_);
    const double variance = std::max(0.0, squares_ / count - sum_ / count * (sum_ / count));
    Eigen::MatrixXd left = left_;
    // Slopes alone are held back; the floor keeps a constant series solvable.
    left.diagonal().array() += 10.0 * variance + 1e-9 * squares_ + 1e-12;
    left(0, 0) = left_(0, 0) + 1e-9;
    coefficients_ = left.selfadjointView<Eigen::Lower>().llt().solve(right_);
  }

  Frame frame_;
  std::size_t lags_;
  std::vector<double> values_;  // gaps filled
  std::vector<std::size_t> missing_{0};
  std::vector<double> blocks_;
  std::size_t pairs_ = 0;
  double sum_ = 0.0;
  double squares_ = 0.0;
  std::size_t known_ = 0;
  Eigen::MatrixXd left_;
  Eigen::MatrixXd right_;
  Eigen::MatrixXd coefficients_;
};

}  // namespace

std::unique_ptr<Point> make_plain_ridge(const Frame& frame) { return std::make_unique<PlainRidge>(frame); }

}  // namespace ebb::forecast
