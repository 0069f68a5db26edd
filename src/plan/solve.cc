#include "plan/solve.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "plan/flexible_start.h"
#include "plan/pause_table.h"
#include "plan/relaxation.h"
#include "plan/window.h"
#include "plan/work.h"

namespace ebb::plan {
namespace {

Solution solution_of(const Window& window, const Job& job, const Costs& costs, const series::Series& objective,
                     const std::vector<Placement>& placements) {
  Solution solution{make_schedule(window, job.profile, placements), 0.0, 0.0};
  const auto scored = score(solution.schedule, job.profile, costs, objective);
  CHECK(scored.has_value());
  solution.total = scored->total();
  solution.lower_bound = solution.total;
  return solution;
}

/// The charge per pause that makes ties fall to fewer pauses: kTie of the lowest total, which must be known well
/// enough not to drown in it. Zero where a first pass is needed to know the total.
double tie_charge(double lower_bound, double upper_bound) {
  if (upper_bound == 0.0) return 1e-150;  // a plan without emissions: any other has more than this
  return lower_bound > 0.05 * upper_bound ? kTie * lower_bound : 0.0;
}

double tie_charge_for(double total, const Window& window, double energy_kwh) {
  if (total == 0.0) return 1e-150;
  // Where negative intensities cancel, rounding scales with what was added, not with the sum.
  double largest = 0.0;
  for (const double value : window.mean) {
    if (value < 0.0) largest = std::max(largest, std::fabs(value));
  }
  return kTie * std::max(std::fabs(total), largest * energy_kwh);
}

/// The plan with the fewest pauses whose total is acceptable, or the best with `most`; more and more layers are tried,
/// since few are usually enough.
std::optional<std::vector<Placement>> limited_plan(const Window& window, const Work& work, const Costs& costs,
                                                   double tie, std::size_t most,
                                                   const std::function<bool(double)>& acceptable) {
  for (std::size_t layers = std::min<std::size_t>(most, 3) + 1;; layers = std::min(2 * layers, most + 1)) {
    PauseTable table(window, work, costs, tie, layers);
    for (std::size_t layer = 0; layer < layers; ++layer) {
      if (acceptable(table.best(layer))) return table.trace(layer);
    }
    if (layers == most + 1) {
      if (!std::isfinite(table.best(most))) return std::nullopt;
      return table.trace(most);
    }
  }
}

std::size_t pauses_in(const Window& window, const Job& job, const std::vector<Placement>& placements) {
  return make_schedule(window, job.profile, placements).pauses();
}

std::optional<Solution> solve_pause_resume(const Window& window, const Work& work, const Job& job, const Costs& costs,
                                           const series::Series& objective, std::optional<FewestPauses> fewest) {
  const auto totals = start_totals(window, work, costs);
  const double straight =
      totals.empty() ? std::numeric_limits<double>::infinity() : *std::min_element(totals.begin(), totals.end());
  const double bound = lower_bound_of(window, work, job.profile.is_flat(), costs);
  double tie = tie_charge(bound, straight);
  if (tie == 0.0) {
    const PauseTable first(window, work, costs, 0.0);
    if (!std::isfinite(first.best(0))) return std::nullopt;
    tie = tie_charge_for(first.best(0), window, units::in_kwh(job.profile.energy()));
  }
  PauseTable unlimited(window, work, costs, tie);
  if (!std::isfinite(unlimited.best(0))) return std::nullopt;
  auto placements = unlimited.trace(0);
  const std::size_t used = pauses_in(window, job, placements);
  const auto limit = costs.max_pauses ? static_cast<std::size_t>(*costs.max_pauses) : used;
  if (limit < used || fewest) {
    const std::size_t most = std::min(limit, used);
    if (PauseTable::layer_states(window) * static_cast<double>(most + 1) > kLargestTable) {
      return relaxed_with_limit(window, work, job, costs, objective, most, tie);
    }
    const auto found = limited_plan(window, work, costs, tie, most, [&](double total) {
      return fewest && total <= fewest->acceptable_total + kTie * std::fabs(fewest->acceptable_total);
    });
    if (!found) return std::nullopt;
    placements = *found;
  }
  return solution_of(window, job, costs, objective, placements);
}

}  // namespace

base::Expected<std::optional<Solution>> solve(const Job& job, Strategy strategy, const Costs& costs,
                                              const series::Series& objective, std::optional<FewestPauses> fewest) {
  EBB_TRY(const Window window, make_window(job, objective));
  const std::size_t restart = restart_cells(window, costs);
  if (strategy == Strategy::kRunNow) {
    if (!fits_straight(window, 0, restart)) return std::optional<Solution>();
    return std::optional(solution_of(window, job, costs, objective, run_through(window, 0, restart)));
  }
  const Work work(window, job.profile);
  if (strategy == Strategy::kPauseResume && costs.max_pauses == 0) strategy = Strategy::kFlexibleStart;
  if (strategy == Strategy::kPauseResume) {
    if (PauseTable::layer_states(window) > kLargestTable) {
      return relaxed_on_coarse_cells(window, work, job, costs, objective);
    }
    return solve_pause_resume(window, work, job, costs, objective, fewest);
  }
  const auto totals = start_totals(window, work, costs);
  const auto start = best_start(totals);
  if (!start) return std::optional<Solution>();
  return std::optional(solution_of(window, job, costs, objective, run_through(window, *start, restart)));
}

}  // namespace ebb::plan
