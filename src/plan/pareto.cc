#include "plan/pareto.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <utility>

#include "plan/flexible_start.h"
#include "plan/solve.h"
#include "series/combine.h"

namespace ebb::plan {
namespace {

class Front {
 public:
  explicit Front(const Request& request) : request_(request) {}

  base::Expected<std::vector<ParetoPoint>> find() {
    if (request_.strategy == Strategy::kFlexibleStart) {
      EBB_TRY_DO(every_start());
    } else {
      EBB_TRY_DO(supported_plans());
    }
    return not_dominated();
  }

 private:
  void add(const Schedule& schedule, std::size_t place) {
    const Costs costs = request_.costs_at(place);
    const auto money = score(schedule, request_.job.profile, costs, *request_.places[place].price);
    const auto carbon = score(schedule, request_.job.profile, costs, request_.places[place].intensity);
    if (!money || !carbon) return;
    points_.push_back({money->total(), carbon->total(), place, schedule.pauses(), schedule.begin(), schedule.end()});
  }

  base::Status every_start() {
    for (std::size_t place = 0; place < request_.places.size(); ++place) {
      const auto& at = request_.places[place];
      EBB_TRY(const Window window, make_window(request_.job, series::combine(*at.price, 1.0, at.intensity, 1.0)));
      const auto totals = start_totals(window, Work(window, request_.job.profile), request_.costs_at(place));
      const std::size_t restart = restart_cells(window, request_.costs_at(place));
      for (std::size_t k = 0; k < totals.size(); ++k) {
        if (std::isfinite(totals[k])) {
          add(make_schedule(window, request_.job.profile, run_through(window, k, restart)), place);
        }
      }
    }
    return base::Done{};
  }

  /// The best plan of weight_cost x money + weight_carbon x grams over all places, added to the points.
  base::Status solve_weighted(double weight_cost, double weight_carbon) {
    std::optional<std::pair<double, std::size_t>> best;
    std::optional<Schedule> schedule;
    for (std::size_t place = 0; place < request_.places.size(); ++place) {
      const auto& at = request_.places[place];
      EBB_TRY(auto found, solve(request_.job, request_.strategy, request_.costs_at(place),
                                series::combine(*at.price, weight_cost, at.intensity, weight_carbon)));
      if (found && (!best || found->total < best->first)) {
        best = std::pair(found->total, place);
        schedule = std::move(found->schedule);
      }
      if (request_.strategy == Strategy::kRunNow) break;
    }
    if (best) add(*schedule, best->second);
    return base::Done{};
  }

  base::Status supported_plans() {
    EBB_TRY_DO(solve_weighted(1.0, 0.0));
    EBB_TRY_DO(solve_weighted(0.0, 1.0));
    if (points_.size() < 2) return base::Done{};
    std::deque<std::pair<ParetoPoint, ParetoPoint>> gaps{{points_[0], points_[1]}};
    while (!gaps.empty() && points_.size() < kMostParetoPoints) {
      const auto [cheap, clean] = gaps.front();
      gaps.pop_front();
      const double money = clean.cost - cheap.cost;
      const double carbon = cheap.emissions_g - clean.emissions_g;
      if (money <= kTie * std::fabs(clean.cost) || carbon <= kTie * std::fabs(cheap.emissions_g)) continue;
      // Weights normal to the line between the two; anything below the line is a new point.
      EBB_TRY_DO(solve_weighted(carbon, money));
      const ParetoPoint found = points_.back();
      const double line = carbon * cheap.cost + money * cheap.emissions_g;
      const double value = carbon * found.cost + money * found.emissions_g;
      if (value >= line - 1e-10 * std::fabs(line)) {
        points_.pop_back();
        continue;
      }
      gaps.emplace_back(cheap, found);
      gaps.emplace_back(found, clean);
    }
    return base::Done{};
  }

  [[nodiscard]] std::vector<ParetoPoint> not_dominated() {
    std::stable_sort(points_.begin(), points_.end(), [](const ParetoPoint& a, const ParetoPoint& b) {
      return a.cost != b.cost ? a.cost < b.cost : a.emissions_g < b.emissions_g;
    });
    std::vector<ParetoPoint> front;
    for (const auto& point : points_) {
      const bool cleaner =
          front.empty() || point.emissions_g < front.back().emissions_g - kTie * std::fabs(front.back().emissions_g);
      if (cleaner) front.push_back(point);
    }
    return front;
  }

  const Request& request_;
  std::vector<ParetoPoint> points_;
};

}  // namespace

base::Expected<std::vector<ParetoPoint>> pareto_front(const Request& request) { return Front(request).find(); }

}  // namespace ebb::plan
