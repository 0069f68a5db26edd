#include "forecast/structured.h"

#include <algorithm>

#include "series/series.h"

namespace ebb::forecast {
namespace {

constexpr std::size_t kFeatures = 14;
constexpr std::size_t kFirstDay = 7;  // before, usual values are too young to learn from
constexpr double kCommonPenalty = 20.0;
constexpr double kHourlyPenalty = 300.0;

}  // namespace

Structured::Structured(const Frame& frame, const Climate& climate) : frame_(frame), climate_(climate) {
  leads_.assign(frame.lead_blocks, HourlyRidge(frame.blocks_per_day(), kFeatures, 1));
}

/// Of the block that begins `back` slots before `slot`; 0 before the series.
double Structured::anomaly_before(std::size_t slot, std::size_t back) const {
  return back > slot ? 0.0 : climate_.anomaly(slot - back);
}

void Structured::set_features(std::size_t slot, std::size_t lead, Eigen::VectorXd& z) const {
  const std::size_t block = frame_.per_block;
  const std::size_t day = frame_.per_day;
  const std::size_t week = 7 * day;
  const std::size_t newest = slot + lead * block % day;  // the target's block on the newest day known
  const std::size_t target = slot + lead * block;
  const double usual = climate_.usual(Climate::kMiddle, newest);
  const std::size_t weeks = lead * block / week + 1;
  z[0] = 1.0;
  z[1] = anomaly_before(slot, block);
  z[2] = anomaly_before(slot, 2 * block);
  z[3] = anomaly_before(slot, 3 * block);
  z[4] = climate_.mean_anomaly(slot, std::max<std::size_t>(1, frame_.blocks_per_day() / 4));
  z[5] = climate_.mean_anomaly(slot, frame_.blocks_per_day());
  z[6] = anomaly_before(newest, day);
  z[7] = anomaly_before(newest, 2 * day);
  z[8] = anomaly_before(target, weeks * week);
  z[9] = anomaly_before(newest, day + block);
  z[10] = newest + block < slot + day ? anomaly_before(newest + block, day) : z[1];
  z[11] = climate_.usual(Climate::kShort, newest) - usual;
  z[12] = climate_.usual(Climate::kLong, newest) - usual;
  z[13] = usual - climate_.level(slot - block);
}

void Structured::learn(std::size_t slot) {
  Eigen::VectorXd z(kFeatures);
  Eigen::VectorXd y(1);
  const std::size_t target = slot - frame_.per_block;
  if (!climate_.known(target)) return;
  for (std::size_t lead = 0; lead < leads_.size(); ++lead) {
    const std::size_t back = lead * frame_.per_block;
    if (target < back + kFirstDay * frame_.per_day) break;
    const std::size_t from = target - back;
    const double usual = climate_.usual(Climate::kMiddle, from + back % frame_.per_day);
    if (series::is_missing(usual)) continue;
    set_features(from, lead, z);
    if (!z.allFinite()) continue;
    y[0] = climate_.value(target) - usual;
    leads_[lead].add(frame_.block_of_day(from), z, y);
  }
}

void Structured::fit() {
  for (HourlyRidge& lead : leads_) lead.fit(kCommonPenalty, kHourlyPenalty, climate_.variance());
}

void Structured::forecast(std::size_t slot, std::span<double> out) const {
  Eigen::VectorXd z(kFeatures);
  for (std::size_t lead = 0; lead < out.size(); ++lead) {
    set_features(slot, lead, z);
    const double usual = climate_.usual(Climate::kMiddle, slot + lead * frame_.per_block % frame_.per_day);
    out[lead] = usual + leads_[lead].coefficients(frame_.block_of_day(slot)).col(0).dot(z);
  }
}

}  // namespace ebb::forecast
