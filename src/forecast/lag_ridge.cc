#include "forecast/lag_ridge.h"

#include <cmath>

#include "series/series.h"

namespace ebb::forecast {
namespace {

constexpr std::size_t kFirstDay = 7;  // before, usual values are too young to learn from

std::size_t features_of(const Frame& frame) { return 2 * frame.blocks_per_day() + 4; }

}  // namespace

LagRidge::LagRidge(const Frame& frame, const Climate& climate)
    : frame_(frame), climate_(climate), ridge_(frame.blocks_per_day(), features_of(frame), frame.lead_blocks) {}

double LagRidge::usual(std::size_t slot, std::size_t lead) const {
  return climate_.usual(Climate::kMiddle, slot + lead * frame_.per_block % frame_.per_day);
}

Eigen::VectorXd LagRidge::features(std::size_t slot) const {
  const std::size_t day = frame_.blocks_per_day();
  const auto blocks = static_cast<Eigen::Index>(day);
  Eigen::VectorXd z(static_cast<Eigen::Index>(features_of(frame_)));
  z[0] = 1.0;
  for (std::size_t lag = 1; lag <= day; ++lag) {
    z[static_cast<Eigen::Index>(lag)] = climate_.anomaly(slot - lag * frame_.per_block);
    z[blocks + static_cast<Eigen::Index>(lag)] = usual(slot, lag - 1);
  }
  const double level = z.segment(blocks + 1, blocks).mean();
  z.segment(blocks + 1, blocks).array() -= level;
  // A mean of n values varies less than one: scaled, so that one penalty fits all.
  z[2 * blocks + 1] = climate_.mean_anomaly(slot, 3 * day) * std::sqrt(3.0 * static_cast<double>(day)) / 3.0;
  z[2 * blocks + 2] = climate_.mean_anomaly(slot, 7 * day) * std::sqrt(7.0 * static_cast<double>(day)) / 3.0;
  z[2 * blocks + 3] = level - climate_.plain_mean(slot - frame_.per_block);
  return z;
}

void LagRidge::learn(std::size_t slot) {
  const std::size_t span = frame_.lead_blocks * frame_.per_block;
  if (slot < span + kFirstDay * frame_.per_day) return;
  const std::size_t from = slot - span;
  std::size_t gaps = 0;
  Eigen::VectorXd y(static_cast<Eigen::Index>(frame_.lead_blocks));
  for (std::size_t lead = 0; lead < frame_.lead_blocks; ++lead) {
    const std::size_t block = from + lead * frame_.per_block;
    // A gap is filled with the usual value: an anomaly of 0.
    gaps += climate_.known(block) ? 0 : 1;
    y[static_cast<Eigen::Index>(lead)] = climate_.value(block) - usual(from, lead);
  }
  if (4 * gaps > frame_.lead_blocks) return;
  const Eigen::VectorXd z = features(from);
  if (z.allFinite() && y.allFinite()) ridge_.add(frame_.block_of_day(from), z, y);
}

void LagRidge::forecast(std::size_t slot, std::span<double> out) const {
  const Eigen::VectorXd y = ridge_.coefficients(frame_.block_of_day(slot)).transpose() * features(slot);
  for (std::size_t lead = 0; lead < out.size(); ++lead)
    out[lead] = usual(slot, lead) + y[static_cast<Eigen::Index>(lead)];
}

}  // namespace ebb::forecast
