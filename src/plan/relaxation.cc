#include "plan/relaxation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "plan/flexible_start.h"
#include "plan/pause_table.h"

namespace ebb::plan {
namespace {

struct Attempt {
  std::vector<Placement> placements;
  std::size_t pauses = 0;
  double total = 0.0;   ///< without the price per pause
  double priced = 0.0;  ///< the least total with the price on each resume; the plan's own may be above it by a tie
};

/// A plan with a price on each pause, in the objective's unit.
Attempt attempt(const Window& window, const Work& work, const Job& job, const Costs& costs,
                const series::Series& objective, double price) {
  PauseTable table(window, work, costs, price);
  Attempt result;
  result.priced = table.best(0);
  result.placements = table.trace(0);
  const auto schedule = make_schedule(window, job.profile, result.placements);
  result.pauses = schedule.pauses();
  result.total = score(schedule, job.profile, costs, objective)->total();
  return result;
}

}  // namespace

double lower_bound_of(const Window& window, const Work& work, bool flat, const Costs& costs) {
  std::vector<double> values;
  for (std::size_t cell = 0; cell < window.cells; ++cell) {
    if (window.missing[cell] != 0) continue;
    // A unit may put all of its energy on the cheaper side of the edge inside its cell; a flat whole unit cannot, but
    // the piece can.
    const bool exact = flat && window.piece.count() == 0;
    values.push_back(exact ? window.mean[cell] : std::min(window.head_value[cell], window.tail_value[cell]));
  }
  std::vector<double> energies;
  for (std::size_t done = 0; done < window.whole; ++done) {
    double least = work.whole(done, false).total();
    if (window.piece.count() > 0) least = std::min(least, work.whole(done, true).total());
    energies.push_back(least);
  }
  if (window.piece.count() > 0) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t done = 0; done <= window.whole; ++done) least = std::min(least, work.piece(done).total());
    energies.push_back(least);
  }
  if (values.size() < energies.size()) return std::numeric_limits<double>::infinity();
  std::sort(values.begin(), values.end());
  if (values.front() < 0.0) return -std::numeric_limits<double>::infinity();
  std::sort(energies.begin(), energies.end(), std::greater<>());
  const bool moves = window.standing == Standing::kNotStarted;
  double total = moves ? units::in_kwh(costs.transfer_energy) * values.front() : 0.0;
  for (std::size_t i = 0; i < energies.size(); ++i) total += energies[i] * values[i];
  return total;
}

std::optional<Solution> relaxed_with_limit(const Window& window, const Work& work, const Job& job, const Costs& costs,
                                           const series::Series& objective, std::size_t max_pauses, double tie) {
  const auto totals = start_totals(window, work, costs);
  const auto straight = best_start(totals);
  std::optional<Attempt> best;
  if (straight) best = Attempt{run_through(window, *straight, restart_cells(window, costs)), 0, totals[*straight]};
  double low = tie;
  double high = std::fabs(best ? best->total : lower_bound_of(window, work, job.profile.is_flat(), costs));
  double bound = -std::numeric_limits<double>::infinity();
  const double most_resumes = static_cast<double>(max_pauses + (job.standing == Standing::kPaused ? 1 : 0));
  for (int round = 0; round < 40 && high - low > 1e-9 * high; ++round) {
    const double price = 0.5 * (low + high);
    auto tried = attempt(window, work, job, costs, objective, price);
    bound = std::max(bound, tried.priced - price * most_resumes);
    if (tried.pauses > max_pauses) {
      low = price;
      continue;
    }
    high = price;
    if (!best || tried.total < best->total) best = std::move(tried);
    if (best->pauses == max_pauses) break;
  }
  if (!best) return std::nullopt;
  Solution solution{make_schedule(window, job.profile, best->placements), 0.0, 0.0};
  solution.total = score(solution.schedule, job.profile, costs, objective)->total();
  solution.lower_bound = std::min(bound, solution.total);
  return solution;
}

base::Expected<std::optional<Solution>> relaxed_on_coarse_cells(const Window& window, const Work& work, const Job& job,
                                                                const Costs& costs, const series::Series& objective) {
  std::int64_t factor = 2;
  const auto states = [&](std::int64_t by) {
    return PauseTable::layer_states(window) / (static_cast<double>(by) * static_cast<double>(by));
  };
  while (states(factor) > kLargestTable / 4) factor *= 2;
  // A coarse cell is exactly a group of fine ones from T on. The schedule it gives is scored on the fine series.
  const auto step = objective.step() * factor;
  std::vector<double> values;
  for (std::size_t cell = 0; cell < window.cells; cell += static_cast<std::size_t>(factor)) {
    double sum = 0.0;
    for (std::size_t i = cell; i < std::min(window.cells, cell + static_cast<std::size_t>(factor)); ++i) {
      sum += window.missing[i] != 0 ? series::kMissing : window.mean[i] * time::in_seconds(window.cell_length(i));
    }
    const auto covered = std::min(window.length - window.step * static_cast<std::int64_t>(cell), step);
    values.push_back(sum / time::in_seconds(covered));
  }
  const series::Series coarse(objective.provenance(), job.start, step, std::move(values));
  EBB_TRY(auto found, solve(job, Strategy::kPauseResume, costs, coarse));
  if (!found && job.standing != Standing::kNotStarted) {
    // A restart or a pause rounded up to coarse cells may not fit: running straight through may.
    EBB_TRY(found, solve(job, Strategy::kFlexibleStart, costs, objective));
  }
  if (!found) return std::optional<Solution>();
  const auto scored = score(found->schedule, job.profile, costs, objective);
  if (!scored) return std::optional<Solution>();
  found->total = scored->total();
  found->lower_bound = std::min(found->total, lower_bound_of(window, work, job.profile.is_flat(), costs));
  return found;
}

}  // namespace ebb::plan
