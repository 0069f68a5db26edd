#include "plan/work.h"

#include <algorithm>

namespace ebb::plan {

Work::Work(const Window& window, const workload::Profile& profile) : step_(window.step), piece_length_(window.piece) {
  const auto split_unit = [&](time::Duration from, time::Duration length) {
    const auto edge = from + std::min(length, window.head);
    return UnitEnergy{units::in_kwh(profile.energy_between(from, edge)),
                      units::in_kwh(profile.energy_between(edge, from + length))};
  };
  const auto flat_unit = [&](time::Duration length) {
    const double head = time::in_seconds(std::min(length, window.head));
    const double tail = time::in_seconds(length) - head;
    const double kwh_per_second = units::in_kwh(profile.energy()) / time::in_seconds(profile.duration());
    return UnitEnergy{kwh_per_second * head, kwh_per_second * tail};
  };
  for (const bool used : {false, true}) {
    auto& units = whole_[used ? 1 : 0];
    if (used && piece_length_.count() == 0) break;
    if (profile.is_flat()) {
      // The same number in every unit, so that equal intensities tie exactly.
      units.assign(window.whole, flat_unit(step_));
      continue;
    }
    for (std::size_t done = 0; done < window.whole; ++done) units.push_back(split_unit(offset(done, used), step_));
  }
  if (piece_length_.count() == 0) return;
  for (std::size_t done = 0; done <= window.whole; ++done) {
    piece_.push_back(profile.is_flat() ? flat_unit(piece_length_) : split_unit(offset(done, false), piece_length_));
  }
}

}  // namespace ebb::plan
