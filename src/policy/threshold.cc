#include "policy/threshold.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ebb::policy {

std::optional<Bounds> bounds_of(const series::Series& past) {
  constexpr double kLeast = 1.0;
  std::vector<double> known;
  for (const double value : past.values()) {
    if (std::isfinite(value)) known.push_back(value);
  }
  if (known.empty()) return std::nullopt;
  const auto fifth = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 20);
  std::nth_element(known.begin(), fifth, known.end());
  const Bounds bounds{std::max(kLeast, *fifth), *std::max_element(known.begin(), known.end())};
  if (!(bounds.low < bounds.high)) return std::nullopt;
  return bounds;
}

PauseThreshold::PauseThreshold(const Bounds& bounds, double pause_cost, std::size_t units)
    : bounds_(bounds), pause_cost_(pause_cost), units_(static_cast<double>(units)) {
  // At 1 the excess is above zero; it ends below it.
  double low = 1.0;
  double high = 2.0;
  while (excess(high) > 0.0) {
    low = high;
    high *= 2.0;
  }
  for (int round = 0; round < 200 && low < high; ++round) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (excess(middle) > 0.0 ? low : high) = middle;
  }
  ratio_ = 0.5 * (low + high);
}

base::Expected<PauseThreshold> PauseThreshold::make(const Bounds& bounds, double pause_cost, std::size_t units) {
  const bool sound = std::isfinite(bounds.high) && bounds.low > 0.0 && bounds.low < bounds.high;
  if (!sound || units == 0) {
    return base::usage_error(fmt::format("intensities from {} to {} g/kWh and {} units of work give no threshold",
                                         bounds.low, bounds.high, units));
  }
  if (!(pause_cost >= 0.0) || !(pause_cost < bounds.high - bounds.low)) {
    return base::usage_error(
        fmt::format("a pause costs {} g for each kWh of a unit, but intensities differ by {} g/kWh at most: a pause "
                    "never pays, run through",
                    pause_cost, bounds.high - bounds.low));
  }
  return PauseThreshold(bounds, pause_cost, units);
}

double PauseThreshold::growth(double ratio) const { return 1.0 + 1.0 / (units_ * ratio); }

double PauseThreshold::weight(double ratio) const { return 1.0 - 1.0 / units_ + 1.0 / (units_ * ratio); }

double PauseThreshold::excess(double ratio) const {
  const double left = bounds_.high - bounds_.low - pause_cost_;
  const double right = bounds_.high * (1.0 - 1.0 / ratio) - pause_cost_ * weight(ratio);
  return left - right * std::pow(growth(ratio), units_);
}

double PauseThreshold::running(std::size_t next) const {
  const double grown = std::pow(growth(ratio_), static_cast<double>(next) - 1.0);
  return bounds_.high * (1.0 - (1.0 - 1.0 / ratio_) * grown) + pause_cost_ * weight(ratio_) * grown;
}

}  // namespace ebb::policy
