#include "grid/portrait.h"

#include <algorithm>
#include <map>
#include <utility>

#include "time/calendar.h"

namespace ebb::grid {
namespace {

constexpr std::size_t kMostMonths = 24;

class Mean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  [[nodiscard]] double value() const { return count_ == 0 ? series::kMissing : sum_ / static_cast<double>(count_); }

 private:
  double sum_ = 0.0;
  std::size_t count_ = 0;
};

struct MonthMeans {
  std::array<Mean, 24> hours;
  Mean all;
};

using Months = std::map<std::pair<int, unsigned>, MonthMeans>;

void add(MonthMeans& month, unsigned hour, double value) {
  month.hours[hour].add(value);
  month.all.add(value);
}

std::vector<MonthOfHours> listed(const Months& months) {
  std::vector<MonthOfHours> out;
  for (const auto& [when, means] : months) {
    MonthOfHours month{when.first, when.second, {}, means.all.value()};
    for (std::size_t hour = 0; hour < 24; ++hour) month.means[hour] = means.hours[hour].value();
    out.push_back(month);
  }
  return out;
}

/// Highest less lowest of each day that is there without a gap.
class DailySpread {
 public:
  explicit DailySpread(time::Duration step)
      : per_day_(step <= kDay && kDay % step == time::Duration(0) ? static_cast<std::size_t>(kDay / step) : 0) {}

  void add(time::Instant at, double value) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    if (day != day_) *this = DailySpread(per_day_, day, mean_, days_);
    if (series::is_missing(value)) return;
    low_ = count_ == 0 ? value : std::min(low_, value);
    high_ = count_ == 0 ? value : std::max(high_, value);
    if (++count_ != per_day_) return;
    mean_.add(high_ - low_);
    ++days_;
  }
  [[nodiscard]] double mean() const { return mean_.value(); }
  [[nodiscard]] std::size_t days() const { return days_; }

 private:
  static constexpr time::Duration kDay = std::chrono::hours(24);
  DailySpread(std::size_t per_day, std::chrono::sys_days day, Mean mean, std::size_t days)
      : per_day_(per_day), day_(day), mean_(mean), days_(days) {}

  std::size_t per_day_;  ///< 0: days are not made of whole slots
  std::chrono::sys_days day_{std::chrono::days(-1'000'000)};
  std::size_t count_ = 0;
  double low_ = 0.0;
  double high_ = 0.0;
  Mean mean_;
  std::size_t days_ = 0;
};

std::vector<Gap> gaps_of(const series::Series& series) {
  std::vector<Gap> gaps;
  for (std::size_t slot = 0; slot < series.size(); ++slot) {
    if (!series::is_missing(series[slot])) continue;
    if (gaps.empty() || gaps.back().when.end != series.time_of(slot)) gaps.push_back({{series.time_of(slot), {}}, 0});
    gaps.back().when.end = series.time_of(slot + 1);
    ++gaps.back().slots;
  }
  std::stable_sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) { return a.slots > b.slots; });
  return gaps;
}

void note_extremes(Portrait& portrait, double value, time::Instant at) {
  // A NaN is neither above nor below, so that the first value is both.
  if (!(value >= portrait.lowest)) {
    portrait.lowest = value;
    portrait.lowest_at = at;
  }
  if (!(value <= portrait.highest)) {
    portrait.highest = value;
    portrait.highest_at = at;
  }
}

}  // namespace

Portrait portrait_of(const series::Series& series) {
  Portrait portrait;
  Months by_month;
  Months of_all_years;
  DailySpread spread(series.step());
  for (std::size_t slot = 0; slot < series.size(); ++slot) {
    const auto at = series.time_of(slot);
    const double value = series[slot];
    spread.add(at, value);
    const auto civil = time::civil_time(at);
    auto& month = by_month[{civil.year, civil.month}];
    auto& month_of_all = of_all_years[{0, civil.month}];
    if (series::is_missing(value)) continue;
    add(month, civil.hour, value);
    add(month_of_all, civil.hour, value);
    note_extremes(portrait, value, at);
  }
  portrait.mean = series.mean();
  portrait.missing = series.missing_count();
  portrait.daily_spread = spread.mean();
  portrait.whole_days = spread.days();
  portrait.months = listed(by_month.size() <= kMostMonths ? by_month : of_all_years);
  portrait.gaps = gaps_of(series);
  return portrait;
}

}  // namespace ebb::grid
