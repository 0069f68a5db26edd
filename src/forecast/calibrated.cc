#include "forecast/calibrated.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "series/series.h"

namespace ebb::forecast {
namespace {

using series::is_missing;

constexpr double kStep = 0.03;  // of a usual error, a block
constexpr double kDaysKept = 20.0;
constexpr double kSharedDays = 10.0;  // how many days of the hour's own weigh as much as the lead's
/// A normal error's, in mean absolute errors: where learning begins.
constexpr std::array<double, kLevels.size()> kBegin{-2.06, -0.845, 0.0, 0.845, 2.06};

}  // namespace

Calibrated::Calibrated(std::unique_ptr<Point> method, const Frame& frame)
    : method_(std::move(method)), frame_(frame), now_(frame.horizon) {
  leads_.assign(frame.lead_blocks, {kBegin, {}, std::vector<Size>(frame.blocks_per_day())});
}

/// Mean absolute error at the lead and the hour of the target; missing where nothing was seen.
double Calibrated::usual_size(const Lead& lead, std::size_t slot) const {
  if (lead.size.weight <= 0.0) return series::kMissing;
  const Size& hour = lead.by_hour[frame_.block_of_day(slot)];
  const double own = hour.weight / static_cast<double>(frame_.per_block);
  const double shared = lead.size.sum / lead.size.weight;
  return own <= 0.0 ? shared : (own * (hour.sum / hour.weight) + kSharedDays * shared) / (own + kSharedDays);
}

void Calibrated::learn(Lead& lead, std::size_t slot, double error) {
  const auto slots = static_cast<double>(frame_.per_block);
  const double usual = usual_size(lead, slot);
  if (usual > 0.0) {
    const double measured = error / usual;
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
      double& quantile = lead.quantiles[level];
      quantile += kStep / slots * (kLevels[level] - (measured <= quantile ? 1.0 : 0.0));
    }
  }
  const auto add = [&](Size& size, double per_day) {
    const double keep = 1.0 - 1.0 / (kDaysKept * per_day);
    size.sum = keep * size.sum + std::fabs(error);
    size.weight = keep * size.weight + 1.0;
  };
  add(lead.size, static_cast<double>(frame_.per_day));
  add(lead.by_hour[frame_.block_of_day(slot)], slots);
}

void Calibrated::observe(double value) {
  const std::size_t slot = size_;
  if (!is_missing(value)) lowest_ = std::min(lowest_, value);
  while (!made_.empty() && made_.front().slot + frame_.horizon <= slot) made_.pop_front();
  for (const Made& made : made_) {
    const double error = value - made.values[slot - made.slot];
    if (!is_missing(error)) learn(leads_[(slot - made.slot) / frame_.per_block], slot, error);
  }
  method_->observe(value);
  ++size_;
  fresh_ = false;
  if (size_ % frame_.per_block == 0 && method_->ready()) {
    const auto made = point();
    made_.push_back({size_, {made.begin(), made.end()}});
  }
}

std::span<const double> Calibrated::point() {
  if (!fresh_) method_->forecast(now_);
  fresh_ = true;
  return now_;
}

void Calibrated::quantiles(std::array<std::vector<double>, kLevels.size()>& out) const {
  for (auto& level : out) level.resize(now_.size());
  for (std::size_t ahead = 0; ahead < now_.size(); ++ahead) {
    const Lead& lead = leads_[ahead / frame_.per_block];
    const double usual = usual_size(lead, size_ + ahead);
    std::array<double, kLevels.size()> values = lead.quantiles;
    std::sort(values.begin(), values.end());
    for (std::size_t level = 0; level < values.size(); ++level) {
      const double value = now_[ahead] + usual * values[level];
      out[level][ahead] = lowest_ < 0.0 || is_missing(value) ? value : std::max(value, 0.0);
    }
  }
}

}  // namespace ebb::forecast
