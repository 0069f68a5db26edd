#include "study/issued_forecast.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "base/check.h"
#include "time/text.h"

namespace ebb::study {
namespace {

using series::is_missing;

constexpr double kKeep = 0.93;         // of a day's weight in the climatology, per day
constexpr std::size_t kMostParts = 8;  // of the day
constexpr double kNeighbour = 0.3;     // weight of the parts beside, and of those next to them
constexpr double kNextButOne = 0.1;
constexpr double kRidgeDays = 3.0;
constexpr double kRidgeFloor = 1e-6;
constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr auto kDay = std::chrono::hours(24);

std::size_t slots_of_a_day(time::Duration step) {
  return std::max<std::size_t>(1,
                               static_cast<std::size_t>(std::llround(time::in_seconds(kDay) / time::in_seconds(step))));
}

/// Dense where forecasts lose their worth quickly and where the newest day known changes, else every two hours.
std::vector<std::size_t> nodes_for(std::size_t day, std::size_t issued) {
  std::set<std::size_t> nodes{1, 2};
  const std::size_t near = std::max(issued, day / 8);
  for (const std::size_t ahead : {3U, 4U, 5U, 6U, 9U, 12U, 13U, 20U, 28U}) {
    if (ahead < near) nodes.insert(ahead);
  }
  nodes.insert({near, near + 1});
  for (const std::size_t hour : {4U, 5U, 7U, 9U, 11U, 13U, 15U, 17U, 19U, 21U, 23U}) nodes.insert(hour * day / 24);
  nodes.insert({day - 1, day, day + 1, day + day / 12, day + day / 6, day + day / 4 - (day >= 4 ? 1 : 0)});
  nodes.erase(0);
  return {nodes.begin(), nodes.end()};
}

}  // namespace

/// Sums over the pairs seen, for each part of the day and node; and the days that gave any.
struct IssuedForecaster::Fit {
  using Matrix = Eigen::Matrix<double, kFeatures, kFeatures>;
  using Vector = Eigen::Matrix<double, kFeatures, 1>;
  struct Sums {
    double zz[kFeatures][kFeatures] = {};
    double zy[kFeatures] = {};

    void add(const Features& z, double y) {
      for (std::size_t p = 0; p < kFeatures; ++p) {
        for (std::size_t q = 0; q < kFeatures; ++q) zz[p][q] += z[p] * z[q];
        zy[p] += z[p] * y;
      }
    }
    void add(const Sums& other, double weight) {
      for (std::size_t p = 0; p < kFeatures; ++p) {
        for (std::size_t q = 0; q < kFeatures; ++q) zz[p][q] += weight * other.zz[p][q];
        zy[p] += weight * other.zy[p];
      }
    }
  };

  Fit(std::size_t part_count, std::size_t node_count) : parts(part_count), nodes(node_count), sums(parts * nodes) {}

  /// Each part with what its neighbours around the clock add.
  [[nodiscard]] Sums pooled(std::size_t part, std::size_t node) const {
    Sums result;
    for (std::size_t other = 0; other < parts; ++other) {
      const std::size_t apart = std::min((other + parts - part) % parts, (part + parts - other) % parts);
      if (apart > 2) continue;
      result.add(sums[other * nodes + node], apart == 0 ? 1.0 : apart == 1 ? kNeighbour : kNextButOne);
    }
    return result;
  }
  void solve(std::size_t part, std::size_t node, double* beta) const {
    const Sums total = pooled(part, node);
    Matrix left = Eigen::Map<const Eigen::Matrix<double, kFeatures, kFeatures, Eigen::RowMajor>>(&total.zz[0][0]);
    left.diagonal().array() += kRidgeDays * total.zz[1][1] / static_cast<double>(days) + kRidgeFloor;
    Eigen::Map<Vector>(beta, kFeatures) = left.ldlt().solve(Eigen::Map<const Vector>(total.zy));
  }

  std::size_t parts;
  std::size_t nodes;
  std::size_t days = 0;
  std::vector<Sums> sums;
};

IssuedForecaster::IssuedForecaster(const series::Series& series, formats::IssuedForecasts issued,
                                   time::Duration utc_offset)
    : series_(series),
      issued_(std::move(issued)),
      day_slots_(slots_of_a_day(series.step())),
      parts_(std::min(kMostParts, day_slots_)),
      nodes_(nodes_for(day_slots_, issued_.rows() == 0 ? 0 : issued_.horizon)) {
  if (issued_.rows() > 0) {
    CHECK(issued_.step == series.step());
    CHECK((series.begin() - issued_.begin) % series.step() == time::Duration(0));
    issued_offset_ = (series.begin() - issued_.begin) / series.step();
  }
  make_climate();
  make_means();
  make_calendar(utc_offset);
  fit();
}

void IssuedForecaster::make_climate() {
  const std::size_t size = series_.size();
  climate_.resize(size + day_slots_, series::kMissing);
  anomaly_.resize(size, 0.0);
  std::vector<double> sum(day_slots_, 0.0);
  std::vector<double> weight(day_slots_, 0.0);
  for (std::size_t slot = 0; slot < size; ++slot) {
    const std::size_t at = slot % day_slots_;
    const double value = series_[slot];
    if (!is_missing(climate_[slot]) && !is_missing(value)) anomaly_[slot] = value - climate_[slot];
    sum[at] = kKeep * sum[at] + (is_missing(value) ? 0.0 : value);
    weight[at] = kKeep * weight[at] + (is_missing(value) ? 0.0 : 1.0);
    if (weight[at] > std::numeric_limits<double>::min()) climate_[slot + day_slots_] = sum[at] / weight[at];
  }
}

void IssuedForecaster::make_means() {
  std::vector<double> before{0.0};
  for (const double anomaly : anomaly_) before.push_back(before.back() + anomaly);
  const auto mean_of_last = [&](std::size_t slot, std::size_t count) {
    const std::size_t first = slot + 1 - std::min(slot + 1, count);
    return (before[slot + 1] - before[first]) / static_cast<double>(slot + 1 - first);
  };
  for (std::size_t slot = 0; slot < anomaly_.size(); ++slot) {
    mean_3h_.push_back(mean_of_last(slot, std::max<std::size_t>(1, day_slots_ / 8)));
    mean_24h_.push_back(mean_of_last(slot, day_slots_));
  }
}

void IssuedForecaster::make_calendar(time::Duration utc_offset) {
  for (std::size_t slot = 0; slot < 7 * day_slots_; ++slot) {
    const auto local = std::chrono::floor<std::chrono::days>(series_.time_of(slot) + utc_offset);
    const auto weekday = std::chrono::weekday(local).iso_encoding();
    weekend_.push_back(weekday >= 6 ? 5.0 / 7.0 : -2.0 / 7.0);
  }
  for (std::size_t slot = 0; slot < day_slots_; ++slot) {
    const double place =
        (static_cast<double>(slot) + 0.5) * static_cast<double>(parts_) / static_cast<double>(day_slots_) - 0.5;
    const double floor = std::floor(place);
    const auto below = static_cast<std::size_t>(floor + static_cast<double>(parts_)) % parts_;
    between_.push_back({below, (below + 1) % parts_, place - floor});
  }
}

double IssuedForecaster::issued_at(std::size_t slot, std::size_t ahead) const {
  const std::int64_t row = static_cast<std::int64_t>(slot) + issued_offset_;
  if (row < 0 || row >= static_cast<std::int64_t>(issued_.rows())) return series::kMissing;
  return static_cast<double>(issued_.at(static_cast<std::size_t>(row), ahead));
}

double IssuedForecaster::issued_anomaly(std::size_t slot, std::size_t ahead) const {
  // Issued further ahead than a day: compared with the newest day known, like the forecast itself.
  const double anomaly = issued_at(slot, ahead) - climate_[slot + (ahead - 1) % day_slots_ + 1];
  return is_missing(anomaly) ? 0.0 : anomaly;
}

IssuedForecaster::Target IssuedForecaster::target_of(std::size_t slot, std::size_t ahead) const {
  const std::size_t target = slot + ahead;
  return {ahead, slot + (ahead - 1) % day_slots_ + 1, target % day_slots_, target % weekend_.size()};
}

void IssuedForecaster::advance(Target& target, std::size_t slot) const {
  ++target.ahead;
  if (++target.newest > slot + day_slots_) target.newest -= day_slots_;
  if (++target.of_day == day_slots_) target.of_day = 0;
  if (++target.of_week == weekend_.size()) target.of_week = 0;
}

IssuedForecaster::Features IssuedForecaster::features(std::size_t slot, const Target& target) const {
  return {issued_.horizon == 0 ? 0.0 : issued_anomaly(slot, std::min(target.ahead, issued_.horizon)),
          anomaly_[slot],
          mean_3h_[slot],
          mean_24h_[slot],
          anomaly_[target.newest - std::min(target.newest, day_slots_)],
          climate_[target.newest] * weekend_[target.of_week]};
}

void IssuedForecaster::fit() {
  const std::size_t days = (series_.size() + day_slots_ - 1) / day_slots_;
  const std::size_t of_a_day = parts_ * nodes_.size() * kFeatures;
  betas_.assign(days * of_a_day, 0.0);
  double lowest = 0.0;
  double highest = -kUnbounded;
  lowest_.assign(days, -kUnbounded);
  highest_.assign(days, kUnbounded);
  Fit seen(parts_, nodes_.size());
  for (std::size_t day = 1; day < days; ++day) {
    bool any = false;
    for (std::size_t target = (day - 1) * day_slots_; target < day * day_slots_; ++target) {
      const double value = series_[target];
      if (is_missing(value)) continue;
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
      const std::size_t part = target % day_slots_ * parts_ / day_slots_;
      for (std::size_t node = 0; node < nodes_.size() && target >= nodes_[node] + 2 * day_slots_; ++node) {
        const std::size_t slot = target - nodes_[node];
        const Target seen_from = target_of(slot, nodes_[node]);
        const double base = climate_[seen_from.newest];
        if (is_missing(base)) continue;
        seen.sums[part * nodes_.size() + node].add(features(slot, seen_from), value - base);
        any = true;
      }
    }
    if (highest >= lowest) {
      lowest_[day] = lowest;
      highest_[day] = highest;
    }
    seen.days += any ? 1 : 0;
    if (seen.days == 0) continue;
    for (std::size_t part = 0; part < parts_; ++part) {
      for (std::size_t node = 0; node < nodes_.size(); ++node) {
        seen.solve(part, node, &betas_[day * of_a_day + (part * nodes_.size() + node) * kFeatures]);
      }
    }
  }
}

std::vector<double> IssuedForecaster::coefficients(std::size_t day, std::size_t horizon) const {
  std::vector<double> result(parts_ * horizon * kFeatures, 0.0);
  const double* betas = &betas_[day * parts_ * nodes_.size() * kFeatures];
  for (std::size_t ahead = 1; ahead < horizon; ++ahead) {
    const auto above = std::upper_bound(nodes_.begin(), nodes_.end() - 1, ahead);
    const auto right = static_cast<std::size_t>(above - nodes_.begin());
    const double from = static_cast<double>(nodes_[right - 1]);
    const double share =
        std::min(1.0, (static_cast<double>(ahead) - from) / (static_cast<double>(nodes_[right]) - from));
    for (std::size_t part = 0; part < parts_; ++part) {
      const double* left = betas + (part * nodes_.size() + right - 1) * kFeatures;
      double* out = &result[(part * horizon + ahead) * kFeatures];
      for (std::size_t p = 0; p < kFeatures; ++p) out[p] = (1.0 - share) * left[p] + share * left[kFeatures + p];
    }
  }
  return result;
}

double IssuedForecaster::without_climate(std::size_t slot, std::size_t ahead) const {
  const double issued = issued_.horizon == 0 ? series::kMissing : issued_at(slot, std::min(ahead, issued_.horizon));
  return is_missing(issued) ? series_[slot] : issued;
}

void IssuedForecaster::fill(std::size_t slot, std::span<const double> coefficients, std::span<double> out) const {
  const std::size_t horizon = out.size();
  const std::size_t day = slot / day_slots_;
  if (horizon > 0) out[0] = series_[slot];
  Target target = target_of(slot, 1);
  for (std::size_t ahead = 1; ahead < horizon; ++ahead, advance(target, slot)) {
    const double base = climate_[target.newest];
    if (is_missing(base)) {
      out[ahead] = without_climate(slot, ahead);
      continue;
    }
    const Features z = features(slot, target);
    const Between& part = between_[target.of_day];
    const double* below = &coefficients[(part.below * horizon + ahead) * kFeatures];
    const double* above = &coefficients[(part.above * horizon + ahead) * kFeatures];
    double low = 0.0;
    double high = 0.0;
    for (std::size_t p = 0; p < kFeatures; ++p) {
      low += z[p] * below[p];
      high += z[p] * above[p];
    }
    out[ahead] = std::clamp(base + (1.0 - part.share) * low + part.share * high, lowest_[day], highest_[day]);
  }
}

void IssuedForecaster::forecast(std::size_t slot, std::span<double> out) const {
  CHECK(slot < size());
  fill(slot, coefficients(slot / day_slots_, out.size()), out);
}

std::span<const double> IssuedForecaster::Cursor::at(std::size_t slot) {
  CHECK(slot < forecaster_->size());
  const std::size_t day = slot / forecaster_->day_slots_;
  if (day != day_) coefficients_ = forecaster_->coefficients(day, values_.size());
  day_ = day;
  forecaster_->fill(slot, coefficients_, values_);
  return values_;
}

std::string IssuedForecaster::description() const {
  const auto reach = series_.step() * static_cast<std::int64_t>(issued_.rows() == 0 ? 0 : issued_.horizon);
  const std::string issued = reach.count() == 0
                                 ? "no forecasts as issued"
                                 : fmt::format("the forecasts as issued ({} ahead)", time::text_of(reach));
  return fmt::format(
      "{}, the last values and the climatology of the days before, weighed by a ridge regression that is refitted "
      "every "
      "day on what was seen until then",
      issued);
}

}  // namespace ebb::study
