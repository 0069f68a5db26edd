#include "forecast/forecaster.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "forecast/baselines.h"
#include "forecast/blend.h"
#include "time/text.h"

namespace ebb::forecast {

const std::vector<Method>& methods() {
  static const std::vector<Method> all{
      {"ebb", "regressions on the last days and what followed similar days, blended",
       [](const Frame& frame) { return std::make_unique<Blend>(frame); }},
      {"yesterday", "the same hour of the newest day known", make_yesterday},
      {"last-week", "the same hour a week before", make_last_week},
      {"climatology", "the mean of the same hour over the month so far", make_month_climatology},
      {"ridge", "a plain ridge regression on the last 72 hours", make_plain_ridge}};
  return all;
}

base::Expected<const Method*> find_method(std::string_view name) {
  std::vector<std::string> names;
  for (const Method& method : methods()) {
    if (method.name == name) return &method;
    names.emplace_back(method.name);
  }
  return base::usage_error(
      fmt::format("no forecaster {}; there are {}", base::in_quotes(name), fmt::join(names, ", ")));
}

namespace {

constexpr time::Duration kFarthestBack = std::chrono::hours(24 * 400);

/// Whether the history comes near enough to the moment of issue.
base::Status check_ends(const series::Series& history, time::Instant now) {
  if (now < history.begin()) {
    return base::no_data(fmt::format("the history of {} begins at {}, after {}", base::in_quotes(history.zone()),
                                     time::text_of(history.begin()), time::text_of(now)));
  }
  if (now - history.end() <= kLongestGap) return base::Done{};
  return base::no_data(
      fmt::format("the history of {} ends at {}, {} before {}: too old to forecast from; give a newer "
                  "one, or an earlier --now",
                  base::in_quotes(history.zone()), time::text_of(history.end()), time::text_of(now - history.end()),
                  time::text_of(now)));
}

base::Status check_length(const series::Series& past, time::Instant issued) {
  const time::Duration known = past.step() * static_cast<std::int64_t>(past.size() - past.missing_count());
  if (known >= std::chrono::hours(24)) return base::Done{};
  return base::no_data(fmt::format("the history of {} has {} known before {}: a day is needed at least",
                                   base::in_quotes(past.zone()), known.count() == 0 ? "nothing" : time::text_of(known),
                                   time::text_of(issued)));
}

series::Series as_series(const series::Series& like, const Method& method, time::Instant begin,
                         std::span<const double> values) {
  series::Provenance from = like.provenance();
  from.source = fmt::format("forecast ({}) from: {}", method.name, from.source);
  from.quality = {0.0, 1.0, 0.0};
  return {std::move(from), begin, like.step(), {values.begin(), values.end()}};
}

}  // namespace

base::Expected<Forecast> issue(const Method& method, const series::Series& history, time::Instant now,
                               time::Duration horizon) {
  const time::Duration step = history.step();
  EBB_TRY_DO(check_ends(history, now));
  const time::Instant issued = history.begin() + (now - history.begin()) / step * step;
  const std::int64_t day_slots = std::max<std::int64_t>(1, std::chrono::hours(24) / step);
  // A whole number of days is left out, so that slots of the day stay what they are.
  const auto behind = (issued - history.begin() - kFarthestBack) / step;
  const time::Instant from =
      behind <= 0 ? history.begin() : history.begin() + (behind / day_slots + 1) * day_slots * step;
  const series::Series past = history.slice(from, std::min(issued, history.end()));
  EBB_TRY_DO(check_length(past, issued));
  EBB_TRY(const Frame frame, make_frame(past.begin(), step, horizon));

  Calibrated rolling(method.make(frame), frame);
  for (const double value : past.values()) rolling.observe(value);
  const auto gap = static_cast<std::size_t>(std::max<std::int64_t>(0, (issued - past.end()) / step));
  for (std::size_t slot = 0; slot < gap; ++slot) rolling.observe(series::kMissing);

  Forecast result{issued, as_series(history, method, issued, rolling.point()), {}, std::string(method.description), {}};
  std::array<std::vector<double>, kLevels.size()> quantiles;
  rolling.quantiles(quantiles);
  for (const auto& level : quantiles) result.levels.push_back(as_series(history, method, issued, level));
  if (!rolling.ready()) {
    result.warnings.push_back(
        fmt::format("{} days of history are too few for the method ({} are needed): a simpler one stands in",
                    past.size() / frame.per_day, kLeastDays));
  }
  if (std::any_of(quantiles[0].begin(), quantiles[0].end(), series::is_missing)) {
    result.warnings.emplace_back(
        "no forecast so far has been seen to its end, so intervals are not known at every slot");
  }
  if (gap > 0) {
    result.warnings.push_back(
        fmt::format("the history ends {} before the forecast is issued; the slots between count "
                    "as missing",
                    time::text_of(issued - past.end())));
  }
  return result;
}

}  // namespace ebb::forecast
