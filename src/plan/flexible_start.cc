#include "plan/flexible_start.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebb::plan {

namespace {

constexpr double kImpossible = std::numeric_limits<double>::infinity();

/// Totals of the work alone, begun in each of the first `starts` cells.
std::vector<double> work_totals(const Window& window, const Work& work, const Costs& costs, std::size_t starts) {
  std::vector<double> totals(starts, 0.0);
  // Unit by unit over all starts: independent sums, each added in the order of time.
  for (std::size_t done = 0; done < window.whole; ++done) {
    const UnitEnergy unit = work.whole(done, false);
    const double* head = window.head_value.data() + done;
    const double* tail = window.tail_value.data() + done;
    for (std::size_t k = 0; k < starts; ++k) totals[k] += unit.head * head[k] + unit.tail * tail[k];
  }
  const bool moves = window.standing == Standing::kNotStarted;
  const double transfer = moves ? units::in_kwh(costs.transfer_energy) : 0.0;
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

/// Of each cell in which a paused job may be resumed: its pause from the window's begin, pause energy and restart.
std::vector<double> resume_totals(const Window& window, const Work& work, const Costs& costs, std::size_t restart) {
  const std::vector<double> begun = work_totals(window, work, costs, window.idle() + 1);
  const double pause_kwh = units::in_kwh(costs.pause_energy);
  const double pause_kwh_per_second = units::in_watts(costs.pause_power) / units::kJoulesPerKwh;
  const bool whole_first = window.whole > 0;
  const UnitEnergy& next = whole_first ? work.whole(0, false) : work.piece(0);
  const double restart_kwh_per_second = next.total() / time::in_seconds(whole_first ? window.step : window.piece);
  std::vector<double> totals;
  double paused = 0.0;
  for (std::size_t k = 0; k + restart < begun.size(); ++k) {
    double restarted = window.missing[k] != 0 ? kImpossible : pause_kwh * window.mean[k];
    for (std::size_t cell = k; cell < k + restart; ++cell) {
      if (!window.fits_whole(cell)) restarted = kImpossible;
      restarted += restart_kwh_per_second * window.mean[cell] * time::in_seconds(window.step);
    }
    totals.push_back(paused + restarted + begun[k + restart]);
    if (pause_kwh_per_second == 0.0) continue;
    paused += window.missing[k] != 0
                  ? kImpossible
                  : pause_kwh_per_second * window.integral(k, time::Duration(0), window.cell_length(k));
  }
  return totals;
}

}  // namespace

std::size_t restart_cells(const Window& window, const Costs& costs) {
  return window.standing == Standing::kPaused ? window.in_cells(costs.pause_time) : 0;
}

std::vector<double> start_totals(const Window& window, const Work& work, const Costs& costs) {
  if (window.standing == Standing::kRunning) return work_totals(window, work, costs, 1);
  if (window.standing == Standing::kPaused) return resume_totals(window, work, costs, restart_cells(window, costs));
  return work_totals(window, work, costs, window.idle() + 1);  // the last start leaves no idle cell behind it
}

std::optional<std::size_t> best_start(const std::vector<double>& totals) {
  if (totals.empty()) return std::nullopt;
  const double lowest = *std::min_element(totals.begin(), totals.end());
  if (!std::isfinite(lowest)) return std::nullopt;
  const double bound = lowest + kTie * std::fabs(lowest);
  const auto first = std::find_if(totals.begin(), totals.end(), [bound](double total) { return total <= bound; });
  return static_cast<std::size_t>(first - totals.begin());
}

bool fits_straight(const Window& window, std::size_t from, std::size_t restart) {
  if (from + restart + window.units() > window.cells) return false;
  for (std::size_t done = 0; done < restart + window.whole; ++done) {
    if (!window.fits_whole(from + done)) return false;
  }
  return window.piece.count() == 0 || window.fits_piece(from + restart + window.whole);
}

std::vector<Placement> run_through(const Window& window, std::size_t from, std::size_t restart) {
  std::vector<Placement> placements;
  for (std::size_t done = 0; done < restart; ++done) placements.push_back({from++, Placement::Kind::kOverhead});
  for (std::size_t done = 0; done < window.whole; ++done) {
    placements.push_back({from + done, Placement::Kind::kWhole});
  }
  if (window.piece.count() > 0) placements.push_back({from + window.whole, Placement::Kind::kPiece});
  return placements;
}

}  // namespace ebb::plan
