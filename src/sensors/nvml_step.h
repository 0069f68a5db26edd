#pragma once

#include <optional>

#include "time/instant.h"

namespace ebb::sensors::nvml {

/// Learns how often an energy counter moves, from readings that are made anyway.
///
/// Between the first and the last of some moves the counter moved once a step, where readings were dense enough to
/// find it standing still now and then; where it moved at every reading, the step is no longer than their distance.
/// Until something is known, step() is kFastest: who reads slowly loses nothing by it, who reads fast teaches it.
class StepLearner {
 public:
  static constexpr time::Duration kFastest = std::chrono::milliseconds(20);  ///< the shortest step on any board known
  static constexpr time::Duration kSlowest = std::chrono::seconds(1);

  /// The counter was read at `at`; `moved`: it showed another value than the time before.
  void saw(time::Duration at, bool moved);
  [[nodiscard]] time::Duration step() const { return step_; }

 private:
  void close_window(time::Duration at);

  time::Duration step_ = kFastest;
  std::optional<time::Duration> first_;  ///< when the first move of this window was seen
  int moves_ = 0;                        ///< after the first
  bool stood_still_ = false;
};

}  // namespace ebb::sensors::nvml
