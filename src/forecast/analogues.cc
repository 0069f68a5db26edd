#include "forecast/analogues.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

namespace ebb::forecast {
namespace {

constexpr std::size_t kAnalogues = 30;
constexpr std::size_t kDaysBack = 365;
constexpr double kMemoryHours = 24.0;

}  // namespace

std::vector<Analogues::Analogue> Analogues::candidates(std::size_t slot, std::size_t span) const {
  const std::size_t block = frame_.per_block;
  const auto lags = static_cast<Eigen::Index>(frame_.blocks_per_day());
  const std::size_t day = frame_.per_day;
  using Day = Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<>>;
  const auto day_before = [&](std::size_t at) {
    return Day(climate_.values().data() + at - day, lags, Eigen::InnerStride<>(static_cast<Eigen::Index>(block)));
  };
  Eigen::VectorXd weights(lags);
  for (Eigen::Index lag = 0; lag < lags; ++lag) {
    const double hours_ago = static_cast<double>(lags - 1 - lag) * 24.0 / static_cast<double>(lags);
    weights[lag] = std::exp(-hours_ago / kMemoryHours);
  }
  const double weight_sum = weights.sum();
  const Eigen::VectorXd recent = day_before(slot);
  std::vector<Analogue> found;
  Eigen::VectorXd apart(lags);
  const auto consider = [&](std::size_t past) {
    if (past + span > slot || past < day || !climate_.known(past)) return;
    apart = recent - day_before(past);
    const double sum = weights.dot(apart);
    const double squares = weights.cwiseProduct(apart).dot(apart);
    // The weighted sum of (apart - mean / 2)^2, multiplied out.
    const double mean = sum / weight_sum;
    found.push_back({past, std::max(0.0, squares - 0.75 * mean * sum), 0.5 * mean});
  };
  const std::size_t days = std::min(kDaysBack, slot / day);
  for (std::size_t back = 1; back <= days; ++back) {
    const std::size_t same = slot - back * day;
    consider(same);
    if (same >= block) consider(same - block);
    consider(same + block);
  }
  return found;
}

void Analogues::forecast(std::size_t slot, std::span<double> out) const {
  const std::size_t block = frame_.per_block;
  std::vector<Analogue> found = candidates(slot, out.size() * block);
  const std::size_t count = std::min(kAnalogues, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end(),
                    [](const Analogue& a, const Analogue& b) {
                      return a.distance != b.distance ? a.distance < b.distance : a.slot > b.slot;
                    });
  std::fill(out.begin(), out.end(), 0.0);
  const double floor = 1e-6 * climate_.variance() + 1e-12;
  double total = 0.0;
  for (std::size_t i = 0; i < count; ++i) total += 1.0 / (found[i].distance + floor);
  for (std::size_t i = 0; i < count; ++i) {
    const double share = 1.0 / (found[i].distance + floor) / total;
    for (std::size_t lead = 0; lead < out.size(); ++lead) {
      out[lead] += share * (climate_.value(found[i].slot + lead * block) + found[i].offset);
    }
  }
}

}  // namespace ebb::forecast
