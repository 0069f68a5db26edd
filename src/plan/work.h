#pragma once

#include <cstddef>
#include <vector>

#include "plan/window.h"
#include "workload/profile.h"

namespace ebb::plan {

/// Energy of one unit of work (a whole cell or the piece), split at the slot edge inside its cell; kWh.
struct UnitEnergy {
  double head = 0.0;
  double tail = 0.0;

  [[nodiscard]] double total() const { return head + tail; }
};

/// A job's energy unit by unit. Work that is done after the piece was used begins r seconds later in the profile, so
/// there are two sets of whole cells: before and after the piece.
class Work {
 public:
  Work(const Window& window, const workload::Profile& profile);

  /// Whole cell number `done` (0-based), with the piece already used or not.
  [[nodiscard]] const UnitEnergy& whole(std::size_t done, bool piece_used) const {
    return whole_[piece_used ? 1 : 0][done];
  }
  /// The piece, used after `done` whole cells.
  [[nodiscard]] const UnitEnergy& piece(std::size_t done) const { return piece_[done]; }
  /// Where in the profile the next unit begins.
  [[nodiscard]] time::Duration offset(std::size_t done, bool piece_used) const {
    return step_ * static_cast<std::int64_t>(done) + (piece_used ? piece_length_ : time::Duration(0));
  }

 private:
  time::Duration step_;
  time::Duration piece_length_;
  std::vector<UnitEnergy> whole_[2];
  std::vector<UnitEnergy> piece_;
};

/// Emissions (or money) of a unit in a cell that is not missing.
inline double cost_of(const UnitEnergy& unit, const Window& window, std::size_t cell) {
  return unit.head * window.head_value[cell] + unit.tail * window.tail_value[cell];
}

}  // namespace ebb::plan
