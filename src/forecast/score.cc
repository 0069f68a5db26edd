#include "forecast/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "base/text.h"
#include "forecast/start_choice.h"
#include "time/text.h"

namespace ebb::forecast {
namespace {

using series::is_missing;

/// Sums of errors, then their means.
class Errors {
 public:
  using Quantiles = std::array<std::vector<double>, kLevels.size()>;

  void add(double truth, double mean, const Quantiles& quantiles, std::size_t ahead, bool midnight) {
    if (is_missing(truth) || is_missing(mean)) return;
    const double median = quantiles[kLevels.size() / 2][ahead];
    errors_ += 1.0;
    truth_ += truth;
    bias_ += mean - truth;
    mae_ += std::fabs(mean - truth);
    if (midnight) add_percentage(truth, mean, median);
    if (is_missing(median)) return;
    intervals_ += 1.0;
    mae_median_ += std::fabs(median - truth);
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
      const double apart = truth - quantiles[level][ahead];
      pinball_ += (apart >= 0.0 ? kLevels[level] * apart : (kLevels[level] - 1.0) * apart);
    }
    const auto within = [&](std::size_t low, std::size_t high) {
      return truth >= quantiles[low][ahead] && truth <= quantiles[high][ahead] ? 1.0 : 0.0;
    };
    within_90_ += within(0, 4);
    within_50_ += within(1, 3);
    width_ += quantiles[4][ahead] - quantiles[0][ahead];
  }

  void write(Score& score) const {
    const auto over = [](double sum, double count) { return count > 0.0 ? sum / count : series::kMissing; };
    score.errors = static_cast<std::size_t>(errors_);
    score.truth = over(truth_, errors_);
    score.mae = over(mae_, errors_);
    score.bias = over(bias_, errors_);
    score.mape = over(mape_, midnight_);
    score.mae_median = over(mae_median_, intervals_);
    score.mape_median = over(mape_median_, midnight_medians_);
    score.zeros = zeros_;
    score.pinball = over(pinball_, intervals_ * static_cast<double>(kLevels.size()));
    score.coverage90 = over(within_90_, intervals_);
    score.coverage50 = over(within_50_, intervals_);
    score.width90 = over(width_, intervals_);
  }

 private:
  void add_percentage(double truth, double mean, double median) {
    if (truth == 0.0) {
      ++zeros_;
      return;
    }
    midnight_ += 1.0;
    mape_ += std::fabs((mean - truth) / truth);
    if (is_missing(median)) return;
    midnight_medians_ += 1.0;
    mape_median_ += std::fabs((median - truth) / truth);
  }

  double errors_ = 0.0;
  double intervals_ = 0.0;  // errors whose quantiles were known
  double midnight_ = 0.0;
  double midnight_medians_ = 0.0;
  std::size_t zeros_ = 0;
  double truth_ = 0.0;
  double bias_ = 0.0;
  double mae_ = 0.0;
  double mae_median_ = 0.0;
  double mape_ = 0.0;
  double mape_median_ = 0.0;
  double pinball_ = 0.0;
  double within_90_ = 0.0;
  double within_50_ = 0.0;
  double width_ = 0.0;
};

base::Expected<std::size_t> slots_of(time::Duration length, const series::Series& series, std::string_view what,
                                     bool may_be_zero = false) {
  if (length < time::Duration(0) || (length == time::Duration(0) && !may_be_zero) ||
      length % series.step() != time::Duration(0) || length > kLongestHorizon) {
    return base::usage_error(fmt::format("{} of {} is not a whole number of the slots of {} ({}), or longer than {}",
                                         what, time::text_of(length), base::in_quotes(series.zone()),
                                         time::text_of(series.step()), time::text_of(kLongestHorizon)));
  }
  return static_cast<std::size_t>(length / series.step());
}

struct Span {
  std::vector<std::size_t> lengths;
  std::size_t slack = 0;
  std::size_t every = 1;
  std::size_t ahead = 1;
  std::size_t window = 0;  ///< slots that an issue needs ahead
  std::size_t first = 0;   ///< first slot of issue
  std::size_t end = 0;     ///< of the last window
};

base::Expected<Span> make_span(const series::Series& series, const ScoreOptions& options) {
  Span span;
  for (const time::Duration length : options.lengths) {
    EBB_TRY(const std::size_t slots, slots_of(length, series, "a job"));
    span.lengths.push_back(slots);
    span.window = std::max(span.window, slots);
  }
  EBB_TRY(span.slack, slots_of(options.slack, series, "a slack", true));
  EBB_TRY(span.every, slots_of(options.every, series, "a time between issues"));
  EBB_TRY(span.ahead, slots_of(options.ahead, series, "a time ahead"));
  span.window = std::max(span.window == 0 ? 0 : span.window + span.slack, span.ahead);
  const auto slot_of = [&](time::Instant moment) {
    const time::Instant inside = std::clamp(moment, series.begin(), series.end());
    return static_cast<std::size_t>((inside - series.begin() + series.step() - time::Duration(1)) / series.step());
  };
  span.first = slot_of(options.from.value_or(series.begin() + kWarmUp));
  span.end = options.to ? slot_of(*options.to) : series.size();
  if (span.first + span.window > span.end) {
    return base::no_data(fmt::format("nothing to score in {}: from {} to {} no window of {} fits",
                                     base::in_quotes(series.zone()), time::text_of(series.time_of(span.first)),
                                     time::text_of(series.time_of(span.end)),
                                     time::text_of(series.step() * static_cast<std::int64_t>(span.window))));
  }
  return span;
}

}  // namespace

base::Expected<Score> score(const series::Series& series, const Method& method, const ScoreOptions& options) {
  EBB_TRY(const Span span, make_span(series, options));
  EBB_TRY(const Frame frame,
          make_frame(series.begin(), series.step(), series.step() * static_cast<std::int64_t>(span.window)));
  Calibrated rolling(method.make(frame), frame);
  Score result;
  result.method = std::string(method.name);
  Errors errors;
  Errors::Quantiles quantiles;
  std::vector<StartChoice> jobs;
  for (const std::size_t length : span.lengths) jobs.emplace_back(length, span.slack);
  for (std::size_t slot = 0; slot + span.window <= span.end; ++slot) {
    if (slot >= span.first && (slot - span.first) % span.every == 0) {
      const auto truth = series.values().subspan(slot, span.window);
      const auto mean = rolling.point();
      rolling.quantiles(quantiles);
      const bool midnight = series.time_of(slot).time_since_epoch() % std::chrono::hours(24) == time::Duration(0);
      for (std::size_t ahead = 0; ahead < span.ahead; ++ahead) {
        errors.add(truth[ahead], mean[ahead], quantiles, ahead, midnight);
      }
      for (StartChoice& job : jobs) job.add(slot, truth, mean, quantiles[kLevels.size() / 2]);
      ++result.issues;
    }
    rolling.observe(series[slot]);
  }
  errors.write(result);
  for (std::size_t job = 0; job < jobs.size(); ++job) result.jobs.push_back(jobs[job].score(options.lengths[job]));
  return result;
}

}  // namespace ebb::forecast
