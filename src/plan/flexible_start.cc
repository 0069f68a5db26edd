#include "plan/flexible_start.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebb::plan {

std::vector<double> start_totals(const Window& window, const Work& work, const Costs& costs) {
  constexpr double kImpossible = std::numeric_limits<double>::infinity();
  const std::size_t starts = window.idle() + 1;  // the last start leaves no idle cell behind it
  std::vector<double> totals(starts, 0.0);
  // Unit by unit over all starts: independent sums, each added in the order of time.
  for (std::size_t done = 0; done < window.whole; ++done) {
    const UnitEnergy unit = work.whole(done, false);
    const double* head = window.head_value.data() + done;
    const double* tail = window.tail_value.data() + done;
    for (std::size_t k = 0; k < starts; ++k) totals[k] += unit.head * head[k] + unit.tail * tail[k];
  }
  const double transfer = units::in_kwh(costs.transfer_energy);
  std::size_t missing = 0;  // cells that cannot take their unit, in [k, k + units)
  const auto blocked = [&](std::size_t cell) { return window.missing[cell] != 0 ? 1U : 0U; };
  for (std::size_t cell = 0; cell + 1 < window.units(); ++cell) missing += blocked(cell);
  for (std::size_t k = 0; k < starts; ++k) {
    const std::size_t last = k + window.units() - 1;
    missing += blocked(last);
    if (window.piece.count() > 0) totals[k] += cost_of(work.piece(window.whole), window, k + window.whole);
    totals[k] += transfer * window.mean[k];
    const bool fits =
        window.piece.count() > 0 ? window.cell_length(last) >= window.piece : window.cell_length(last) == window.step;
    if (missing > 0 || !fits) totals[k] = kImpossible;
    missing -= blocked(k);
  }
  return totals;
}

std::optional<std::size_t> best_start(const std::vector<double>& totals) {
  const double lowest = *std::min_element(totals.begin(), totals.end());
  if (!std::isfinite(lowest)) return std::nullopt;
  const double bound = lowest + kTie * std::fabs(lowest);
  const auto first = std::find_if(totals.begin(), totals.end(), [bound](double total) { return total <= bound; });
  return static_cast<std::size_t>(first - totals.begin());
}

bool fits_straight(const Window& window, std::size_t from) {
  for (std::size_t done = 0; done < window.whole; ++done) {
    if (!window.fits_whole(from + done)) return false;
  }
  return window.piece.count() == 0 || window.fits_piece(from + window.whole);
}

std::vector<Placement> run_through(const Window& window, std::size_t from) {
  std::vector<Placement> placements;
  for (std::size_t done = 0; done < window.whole; ++done) {
    placements.push_back({from + done, Placement::Kind::kWhole});
  }
  if (window.piece.count() > 0) placements.push_back({from + window.whole, Placement::Kind::kPiece});
  return placements;
}

}  // namespace ebb::plan
