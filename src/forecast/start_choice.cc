#include "forecast/start_choice.h"

#include <algorithm>
#include <cmath>

#include "series/series.h"

namespace ebb::forecast {
namespace {

using series::is_missing;

/// The lowest of those known; of equals, within rounding, the earliest; 0 where none is known.
std::size_t lowest(const std::vector<double>& means) {
  constexpr double kEqual = 1e-12;
  std::size_t found = 0;
  for (std::size_t start = 1; start < means.size(); ++start) {
    const double least = means[found] - kEqual * std::fabs(means[found]);
    if (means[start] < least || (is_missing(means[found]) && !is_missing(means[start]))) found = start;
  }
  return found;
}

}  // namespace

std::vector<double> StartChoice::means(std::span<const double> values) const {
  std::vector<double> sums{0.0};
  std::vector<std::size_t> missing{0};
  for (const double value : values.first(length_ + slack_)) {
    sums.push_back(sums.back() + (is_missing(value) ? 0.0 : value));
    missing.push_back(missing.back() + (is_missing(value) ? 1 : 0));
  }
  std::vector<double> result;
  for (std::size_t start = 0; start <= slack_; ++start) {
    const bool known = missing[start + length_] == missing[start];
    result.push_back(known ? (sums[start + length_] - sums[start]) / static_cast<double>(length_) : series::kMissing);
  }
  return result;
}

/// The margin is a quantile followed online, as in Calibrated, over promises whose windows are over.
void StartChoice::learn_until(std::size_t slot) {
  constexpr double kExceeded = 1.0 / 3.0;
  constexpr double kStep = 0.02;
  constexpr double kKeep = 0.995;
  for (; !promises_.empty() && promises_.front().known_at <= slot; promises_.pop_front()) {
    const double shortfall = promises_.front().shortfall;
    usual_shortfall_ = kKeep * usual_shortfall_ + (1.0 - kKeep) * std::fabs(shortfall);
    margin_ += kStep * usual_shortfall_ * ((shortfall > margin_ ? 1.0 : 0.0) - kExceeded) / kExceeded;
  }
}

void StartChoice::add(std::size_t slot, std::span<const double> truth, std::span<const double> mean,
                      std::span<const double> median) {
  learn_until(slot);
  const std::vector<double> real = means(truth);
  if (std::any_of(real.begin(), real.end(), is_missing)) return;
  const std::vector<double> expected = means(mean);
  const std::size_t chosen = lowest(expected);
  const double promised = expected[0] - expected[chosen];
  const std::size_t cautious = promised > margin_ ? chosen : 0;
  const std::array<std::size_t, kRuleNames.size()> starts{chosen, lowest(means(median)), cautious};
  const double best = *std::min_element(real.begin(), real.end());
  starts_ += 1.0;
  run_now_ += real[0];
  best_ += best;
  for (std::size_t rule = 0; rule < starts.size(); ++rule) {
    const double got = real[starts[rule]];
    rules_[rule].regret += got - best;
    rules_[rule].harmed += got > 1.01 * real[0] ? 1.0 : 0.0;
  }
  if (chosen != 0 && !is_missing(promised)) {
    promises_.push_back({slot + length_ + slack_, promised - (real[0] - real[chosen])});
  }
}

JobScore StartChoice::score(time::Duration length) const {
  JobScore result;
  result.length = length;
  result.starts = static_cast<std::size_t>(starts_);
  if (starts_ == 0.0) return result;
  result.run_now = run_now_ / starts_;
  result.best = best_ / starts_;
  const double possible = run_now_ - best_;
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    result.rules[rule] = {rules_[rule].regret / starts_, rules_[rule].harmed / starts_,
                          possible > 0.0 ? rules_[rule].regret / possible : 0.0};
  }
  return result;
}

}  // namespace ebb::forecast
