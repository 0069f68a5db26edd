#include "forecast/near.h"

#include <algorithm>
#include <utility>

namespace ebb::forecast {

Near::Near(const Frame& frame) {
  constexpr std::size_t kHours = 3;
  if (frame.per_block > 1) shares_.resize(std::min(frame.horizon, kHours * frame.per_block));
}

void Near::made(std::size_t slot, double difference, std::vector<double> forecast) {
  std::erase_if(made_, [&](const Made& old) { return old.slot + shares_.size() <= slot; });
  forecast.resize(std::min(forecast.size(), shares_.size()));
  made_.push_back({slot, difference, std::move(forecast)});
}

void Near::observe(std::size_t slot, double value) {
  constexpr double kKeep = 0.9995;  // an hour: three months
  for (const Made& made : made_) {
    const std::size_t ahead = slot - made.slot;
    if (slot < made.slot || ahead >= made.forecast.size()) continue;
    Share& share = shares_[ahead];
    share.products = kKeep * share.products + made.difference * (value - made.forecast[ahead]);
    share.squares = kKeep * share.squares + made.difference * made.difference;
  }
}

void Near::correct(double difference, std::span<double> forecast) const {
  for (std::size_t ahead = 0; ahead < std::min(forecast.size(), shares_.size()); ++ahead) {
    const Share& share = shares_[ahead];
    if (share.squares > 0.0) forecast[ahead] += difference * share.products / share.squares;
  }
}

}  // namespace ebb::forecast
