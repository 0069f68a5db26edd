#include "forecast/climate.h"

#include <algorithm>

#include "series/series.h"

namespace ebb::forecast {
namespace {

using series::is_missing;

constexpr std::array<double, 3> kDays{4.0, 10.0, 30.0};

}  // namespace

void Climate::Mean::add(double value, double keep) {
  sum = keep * sum + (is_missing(value) ? 0.0 : value);
  weight = keep * weight + (is_missing(value) ? 0.0 : 1.0);
}

Climate::Climate(const Frame& frame) : per_day_(frame.per_day), per_block_(frame.per_block) {
  for (std::size_t memory = 0; memory < kDays.size(); ++memory) {
    by_slot_[memory].resize(per_day_);
    usual_[memory].assign(per_day_, series::kMissing);
  }
}

void Climate::add(double mean) {
  constexpr double kLeastWeight = 1e-12;
  const std::size_t block = size();
  const double usual_here = usual_[kMiddle][block];
  const bool both = !is_missing(mean) && !is_missing(usual_here) && block >= per_day_;
  levels_.push_back(level_.weight > kLeastWeight ? level_.sum / level_.weight : series::kMissing);
  means_.push_back(mean_);
  anomalies_.push_back(both ? mean - usual_here : 0.0);
  anomaly_sums_.push_back(anomaly_sums_.back() + anomalies_.back());
  missing_.push_back(missing_.back() + (is_missing(mean) ? 1 : 0));
  if (!is_missing(mean)) {
    count_ += 1.0;
    const double apart = mean - mean_;
    mean_ += apart / count_;
    squares_ += apart * (mean - mean_);
  }
  values_.push_back(!is_missing(mean) ? mean : !is_missing(usual_here) ? usual_here : mean_);
  level_.add(mean, 1.0 - 1.0 / (static_cast<double>(per_day_) * kDays[kLong]));
  for (std::size_t memory = 0; memory < kDays.size(); ++memory) {
    Mean& same = by_slot_[memory][block % per_day_];
    same.add(mean, 1.0 - 1.0 / kDays[memory]);
    const double otherwise = count_ > 0.0 ? mean_ : series::kMissing;
    usual_[memory].push_back(same.weight > kLeastWeight ? same.sum / same.weight : otherwise);
  }
}

double Climate::mean_anomaly(std::size_t slot, std::size_t blocks) const {
  const std::size_t end = std::min(size(), slot + 1 - std::min(slot + 1, per_block_));
  const std::size_t first = end - std::min(end, blocks * per_block_);
  return end == first ? 0.0 : (anomaly_sums_[end] - anomaly_sums_[first]) / static_cast<double>(end - first);
}

double Climate::variance() const { return count_ > 1.0 ? squares_ / count_ : 0.0; }

}  // namespace ebb::forecast
