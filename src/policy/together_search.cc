#include <algorithm>
#include <cmath>

#include "plan/problem.h"
#include "policy/together_problem.h"

namespace ebb::policy {
namespace {

/// Starts looked at in all nodes: some tenths of a second.
constexpr std::size_t kMostLooks = 40'000'000;

/// Depth first. A node has some jobs placed, or given up as late; the others are free.
///
/// Two bounds of a node, from what room it leaves: each free job at its least grams; and each at its least price, less
/// what all room is worth (a bound for any prices, since a placement keeps within the room). Where the free jobs fit
/// together at their least grams, the node is solved. Else the job with the fewest starts that could still lead below
/// the best placement is tried in each of these, by rising price.
class Search {
 public:
  Search(const TogetherProblem& problem, const Dual& dual, std::size_t most_nodes)
      : problem_(problem), dual_(dual), free_(problem.room), placed_(problem.jobs.size()) {
    std::size_t starts = 1;
    for (std::size_t job = 0; job < problem.jobs.size(); ++job) {
      unplaced_.push_back(job);
      starts += problem.starts[job].size();
    }
    most_nodes_ = std::min(most_nodes, kMostLooks / starts + 1);
    best_ = dual.best;
    least_ = problem.cost(best_);
  }

  std::optional<Starts> run() {
    visit(0.0, -dual_.room_worth);
    if (nodes_ > most_nodes_) return std::nullopt;
    return best_;
  }

 private:
  /// A free job where the others are left aside.
  struct Alone {
    double grams = 0.0;
    double price = 0.0;
    std::optional<std::size_t> start;  ///< of least grams
    std::vector<std::size_t> fitting;  ///< its starts that fit, as indices
  };

  void visit(double cost, double priced) {
    if (++nodes_ > most_nodes_) return;
    std::vector<Alone> alone;
    double all_grams = cost;
    double all_priced = priced;
    for (const std::size_t job : unplaced_) {
      alone.push_back(look_at(job));
      all_grams += alone.back().grams;
      all_priced += alone.back().price;
    }
    if (std::max(all_grams, all_priced) >= least_ - tie()) return;
    if (fit_together(alone)) {
      keep(alone, all_grams);
      return;
    }
    // Which of a job's starts could still lead below the best.
    std::size_t chosen = 0;
    std::vector<std::size_t> survivors;
    for (std::size_t i = 0; i < unplaced_.size(); ++i) {
      auto left = surviving(i, alone[i], all_grams - alone[i].grams, all_priced - alone[i].price);
      if (i == 0 || left.size() < survivors.size()) {
        chosen = i;
        survivors = std::move(left);
      }
    }
    alone = {};  // the search may go as deep as there are jobs
    branch(chosen, survivors, cost, priced);
  }
  void branch(std::size_t chosen, const std::vector<std::size_t>& starts, double cost, double priced) {
    const std::size_t job = unplaced_[chosen];
    unplaced_.erase(unplaced_.begin() + static_cast<std::ptrdiff_t>(chosen));
    for (const std::size_t i : starts) {
      const std::size_t start = problem_.starts[job][i];
      free_.take(problem_.jobs[job], start);
      placed_[job] = start;
      visit(cost + problem_.grams(job, start), priced + dual_.prices[job][i]);
      placed_[job].reset();
      free_.give_back(problem_.jobs[job], start);
      if (nodes_ > most_nodes_) break;
    }
    visit(cost + problem_.late_charge, priced + problem_.late_charge);
    unplaced_.insert(unplaced_.begin() + static_cast<std::ptrdiff_t>(chosen), job);
  }
  [[nodiscard]] Alone look_at(std::size_t job) const {
    Alone alone{problem_.late_charge, problem_.late_charge, std::nullopt, {}};
    for (std::size_t i = 0; i < problem_.starts[job].size(); ++i) {
      const std::size_t start = problem_.starts[job][i];
      if (!free_.fits(problem_.jobs[job], start)) continue;
      alone.fitting.push_back(i);
      alone.price = std::min(alone.price, dual_.prices[job][i]);
      if (problem_.grams(job, start) < alone.grams) {
        alone.grams = problem_.grams(job, start);
        alone.start = start;
      }
    }
    return alone;
  }
  /// By rising price.
  [[nodiscard]] std::vector<std::size_t> surviving(std::size_t index, const Alone& alone, double others_grams,
                                                   double others_priced) const {
    const std::size_t job = unplaced_[index];
    const auto& prices = dual_.prices[job];
    std::vector<std::size_t> left;
    for (const std::size_t i : alone.fitting) {
      const double bound =
          std::max(others_grams + problem_.grams(job, problem_.starts[job][i]), others_priced + prices[i]);
      if (bound < least_ - tie()) left.push_back(i);
    }
    std::stable_sort(left.begin(), left.end(), [&](std::size_t a, std::size_t b) { return prices[a] < prices[b]; });
    return left;
  }
  [[nodiscard]] bool fit_together(const std::vector<Alone>& alone) {
    std::size_t taken = 0;
    bool fit = true;
    for (; taken < unplaced_.size() && fit; ++taken) {
      const auto& job = problem_.jobs[unplaced_[taken]];
      if (!alone[taken].start) continue;
      fit = free_.fits(job, *alone[taken].start);
      if (!fit) break;
      free_.take(job, *alone[taken].start);
    }
    while (taken-- > 0) {
      if (alone[taken].start) free_.give_back(problem_.jobs[unplaced_[taken]], *alone[taken].start);
    }
    return fit;
  }
  void keep(const std::vector<Alone>& alone, double cost) {
    least_ = cost;
    best_ = placed_;
    for (std::size_t i = 0; i < unplaced_.size(); ++i) best_[unplaced_[i]] = alone[i].start;
  }
  /// Sums of grams round.
  [[nodiscard]] double tie() const { return plan::kTie * std::max(1.0, problem_.largest_total); }

  const TogetherProblem& problem_;
  const Dual& dual_;
  std::size_t most_nodes_ = 0;
  std::size_t nodes_ = 0;
  FreeRoom free_;
  Starts placed_;
  std::vector<std::size_t> unplaced_;
  Starts best_;
  double least_ = 0.0;
};

}  // namespace

std::optional<Starts> search(const TogetherProblem& problem, const Dual& dual, std::size_t most_nodes) {
  if (most_nodes == 0) return std::nullopt;
  return Search(problem, dual, most_nodes).run();
}

}  // namespace ebb::policy
