#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::workload {

/// A job's power against its own running time: constant pieces, one after the other, from 0 to duration().
///
/// Immutable; reading is safe from any thread.
class Profile {
 public:
  struct Piece {
    time::Duration end;  ///< since the start; pieces in rising order, the first begins at 0
    units::Power power;
  };

  /// Constant power. duration > 0.
  static Profile flat(time::Duration duration, units::Power power);
  /// Constant power that adds up to `energy`.
  static Profile flat(time::Duration duration, units::Energy energy);
  /// pieces: not empty, ends rising and positive (a programmer's duty).
  explicit Profile(std::vector<Piece> pieces);

  [[nodiscard]] time::Duration duration() const { return pieces_.back().end; }
  [[nodiscard]] bool is_flat() const { return flat_; }
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  [[nodiscard]] units::Energy energy() const { return energy_until_.back(); }
  /// Energy of the first `elapsed` of running time; 0 <= elapsed <= duration().
  [[nodiscard]] units::Energy energy_until(time::Duration elapsed) const;
  [[nodiscard]] units::Energy energy_between(time::Duration from, time::Duration to) const {
    return energy_until(to) - energy_until(from);
  }
  [[nodiscard]] units::Power mean_power() const;

 private:
  std::vector<Piece> pieces_;
  std::vector<units::Energy> energy_until_;  // at the end of each piece
  bool flat_ = true;
};

/// Reads a profile CSV: header `seconds,watts` (end of interval since the start; power during it) or component
/// columns `seconds,gpu_watts,cpu_watts,...`, which are added. kBadData names file, line, what and why.
base::Expected<Profile> parse_profile(std::string_view text, const std::string& name);
base::Expected<Profile> load_profile(const std::string& path);

}  // namespace ebb::workload
