#include "policy/waiting_hour.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "time/text.h"

namespace ebb::policy {
namespace {

constexpr double kSecondsPerHour = 3600.0;

/// Integrals of a series from its begin, so that the mean of any stretch is two look-ups.
class Integral {
 public:
  explicit Integral(const series::Series& series) : series_(series), until_(series.size() + 1, 0.0) {
    const double seconds = time::in_seconds(series.step());
    for (std::size_t i = 0; i < series.size(); ++i) {
      missing_.push_back(series::is_missing(series[i]) ? 1 : 0);
      until_[i + 1] = until_[i] + (missing_[i] != 0 ? 0.0 : series[i] * seconds);
    }
    for (std::size_t i = 1; i < missing_.size(); ++i) missing_[i] += missing_[i - 1];
  }

  /// Nothing where the stretch leaves the series or touches a missing slot.
  [[nodiscard]] std::optional<double> mean(time::Instant from, time::Duration length) const {
    if (from < series_.begin() || from >= series_.end() || length > series_.end() - from) return std::nullopt;
    const auto first = static_cast<std::size_t>((from - series_.begin()) / series_.step());
    const auto last = static_cast<std::size_t>((from + length - series_.begin() - time::Duration(1)) / series_.step());
    if (missing_[last] - (first == 0 ? 0 : missing_[first - 1]) > 0) return std::nullopt;
    return (at(from + length, last) - at(from, first)) / time::in_seconds(length);
  }

 private:
  [[nodiscard]] double at(time::Instant moment, std::size_t slot) const {
    return until_[slot] + series_[slot] * time::in_seconds(moment - series_.time_of(slot));
  }

  const series::Series& series_;
  std::vector<double> until_;
  std::vector<int> missing_;
};

}  // namespace

base::Expected<Wait> best_wait(const series::Series& foreseen, time::Instant now, time::Duration length,
                               time::Duration longest_wait) {
  if (length <= time::Duration(0) || longest_wait < time::Duration(0)) {
    return base::usage_error(
        fmt::format("a job of {} that may wait {}: the length must be above zero, the wait not "
                    "below it",
                    time::text_of(length), time::text_of(longest_wait)));
  }
  const Integral integral(foreseen);
  const auto at_once = integral.mean(now, length);
  if (!at_once) {
    return base::no_data(fmt::format("nothing is foreseen of {} for all of the {} from {} on", foreseen.zone(),
                                     time::text_of(length), time::text_of(now)));
  }
  Wait best{now, 0.0, 0.0};
  const auto step = foreseen.step();
  const auto next_edge = foreseen.begin() + ((now - foreseen.begin()) / step + 1) * step;
  for (auto start = next_edge; start - now <= longest_wait && start < foreseen.end(); start += step) {
    const auto later = integral.mean(start, length);
    if (!later) continue;
    const double saved = *at_once - *later;
    const double per_hour = saved / time::in_seconds(start - now + length) * kSecondsPerHour;
    if (per_hour > best.per_hour) best = {start, saved, per_hour};
  }
  return best;
}

void ClassLengths::add(std::string_view job_class, time::Duration ran) {
  if (ran < time::Duration(0)) return;
  auto found = classes_.find(job_class);
  if (found == classes_.end()) found = classes_.emplace(std::string(job_class), Sum{}).first;
  for (Sum* sum : {&found->second, &all_}) {
    sum->seconds += time::in_seconds(ran);
    sum->jobs += 1.0;
  }
}

std::optional<time::Duration> ClassLengths::Sum::mean() const {
  if (jobs == 0.0) return std::nullopt;
  return time::from_seconds(seconds / jobs);
}

std::optional<time::Duration> ClassLengths::average(std::string_view job_class) const {
  const auto found = classes_.find(job_class);
  return found == classes_.end() ? std::nullopt : found->second.mean();
}

std::optional<time::Duration> ClassLengths::average() const { return all_.mean(); }

}  // namespace ebb::policy
