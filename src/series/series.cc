#include "series/series.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace ebb::series {

Series::Series(Provenance provenance, time::Instant begin, time::Duration step, std::vector<double> values)
    : provenance_(std::move(provenance)),
      begin_(begin),
      step_(step),
      values_(std::make_shared<const std::vector<double>>(std::move(values))) {
  CHECK(step_.count() > 0);
}

std::size_t Series::missing_count() const {
  return static_cast<std::size_t>(std::count_if(values().begin(), values().end(), is_missing));
}

std::optional<std::size_t> Series::slot_at(time::Instant moment) const {
  if (moment < begin_ || moment >= end()) return std::nullopt;
  return static_cast<std::size_t>((moment - begin_) / step_);
}

double Series::mean_over(time::Interval interval) const {
  CHECK(interval.begin >= begin_ && interval.end <= end() && interval.begin < interval.end);
  const auto first = static_cast<std::size_t>((interval.begin - begin_) / step_);
  double weighted = 0.0;
  for (std::size_t slot = first; slot < size() && time_of(slot) < interval.end; ++slot) {
    const auto from = std::max(interval.begin, time_of(slot));
    const auto to = std::min(interval.end, time_of(slot + 1));
    if (from == interval.begin && to == interval.end) return (*this)[slot];
    weighted += (*this)[slot] * time::in_seconds(to - from);  // a missing slot is NaN and stays so
  }
  return weighted / time::in_seconds(interval.length());
}

double Series::mean() const {
  double sum = 0.0;
  std::size_t count = 0;
  for (const double value : values()) {
    if (is_missing(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? kMissing : sum / static_cast<double>(count);
}

Series Series::slice(time::Instant from, time::Instant to) const {
  const auto clamp = [this](std::int64_t slot) {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(slot, 0, static_cast<std::int64_t>(size())));
  };
  const auto ceil_div = [](std::int64_t a, std::int64_t b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); };
  const auto floor_div = [](std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); };
  const std::size_t first = clamp(ceil_div((from - begin_).count(), step_.count()));
  const std::size_t last = std::max(first, clamp(floor_div((to - begin_).count(), step_.count())));
  return {provenance_, time_of(first), step_,
          std::vector<double>(values_->begin() + static_cast<std::ptrdiff_t>(first),
                              values_->begin() + static_cast<std::ptrdiff_t>(last))};
}

Series Series::with(Provenance provenance) const {
  Series copy = *this;
  copy.provenance_ = std::move(provenance);
  return copy;
}

}  // namespace ebb::series
