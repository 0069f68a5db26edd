#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "plan/problem.h"
#include "series/series.h"
#include "workload/experiment.h"

namespace ebb::study {

/// One series of a study, and what it stands for.
struct Place {
  std::string id;         ///< unique in the study
  std::string region;     ///< the paper's region, or empty
  std::string time_zone;  ///< IANA name, or empty
  series::Series series;
};

/// A slack as typed: a length of time, or a share of the running time.
struct Slack {
  std::string text;
  std::optional<time::Duration> fixed;
  double share = 0.0;

  [[nodiscard]] time::Duration of(time::Duration running) const;
};

/// `6h`, `PT6H`, `50%`. kUsage where it is neither, or negative.
base::Expected<Slack> parse_slack(std::string_view text);

/// Which slot edges are starts.
struct Starts {
  enum class Kind { kEvery, kMonthly5, kCount };
  Kind kind = Kind::kEvery;
  std::size_t count = 0;  ///< kCount: evenly spaced among the valid edges
  int hour = 0;           ///< kMonthly5: UTC
};

/// `every`, `monthly5`, or a number.
base::Expected<Starts> parse_starts(std::string_view text);

struct Spec {
  std::vector<Place> places;
  std::vector<workload::Experiment> experiments;
  std::vector<Slack> slacks;
  std::vector<plan::Strategy> strategies;
  Starts starts;
  unsigned threads = 0;  ///< 0: one per core; the result does not depend on it
};

/// One experiment in one place with one slack and strategy, over all starts. Grams are means over starts; what is not
/// known (no start, a baseline of 0) is nothing.
struct Row {
  std::size_t place = 0;
  std::size_t experiment = 0;
  std::size_t slack = 0;
  plan::Strategy strategy = plan::Strategy::kFlexibleStart;
  std::size_t starts = 0;
  std::size_t skipped_starts = 0;        ///< windows that touch a missing slot
  std::size_t zero_baseline_starts = 0;  ///< left out of saved_percent_mean
  std::optional<double> baseline_g;
  std::optional<double> emissions_g;
  std::optional<double> saved_g;
  std::optional<double> saved_percent_mean;      ///< mean of each start's percentage: the paper's way
  std::optional<double> saved_percent_of_total;  ///< ratio of the sums
  std::optional<double> harmed_percent;          ///< starts dirtier than run-now by more than 1%
  std::optional<double> pauses_mean;
  std::optional<double> pauses_per_hour;  ///< over duration + slack
  std::optional<double> delay_seconds_mean;
  std::optional<double> delay_seconds_p95;
};

/// Rows in the order places x experiments x slacks x strategies. Uses every core; the same rows whatever the number of
/// threads. Perfect foresight. kNoData where no row has a start.
base::Expected<std::vector<Row>> evaluate(const Spec& spec);

}  // namespace ebb::study
