#pragma once

#include <string>
#include <vector>

#include "forecast/score.h"
#include "report/json.h"
#include "series/series.h"

namespace ebb::cli {

/// The scores of several methods on one series.
struct ScoredSeries {
  series::Series series;
  std::vector<forecast::Score> scores;  ///< by method, the same ones for each series
};

report::Json scores_json(const std::vector<ScoredSeries>& scored, const forecast::ScoreOptions& options);
/// One table a series and, of several, one of the means. rules: also what other rules of choice come to.
std::string scores_text(const std::vector<ScoredSeries>& scored, const forecast::ScoreOptions& options, bool rules);

}  // namespace ebb::cli
