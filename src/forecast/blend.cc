#include "forecast/blend.h"

#include <algorithm>
#include <cmath>

#include "forecast/analogues.h"
#include "forecast/baselines.h"
#include "forecast/lag_ridge.h"
#include "forecast/structured.h"
#include "series/series.h"

namespace ebb::forecast {
namespace {

using series::is_missing;

constexpr double kPlainRidgeWeight = 2.0;

/// Mean of the last `count` values; missing where one of them is.
double mean_of_last(const std::vector<double>& values, std::size_t count) {
  double sum = 0.0;
  for (std::size_t back = 1; back <= count; ++back) sum += values[values.size() - back];
  return sum / static_cast<double>(count);
}

}  // namespace

Blend::Part::Part(const Frame& frame, bool logarithms) : climate(frame) {
  members.push_back(std::make_unique<Structured>(frame, climate));
  if (logarithms) return;
  members.push_back(std::make_unique<LagRidge>(frame, climate));
  members.push_back(std::make_unique<Analogues>(frame, climate));
}

Blend::Blend(const Frame& frame)
    : frame_(frame), plain_(frame, false), plain_ridge_(make_plain_ridge(frame)), near_(frame) {}

double Blend::to_logarithm(double mean) const {
  return is_missing(mean) ? mean : std::log(std::max(mean + offset_, 0.25 * offset_));
}

/// `slots`: how many are known once this block is.
void Blend::add_block(Part& part, double mean, std::size_t slots) {
  part.climate.add(mean);
  if (slots % frame_.per_block != 0) return;
  for (const auto& member : part.members) member->learn(slots);
}

void Blend::observe(double value) {
  values_.push_back(value);
  plain_ridge_->observe(value);
  const std::size_t size = values_.size();
  if (!is_missing(value)) {
    lowest_ = known_ == 0 ? value : std::min(lowest_, value);
    highest_ = known_ == 0 ? value : std::max(highest_, value);
    ++known_;
    if (near_.used()) near_.observe(size - 1, value);
  }
  if (size < frame_.per_block) return;
  const double mean = mean_of_last(values_, frame_.per_block);
  add_block(plain_, mean, size);
  if (logarithms_) add_block(*logarithms_, to_logarithm(mean), size);
  fit_if_due();
  if (near_.used() && ready_ && size % frame_.per_block == 0 && !is_missing(mean)) {
    near_.made(size, value - mean, fine());
  }
}

/// The logarithm's offset is the scale of the first weeks, and stays: sums of two offsets would not mix.
void Blend::begin_logarithms() {
  double size_sum = 0.0;
  for (const double value : values_) size_sum += is_missing(value) ? 0.0 : std::fabs(value);
  offset_ = std::max(0.5 * size_sum / static_cast<double>(known_), 1e-9);
  logarithms_ = std::make_unique<Part>(frame_, true);
  double sum = 0.0;
  for (std::size_t slots = frame_.per_block; slots <= values_.size(); ++slots) {
    sum = 0.0;
    for (std::size_t back = 1; back <= frame_.per_block; ++back) sum += values_[slots - back];
    add_block(*logarithms_, to_logarithm(sum / static_cast<double>(frame_.per_block)), slots);
  }
}

void Blend::fit_if_due() {
  constexpr std::size_t kMostDays = 14;
  const std::size_t size = values_.size();
  if (size % frame_.per_day != 0 || known_ < kLeastDays * frame_.per_day) return;
  const std::size_t days = size / frame_.per_day;
  // A fit is worth its time when the pairs are a good part more than at the last.
  if (ready_ && days - fitted_day_ < std::min(kMostDays, days / kMostDays)) return;
  fitted_day_ = days;
  if (!logarithms_) begin_logarithms();
  for (const auto& member : plain_.members) member->fit();
  for (const auto& member : logarithms_->members) member->fit();
  ready_ = true;
}

/// Its slots, as means of blocks; the last block may be short of some.
void Blend::add_plain_ridge(std::vector<double>& sums, double weight) const {
  std::vector<double> slots(frame_.horizon);
  plain_ridge_->forecast(slots);
  for (std::size_t lead = 0; lead < sums.size(); ++lead) {
    const std::size_t first = lead * frame_.per_block;
    const std::size_t end = std::min(first + frame_.per_block, slots.size());
    double sum = 0.0;
    for (std::size_t slot = first; slot < end; ++slot) sum += slots[slot];
    sums[lead] += weight * sum / static_cast<double>(end - first);
  }
}

std::vector<double> Blend::blocks() const {
  const std::size_t slot = values_.size();
  std::vector<double> result(frame_.lead_blocks, series::kMissing);
  if (!ready_) {
    for (std::size_t lead = 0; lead < result.size() && slot >= frame_.per_block; ++lead) {
      result[lead] = plain_.climate.usual(Climate::kMiddle, slot + lead * frame_.per_block % frame_.per_day);
    }
    return result;
  }
  std::fill(result.begin(), result.end(), 0.0);
  std::vector<double> one(result.size());
  double members = 0.0;
  if (plain_ridge_->ready()) {
    add_plain_ridge(result, kPlainRidgeWeight);
    members = kPlainRidgeWeight;
  }
  for (const auto& member : plain_.members) {
    if (!member->ready()) continue;
    member->forecast(slot, one);
    for (std::size_t lead = 0; lead < one.size(); ++lead) result[lead] += one[lead];
    members += 1.0;
  }
  const double least = std::log(0.25 * offset_);
  const double most = std::log(std::max(highest_ + offset_, 0.25 * offset_));
  for (const auto& member : logarithms_->members) {
    member->forecast(slot, one);
    // Between what was seen before the exponential, which would make a small slip a large one.
    for (std::size_t lead = 0; lead < one.size(); ++lead) {
      result[lead] += std::exp(std::clamp(one[lead], least, std::max(least, most))) - offset_;
    }
    members += 1.0;
  }
  for (double& value : result) value = std::clamp(value / members, lowest_, highest_);
  return result;
}

std::vector<double> Blend::fine() const {
  std::vector<double> means = blocks();
  if (frame_.per_block == 1) return means;
  std::vector<double> result(frame_.horizon);
  const double last = values_.size() < frame_.per_block ? series::kMissing : mean_of_last(values_, frame_.per_block);
  for (std::size_t ahead = 0; ahead < result.size(); ++ahead) {
    const std::size_t block = ahead / frame_.per_block;
    const double place =
        (static_cast<double>(ahead % frame_.per_block) + 0.5) / static_cast<double>(frame_.per_block) - 0.5;
    const double before = block > 0 ? means[block - 1] : is_missing(last) ? means[0] : last;
    const double after = means[std::min(block + 1, means.size() - 1)];
    result[ahead] = means[block] + place * (place < 0.0 ? means[block] - before : after - means[block]);
  }
  return result;
}

void Blend::forecast(std::span<double> out) {
  std::vector<double> values = fine();
  if (near_.used() && ready_) {
    const double difference = values_.back() - mean_of_last(values_, frame_.per_block);
    if (!is_missing(difference)) near_.correct(difference, values);
    for (double& value : values) value = std::clamp(value, lowest_, highest_);
  }
  std::copy_n(values.begin(), std::min(out.size(), values.size()), out.begin());
}

}  // namespace ebb::forecast
