#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "forecast/forecaster.h"
#include "series/series.h"
#include "time/instant.h"

namespace ebb::forecast {

/// How a start is chosen on a forecast; the earliest of equals.
enum class Rule : std::size_t {
  kMean,      ///< the lowest expected emissions
  kMedian,    ///< the lowest by the median
  kCautious,  ///< kMean, where the promise is above what one promise in three fell short by
};
inline constexpr std::array<std::string_view, 3> kRuleNames{"mean", "median", "cautious"};

struct ScoreOptions {
  std::optional<time::Instant> from;  ///< first moment of issue; else after kWarmUp
  std::optional<time::Instant> to;    ///< no window reaches beyond
  std::vector<time::Duration> lengths{std::chrono::hours(1), std::chrono::hours(6), std::chrono::hours(24)};
  time::Duration slack = std::chrono::hours(24);
  time::Duration every = std::chrono::hours(1);   ///< between issues
  time::Duration ahead = std::chrono::hours(24);  ///< that errors are counted over
};
inline constexpr time::Duration kWarmUp = std::chrono::hours(24 * 28);

/// What planning on the forecast gave, for one length of job of flat power; g/kWh are means over starts.
struct JobScore {
  time::Duration length;
  std::size_t starts = 0;  ///< moments of issue whose window is known
  double run_now = 0.0;    ///< g/kWh of run-now
  double best = 0.0;       ///< g/kWh of the best start
  struct Chosen {
    double regret = 0.0;        ///< g/kWh above the best
    double harmed_share = 0.0;  ///< of starts: dirtier than run-now by more than 1%
    double lost_share = 0.0;    ///< of the best possible saving (sum over sum); 0 where none is possible
  };
  std::array<Chosen, kRuleNames.size()> rules;
};

/// A back-test by rolling origin. Errors are forecast less truth, in g/kWh, over `ahead` of every issue; slots that are
/// missing, or not forecast, are left out. Missing (NaN) where nothing could be counted.
struct Score {
  std::string method;
  std::size_t issues = 0;
  std::size_t errors = 0;  ///< slots compared
  double truth = 0.0;      ///< mean, g/kWh
  double mae = 0.0;
  double bias = 0.0;
  double mape = 0.0;        ///< of the issues at midnight UTC; slots of 0 g/kWh are left out
  double mae_median = 0.0;  ///< as mae and mape, of the median
  double mape_median = 0.0;
  std::size_t zeros = 0;    ///< slots left out of mape
  double pinball = 0.0;     ///< mean over kLevels
  double coverage90 = 0.0;  ///< share of slots within the 90% interval
  double coverage50 = 0.0;
  double width90 = 0.0;        ///< mean width of that interval
  std::vector<JobScore> jobs;  ///< by ScoreOptions::lengths
};

/// Issues a forecast at every `every` from `from` on, each from the slots before it alone, chooses a start on it for
/// each length and scores that on the truth. Every issue scored has its longest window inside the series and `to`; a
/// window with a missing slot is left out for that length.
/// kUsage: lengths, slack, every or ahead that are no whole slots or not above zero (slack: not below), a step that
/// make_frame refuses; kNoData: nothing to score.
base::Expected<Score> score(const series::Series& series, const Method& method, const ScoreOptions& options);

}  // namespace ebb::forecast
