#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sensors/counter.h"
#include "sensors/nvml_device.h"
#include "sensors/nvml_step.h"
#include "sensors/nvml_ways.h"
#include "sensors/sensor.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::sensors::nvml {

/// The energy of one board, reading by reading. Thread safety: none.
///
/// With a counter: what it grew, with the integrated power beside it as Reading::cross_check where readings are at most
/// 2 s apart. A counter moves in steps: a reading between two of them adds nothing, and the next one covers its time.
/// Without: trapezoids of the power, for readings at most 10 s apart.
class Board {
 public:
  /// `label` is the channel's name; `ways` has a counter or a power.
  Board(std::size_t channel, const std::string& label, const Device& device, const Ways& ways);

  /// Appends what was used since the reading before. kGone and kFatal are for good.
  Health read(time::Duration at, std::vector<Reading>& out);
  [[nodiscard]] time::Duration step() const;

 private:
  Health read_counter(time::Duration at, std::vector<Reading>& out);
  Health read_power(time::Duration at, std::vector<Reading>& out);
  [[nodiscard]] Answer<units::Power> power() const;
  void integrate_beside(time::Duration at);
  Health stand_still(time::Duration at, std::vector<Reading>& out);
  Health fail(Code code, const std::string& what, time::Duration at, std::vector<Reading>& out);
  void append(const Step& step, const std::string& what, time::Duration at, std::vector<Reading>& out);
  void append_gap(GapCause cause, std::string detail, time::Duration at, std::vector<Reading>& out);

  std::size_t channel_;
  Device device_;
  Ways ways_;
  std::string counter_name_;
  std::string power_name_;
  CounterUnwrapper counter_;
  PowerIntegral integral_;
  StepLearner step_;
  Health health_ = Health::kFine;
  std::optional<time::Duration> told_until_;  ///< where the last reading or gap ended, or the first try was
  std::optional<std::uint64_t> last_count_mj_;
  units::Energy beside_;  ///< the power integrated since the counter's last move
  bool beside_is_whole_ = false;
};

}  // namespace ebb::sensors::nvml
