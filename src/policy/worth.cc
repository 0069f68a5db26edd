#include "policy/worth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "plan/sweep.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::policy {
namespace {

constexpr double kHarm = 1.01;

/// Adds up starts.
class Tally {
 public:
  void add(double at_once, double held, time::Duration delay) {
    at_once_ += at_once;
    held_ += held;
    delay_ += time::in_seconds(delay);
    if (held > kHarm * at_once) ++harmed_;
    losses_.push_back(held - at_once);
  }
  [[nodiscard]] std::optional<Worth> worth() {
    if (losses_.empty()) return std::nullopt;
    const double starts = static_cast<double>(losses_.size());
    Worth worth;
    worth.starts = losses_.size();
    worth.at_once = at_once_ / starts;
    worth.held = held_ / starts;
    worth.harmed = static_cast<double>(harmed_) / starts;
    worth.delay = time::from_seconds(delay_ / starts);
    const auto rank = losses_.begin() + static_cast<std::ptrdiff_t>(0.95 * (starts - 1.0));
    std::nth_element(losses_.begin(), rank, losses_.end());
    worth.loss_p95 = *rank;
    return worth;
  }

 private:
  double at_once_ = 0.0;
  double held_ = 0.0;
  double delay_ = 0.0;
  std::size_t harmed_ = 0;
  std::vector<double> losses_;
};

/// A span of starts that is no multiple of anything of a day, so that all hours are met.
std::size_t stride_for(std::size_t starts, std::size_t most, time::Duration step) {
  const auto of_day = static_cast<std::size_t>(std::chrono::hours(24) / step);
  std::size_t stride = std::max<std::size_t>(1, (starts + most - 1) / std::max<std::size_t>(1, most));
  while (stride > 1 && std::gcd(stride, std::max<std::size_t>(1, of_day)) != 1) ++stride;
  return stride;
}

Tally with_hindsight(const series::Series& history, const Shiftable& job) {
  const plan::SweepSeries prepared(history,
                                   job.pausable ? plan::SweepSeries::Ranks::kYes : plan::SweepSeries::Ranks::kNo);
  const plan::SweepJob sweep(job.length, job.slack, history.step());
  plan::SweepResult now;
  plan::SweepResult best;
  plan::sweep_run_now(prepared, sweep, now);
  (job.pausable ? plan::sweep_pause_resume : plan::sweep_flexible_start)(prepared, sweep, best);
  Tally tally;
  for (std::size_t start = 0; start < plan::count_starts(prepared, sweep); ++start) {
    if (prepared.any_missing(start, sweep.window)) continue;
    tally.add(now.intensity[start], best.intensity[start], plan::delay_of(sweep, best.end_key[start]));
  }
  return tally;
}

base::Expected<Tally> rehearsed(const series::Series& history, const Shiftable& job, const Foreseen& foreseen,
                                const WorthOptions& options) {
  const auto reach =
      static_cast<std::size_t>((job.length + job.slack + history.step() - time::Duration(1)) / history.step());
  Tally tally;
  if (reach > history.size()) return tally;
  const std::size_t starts = history.size() - reach + 1;
  const std::size_t stride = stride_for(starts, options.most_starts, history.step());
  std::vector<std::size_t> missing(history.size() + 1, 0);
  for (std::size_t i = 0; i < history.size(); ++i) {
    missing[i + 1] = missing[i] + (series::is_missing(history[i]) ? 1 : 0);
  }
  const auto profile = workload::Profile::flat(job.length, units::watts(1000));
  const double kwh = units::in_kwh(profile.energy());
  for (std::size_t start = 0; start < starts; start += stride) {
    const auto begin = history.time_of(start);
    if (missing[start + reach] != missing[start] || foreseen(begin) == nullptr) continue;
    const Situation situation{profile,
                              time::Duration(0),
                              plan::Standing::kNotStarted,
                              begin,
                              0,
                              begin + job.length + job.slack,
                              time::Duration(0),
                              job.pausable,
                              {}};
    EBB_TRY(const auto lived, rehearse(situation, history, begin, foreseen, options.decisions));
    tally.add(history.mean_over({begin, begin + job.length}), lived.grams / kwh, lived.end - begin - job.length);
  }
  return tally;
}

std::string sentence_of(const Worth& worth, const series::Series& history, const Shiftable& job,
                        const WorthOptions& options) {
  const auto per_kwh = [](double value) { return units::text_of(units::grams_per_kwh(value)); };
  const double share = worth.at_once > 0.0 ? 100.0 * worth.saved() / worth.at_once : 0.0;
  std::string out = fmt::format(
      "{}{} {} of {} ({:.1f}%) for a job of {} that may wait {}{}, over {} starts in {} from {} to {}{}",
      worth.realised ? "" : "at most ", per_kwh(worth.saved()), series::saving_word(history.signal()),
      per_kwh(worth.at_once), share, time::text_of(job.length), time::text_of(job.slack),
      job.pausable ? " and be paused" : "", worth.starts, history.zone(), time::text_of(history.begin()),
      time::text_of(history.end()), worth.realised ? ", held by what was foreseen at the time" : ", with hindsight");
  if (worth.realised) {
    out += fmt::format("; {:.1f}% of the starts came out more than 1% dirtier", 100.0 * worth.harmed);
    if (worth.loss_p95 > 0.0) out += fmt::format(", one in twenty by {} or more", per_kwh(worth.loss_p95));
  }
  if (worth.worth_it) return out + ": worth holding";
  const bool harm = worth.saved() >= options.min_saving_fraction * worth.at_once;
  return out + (harm ? ": not worth holding, too many come out dirtier" : ": not worth holding");
}

}  // namespace

base::Expected<Worth> worth_of_shifting(const series::Series& history, const Shiftable& job, const Foreseen& foreseen,
                                        const WorthOptions& options) {
  if (job.length <= time::Duration(0) || job.slack < time::Duration(0)) {
    return base::usage_error(
        fmt::format("a job of {} with a slack of {}: the length must be above zero, the slack not "
                    "below it",
                    time::text_of(job.length), time::text_of(job.slack)));
  }
  std::optional<Worth> worth;
  if (foreseen) {
    EBB_TRY(auto tally, rehearsed(history, job, foreseen, options));
    worth = tally.worth();
  } else {
    worth = with_hindsight(history, job).worth();
  }
  if (!worth) {
    return base::no_data(fmt::format(
        "the history of {} from {} to {} has no stretch of {} without a gap{}: give a longer one, or a smaller slack",
        history.zone(), time::text_of(history.begin()), time::text_of(history.end()),
        time::text_of(job.length + job.slack), foreseen ? " of which something was foreseen" : ""));
  }
  worth->realised = static_cast<bool>(foreseen);
  worth->worth_it = worth->saved() > 0.0 && worth->saved() >= options.min_saving_fraction * worth->at_once &&
                    worth->harmed <= options.most_harmed;
  worth->sentence = sentence_of(*worth, history, job, options);
  return *worth;
}

}  // namespace ebb::policy
