#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "forecast/calibrated.h"
#include "forecast/frame.h"
#include "forecast/point.h"
#include "series/series.h"

namespace ebb::forecast {

/// A way of forecasting from a series' own past.
struct Method {
  std::string_view name;  ///< "ebb", "yesterday"
  std::string_view description;
  std::function<std::unique_ptr<Point>(const Frame&)> make;
};

/// Ours first, then the baselines: ebb, yesterday, last-week, climatology, ridge.
const std::vector<Method>& methods();
/// kUsage for an unknown name, with the names there are.
base::Expected<const Method*> find_method(std::string_view name);

/// What is foreseen from a moment on.
struct Forecast {
  time::Instant issued;                ///< nothing that ends later was seen
  series::Series mean;                 ///< what is expected, g/kWh; begins with the slot that holds `issued`
  std::vector<series::Series> levels;  ///< one quantile each, by kLevels; never crossing, missing where not learnt yet
  std::string method;
  std::vector<std::string> warnings;
};

inline constexpr time::Duration kLongestGap = std::chrono::hours(24 * 7);

/// Forecast of [now, now + horizon) from the slots of `history` that end by `now`; the result is the same whatever
/// stands behind them. Reads 400 days back at most. A gap of up to kLongestGap between the history and `now` counts as
/// missing slots.
/// kNoData: less than a day known, a longer gap, or a history that begins after `now`; kUsage: a step or horizon that
/// make_frame refuses. Takes about a second a year of hours: the quantiles are learnt from forecasts at every hour.
base::Expected<Forecast> issue(const Method& method, const series::Series& history, time::Instant now,
                               time::Duration horizon);

}  // namespace ebb::forecast
