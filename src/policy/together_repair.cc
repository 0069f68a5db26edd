#include <algorithm>
#include <limits>

#include "policy/together_problem.h"

namespace ebb::policy {
namespace {

class Repair {
 public:
  Repair(const TogetherProblem& problem, const std::vector<std::vector<double>>& prices)
      : problem_(problem), prices_(prices), free_(problem.room), placed_(problem.jobs.size()) {}

  Starts run(const std::vector<std::size_t>& order) {
    for (const std::size_t job : order) put(job, cheapest(job, prices_));
    bring_in_late();
    improve();
    return placed_;
  }

 private:
  static constexpr int kMostPasses = 8;

  void put(std::size_t job, std::optional<std::size_t> start) {
    if (placed_[job]) free_.give_back(problem_.jobs[job], *placed_[job]);
    placed_[job] = start;
    if (start) free_.take(problem_.jobs[job], *start);
  }
  /// The start of least price that is free; nothing where none is.
  [[nodiscard]] std::optional<std::size_t> cheapest(std::size_t job,
                                                    const std::vector<std::vector<double>>& prices) const {
    std::optional<std::size_t> best;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < problem_.starts[job].size(); ++i) {
      const std::size_t start = problem_.starts[job][i];
      if (prices[job][i] < least && free_.fits(problem_.jobs[job], start)) {
        least = prices[job][i];
        best = start;
      }
    }
    return best;
  }
  [[nodiscard]] std::optional<std::size_t> least_grams(std::size_t job) const {
    std::optional<std::size_t> best;
    for (const std::size_t start : problem_.starts[job]) {
      if (best && problem_.grams(job, start) >= problem_.grams(job, *best)) continue;
      if (free_.fits(problem_.jobs[job], start)) best = start;
    }
    return best;
  }
  /// One late job in, by moving one other elsewhere.
  void bring_in_late() {
    for (std::size_t job = 0; job < placed_.size(); ++job) {
      if (placed_[job] || problem_.starts[job].empty()) continue;
      if (const auto start = least_grams(job)) {
        put(job, start);
        continue;
      }
      for (std::size_t other = 0; other < placed_.size() && !placed_[job]; ++other) {
        if (!placed_[other] || other == job) continue;
        const auto before = placed_[other];
        put(other, std::nullopt);
        for (const std::size_t start : problem_.starts[job]) {
          if (!free_.fits(problem_.jobs[job], start)) continue;
          put(job, start);
          if (const auto elsewhere = least_grams(other)) {
            put(other, elsewhere);
            break;
          }
          put(job, std::nullopt);
        }
        if (!placed_[other]) put(other, before);
      }
    }
  }
  /// Each job out and in again where it emits least, until nothing moves.
  void improve() {
    bool moved = true;
    for (int pass = 0; pass < kMostPasses && moved; ++pass) {
      moved = false;
      for (std::size_t job = 0; job < placed_.size(); ++job) {
        if (!placed_[job]) continue;
        const auto before = placed_[job];
        put(job, std::nullopt);
        auto start = least_grams(job);
        if (!start || problem_.grams(job, *start) >= problem_.grams(job, *before)) start = before;
        put(job, start);
        moved = moved || start != before;
      }
    }
  }

  const TogetherProblem& problem_;
  const std::vector<std::vector<double>>& prices_;
  FreeRoom free_;
  Starts placed_;
};

}  // namespace

Starts repair(const TogetherProblem& problem, const std::vector<std::vector<double>>& prices,
              const std::vector<std::size_t>& order) {
  return Repair(problem, prices).run(order);
}

}  // namespace ebb::policy
