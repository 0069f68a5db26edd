#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "policy/free_room.h"
#include "policy/together.h"

namespace ebb::policy {

/// Where a job starts; nothing: it is late.
using Starts = std::vector<std::optional<std::size_t>>;

/// place_together()'s input made ready: who is late costs `late_charge`, more than all grams together, so that one sum
/// orders placements by how many are late, then by grams.
struct TogetherProblem {
  TogetherProblem(std::span<const Contender> contenders, std::span<const Amount> amounts);

  std::span<const Contender> jobs;
  std::span<const Amount> room;
  double largest_total = 0.0;  ///< no placement's grams are above it, and none below its negative
  double late_charge = 0.0;
  /// By job, the starts that have grams and fit the room were it alone, rising.
  std::vector<std::vector<std::size_t>> starts;

  [[nodiscard]] double grams(std::size_t job, std::size_t start) const {
    return jobs[job].grams[start - jobs[job].first];
  }
  [[nodiscard]] double cost(std::size_t job, const std::optional<std::size_t>& start) const {
    return start ? grams(job, *start) : late_charge;
  }
  [[nodiscard]] double cost(const Starts& placed) const;
};

/// Puts the jobs in one after the other, each where its price is least, then moves single jobs while that helps, and
/// brings in late ones by moving another out of their way. `prices[job]` goes with starts[job].
Starts repair(const TogetherProblem& problem, const std::vector<std::vector<double>>& prices,
              const std::vector<std::size_t>& order);

/// Prices on what is short.
struct Dual {
  double bound = 0.0;                       ///< of TogetherProblem::cost
  std::vector<std::vector<double>> prices;  ///< by job and start: grams and what its amounts cost at the best prices
  double room_worth = 0.0;                  ///< what all room costs at them
  Starts best;                              ///< the best placement met on the way
};
Dual raise_prices(const TogetherProblem& problem, std::size_t rounds);

/// Branch and bound from a dual's prices: the least cost, or nothing where `most_nodes` were not enough.
std::optional<Starts> search(const TogetherProblem& problem, const Dual& dual, std::size_t most_nodes);

}  // namespace ebb::policy
