#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/expected.h"
#include "imports/metric.h"
#include "imports/run_draft.h"

namespace ebb::imports {

/// A reading at a moment; NaN: there was none.
struct Sample {
  time::Instant at;
  double value = std::numeric_limits<double>::quiet_NaN();
};

/// Readings made into energies.
struct Integrated {
  std::vector<RunDraft::Stretch> stretches;
  std::vector<RunDraft::Hole> holes;
  time::Duration step{0};      ///< median time between readings
  std::size_t missing = 0;     ///< NaN, or no finite number
  std::size_t bridged = 0;     ///< stretches over 1.5 and up to kLongestBridge steps, between two readings
  std::size_t resets = 0;      ///< of a counter
  units::Energy across_holes;  ///< what a counter grew by over holes: known, but not counted
  units::Energy energy;
};

/// More than this many steps without a reading is a gap.
inline constexpr int kLongestBridge = 5;

/// Powers by the trapezoid between neighbours, counters by their differences; NaN readings are skipped. Neighbours more
/// than kLongestBridge steps apart leave a gap ("unread"), never a bridge; so does a counter that falls ("reset", law
/// 7). Of one reading no energy can be made.
///
/// kBadData naming the number of the value (from 1): times that do not rise, a value below 0, one too large.
base::Expected<Integrated> integrate(const std::vector<Sample>& samples, const Meaning& meaning);

}  // namespace ebb::imports
