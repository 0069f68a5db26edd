#pragma once

#include <cstddef>
#include <string>

#include "base/expected.h"
#include "policy/rehearse.h"
#include "series/series.h"
#include "time/instant.h"

namespace ebb::policy {

/// The kind of job that one would hold.
struct Shiftable {
  time::Duration length{0};  ///< > 0; of flat power
  time::Duration slack{0};   ///< >= 0
  bool pausable = false;     ///< at no cost
};

/// What holding such jobs in a zone would have come to. Intensities are means over starts, g per kWh of the job.
struct Worth {
  std::size_t starts = 0;
  bool realised = false;  ///< by decide() on what was foreseen at the time; else with hindsight: an upper bound
  double at_once = 0.0;
  double held = 0.0;
  double harmed = 0.0;      ///< share of starts that came out more than 1% dirtier than at once; 0 with hindsight
  double loss_p95 = 0.0;    ///< 95th percentile over starts of held - at once, g/kWh
  time::Duration delay{0};  ///< of the end, on average
  bool worth_it = false;
  std::string sentence;  ///< the verdict for a person, grams first

  [[nodiscard]] double saved() const { return at_once - held; }
};

struct WorthOptions {
  double min_saving_fraction = 0.01;  ///< of at_once; below it nothing is held
  double most_harmed = 0.25;          ///< share of starts; above it neither
  std::size_t most_starts = 500;      ///< rehearsed, spread over days and hours; hindsight looks at every start
  Options decisions;                  ///< of decide()
};

/// From a zone's history alone: is it worth to hold jobs of this kind there at all?
///
/// `foreseen` gives the outlooks of the time (forecasts as issued, or made anew from what was known then); empty: with
/// hindsight. A start counts where its whole window lies in the history without a missing slot and, when rehearsed,
/// something was foreseen at it. The slots of the history are the starts.
/// Errors: kUsage: a length of nothing, a slack below zero; kNoData: no start counts.
base::Expected<Worth> worth_of_shifting(const series::Series& history, const Shiftable& job, const Foreseen& foreseen,
                                        const WorthOptions& options = {});

}  // namespace ebb::policy
