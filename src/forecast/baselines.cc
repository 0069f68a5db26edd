#include "forecast/baselines.h"

#include <algorithm>
#include <array>
#include <vector>

#include "series/series.h"
#include "time/calendar.h"

namespace ebb::forecast {
namespace {

using series::is_missing;

class Repeat final : public Point {
 public:
  explicit Repeat(std::size_t period) : period_(period) {}

  void observe(double value) override { values_.push_back(value); }
  [[nodiscard]] bool ready() const override { return values_.size() >= period_; }
  void forecast(std::span<double> out) override {
    constexpr std::size_t kMostPeriods = 4;
    for (std::size_t ahead = 0; ahead < out.size(); ++ahead) {
      out[ahead] = series::kMissing;
      const std::size_t newest = values_.size() + ahead % period_;
      for (std::size_t periods = 1; periods <= kMostPeriods && is_missing(out[ahead]); ++periods) {
        if (newest >= periods * period_) out[ahead] = values_[newest - periods * period_];
      }
    }
  }

 private:
  std::size_t period_;
  std::vector<double> values_;
};

class MonthClimatology final : public Point {
 public:
  explicit MonthClimatology(const Frame& frame)
      : frame_(frame), months_(frame.per_day), recent_(frame.per_day, std::vector<double>(kDays, series::kMissing)) {}

  void observe(double value) override {
    const std::size_t of_day = size_ % frame_.per_day;
    recent_[of_day][size_ / frame_.per_day % kDays] = value;
    if (!is_missing(value)) {
      Mean& mean = months_[of_day][month_of(size_)];
      mean.sum += value;
      mean.count += 1.0;
    }
    ++size_;
  }
  [[nodiscard]] bool ready() const override { return size_ >= 7 * frame_.per_day; }
  void forecast(std::span<double> out) override {
    constexpr double kLeast = 7.0;
    std::array<std::size_t, 16> month_by_day{};
    for (std::size_t ahead = 0; ahead < out.size(); ++ahead) {
      const std::size_t slot = size_ + ahead;
      std::size_t& month = month_by_day.at(slot / frame_.per_day - size_ / frame_.per_day);
      if (ahead == 0 || slot % frame_.per_day == 0) month = month_of(slot);
      const Mean& mean = months_[slot % frame_.per_day][month];
      out[ahead] = mean.count >= kLeast ? mean.sum / mean.count : recent_mean(slot % frame_.per_day);
    }
  }

 private:
  static constexpr std::size_t kDays = 28;
  struct Mean {
    double sum = 0.0;
    double count = 0.0;
  };
  [[nodiscard]] std::size_t month_of(std::size_t slot) const {
    return time::civil_time(frame_.begin + frame_.step * static_cast<std::int64_t>(slot)).month - 1;
  }
  [[nodiscard]] double recent_mean(std::size_t of_day) const {
    Mean mean;
    for (const double value : recent_[of_day]) {
      if (is_missing(value)) continue;
      mean.sum += value;
      mean.count += 1.0;
    }
    return mean.count > 0.0 ? mean.sum / mean.count : series::kMissing;
  }

  Frame frame_;
  std::size_t size_ = 0;
  std::vector<std::array<Mean, 12>> months_;
  std::vector<std::vector<double>> recent_;
};

}  // namespace

std::unique_ptr<Point> make_yesterday(const Frame& frame) { return std::make_unique<Repeat>(frame.per_day); }
std::unique_ptr<Point> make_last_week(const Frame& frame) { return std::make_unique<Repeat>(7 * frame.per_day); }
std::unique_ptr<Point> make_month_climatology(const Frame& frame) { return std::make_unique<MonthClimatology>(frame); }

}  // namespace ebb::forecast
