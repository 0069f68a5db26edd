#include <algorithm>
#include <cmath>
#include <numeric>

#include "policy/together_problem.h"

namespace ebb::policy {
namespace {

using Kinds = FreeRoom::Kinds;

/// Subgradient ascent on prices of amounts by slot.
class PriceRaiser {
 public:
  explicit PriceRaiser(const TogetherProblem& problem)
      : problem_(problem), slots_(problem.room.size()), prices_(slots_, Kinds{}), until_(slots_ + 1, Kinds{}) {
    for (const auto& starts : problem.starts) by_start_.emplace_back(starts.size());
    by_urgency_.resize(problem.jobs.size());
    std::iota(by_urgency_.begin(), by_urgency_.end(), std::size_t{0});
    std::stable_sort(by_urgency_.begin(), by_urgency_.end(),
                     [&](std::size_t a, std::size_t b) { return slack(a) < slack(b); });
  }

  Dual run(std::size_t rounds) {
    Dual dual;
    dual.bound = -Amount::kUnlimited;
    double upper = Amount::kUnlimited;
    double pace = 1.5;
    std::size_t since_better = 0;
    for (std::size_t round = 0; round <= rounds; ++round) {
      const double bound = relax();
      if (bound > dual.bound) {
        if (bound > dual.bound + 1e-6 * std::fabs(bound)) since_better = 0;
        dual.bound = bound;
        dual.prices = by_start_;
        dual.room_worth = room_worth_;
      }
      if (round % 6 == 0 || round == rounds) keep_better(repair(problem_, by_start_, order(round)), dual, upper);
      if (upper - dual.bound <= 1e-12 * std::fabs(upper)) break;
      if (++since_better > 8) {
        since_better = 0;
        pace *= 0.6;
      }
      if (!step(pace, upper - bound)) break;
    }
    return dual;
  }

 private:
  [[nodiscard]] std::size_t slack(std::size_t job) const { return problem_.starts[job].size(); }

  void keep_better(Starts found, Dual& dual, double& upper) const {
    const double cost = problem_.cost(found);
    if (!dual.best.empty() && cost >= upper) return;
    upper = cost;
    dual.best = std::move(found);
  }
  /// Each job where its price is least, as if it were alone: the bound at these prices. Counts what that would use.
  double relax() {
    for (std::size_t slot = 0; slot < slots_; ++slot) {
      for (std::size_t kind = 0; kind < Amount::kKinds; ++kind) {
        until_[slot + 1][kind] = until_[slot][kind] + prices_[slot][kind];
      }
    }
    used_.assign(slots_ + 1, Kinds{});
    double bound = 0.0;
    for (std::size_t job = 0; job < problem_.jobs.size(); ++job) bound += relax_job(job);
    room_worth_ = 0.0;
    for (std::size_t slot = 0; slot < slots_; ++slot) {
      const auto room = problem_.room[slot].all();
      for (std::size_t kind = 0; kind < Amount::kKinds; ++kind) {
        if (prices_[slot][kind] > 0.0) room_worth_ += prices_[slot][kind] * room[kind];
        if (slot > 0) used_[slot][kind] += used_[slot - 1][kind];
      }
    }
    return bound - room_worth_;
  }
  double relax_job(std::size_t job) {
    const auto& contender = problem_.jobs[job];
    const auto needs = contender.needs.all();
    const auto& starts = problem_.starts[job];
    double least = problem_.late_charge;
    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      double price = problem_.grams(job, starts[i]);
      for (std::size_t kind = 0; kind < Amount::kKinds; ++kind) {
        price += needs[kind] * (until_[starts[i] + contender.length][kind] - until_[starts[i]][kind]);
      }
      by_start_[job][i] = price;
      if (price < least) {
        least = price;
        chosen = starts[i];
      }
    }
    if (chosen) {
      for (std::size_t kind = 0; kind < Amount::kKinds; ++kind) {
        used_[*chosen][kind] += needs[kind];
        used_[*chosen + contender.length][kind] -= needs[kind];
      }
    }
    return least;
  }
  /// Raises prices where more is used than there is, lowers them where less; false where nothing is short.
  bool step(double pace, double gap) {
    double norm = 0.0;
    const auto excess = [&](std::size_t slot, std::size_t kind) {
      const double room = problem_.room[slot].all()[kind];
      if (!std::isfinite(room)) return 0.0;
      const double over = used_[slot][kind] - room;
      return over < 0.0 && prices_[slot][kind] <= 0.0 ? 0.0 : over;
    };
    // Kinds are in units of their own (bytes, boards): each is stepped in shares of the largest room.
    for (std::size_t kind = 0; kind < Amount::kKinds; ++kind) {
      scale_[kind] = 0.0;
      for (std::size_t slot = 0; slot < slots_; ++slot) {
        const double room = problem_.room[slot].all()[kind];
        if (std::isfinite(room)) scale_[kind] = std::max(scale_[kind], room);
      }
      if (scale_[kind] == 0.0) scale_[kind] = 1.0;
      for (std::size_t slot = 0; slot < slots_; ++slot) norm += std::pow(excess(slot, kind) / scale_[kind], 2);
    }
    if (norm <= 1e-18) return false;
    const double length = pace * gap / norm;
    for (std::size_t slot = 0; slot < slots_; ++slot) {
      for (std::size_t kind = 0; kind < Amount::kKinds; ++kind) {
        const double raised = prices_[slot][kind] + length * excess(slot, kind) / (scale_[kind] * scale_[kind]);
        prices_[slot][kind] = std::max(0.0, raised);
      }
    }
    return true;
  }
  /// Those with little choice first, or those whom a second choice costs most.
  [[nodiscard]] std::vector<std::size_t> order(std::size_t round) const {
    if (round % 12 == 0) return by_urgency_;
    std::vector<double> regret(problem_.jobs.size(), 0.0);
    for (std::size_t job = 0; job < regret.size(); ++job) {
      if (by_start_[job].empty()) continue;
      const double mean = std::accumulate(by_start_[job].begin(), by_start_[job].end(), 0.0) /
                          static_cast<double>(by_start_[job].size());
      regret[job] = mean - *std::min_element(by_start_[job].begin(), by_start_[job].end());
    }
    auto sorted = by_urgency_;
    std::stable_sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) { return regret[a] > regret[b]; });
    return sorted;
  }

  const TogetherProblem& problem_;
  std::size_t slots_;
  std::vector<Kinds> prices_;
  std::vector<Kinds> until_;  ///< sums of prices before each slot
  std::vector<Kinds> used_;
  Kinds scale_{};
  double room_worth_ = 0.0;
  std::vector<std::vector<double>> by_start_;
  std::vector<std::size_t> by_urgency_;
};

}  // namespace

Dual raise_prices(const TogetherProblem& problem, std::size_t rounds) { return PriceRaiser(problem).run(rounds); }

}  // namespace ebb::policy
