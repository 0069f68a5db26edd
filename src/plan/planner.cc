#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "plan/pareto.h"
#include "plan/solve.h"
#include "series/combine.h"

namespace ebb::plan {
namespace {

base::Status check_request(const Request& request) {
  CHECK(!request.places.empty());
  const auto& home = request.places.front();
  for (const auto& place : request.places) {
    if (!(place.intensity.signal() == home.intensity.signal())) {
      return base::bad_data(
          fmt::format("mixed signals: {} is {}, {} is {}; two signals are never compared: give series of one signal",
                      home.intensity.zone(), series::text_of(home.intensity.signal()), place.intensity.zone(),
                      series::text_of(place.intensity.signal())));
    }
    if (request.price && !place.price) {
      return base::usage_error(fmt::format("no price series for {}", place.intensity.zone()));
    }
  }
  if (request.job.standing != Standing::kNotStarted && request.places.size() > 1) {
    return base::usage_error("a job that has begun stays where it is, but several zones are given: give its own alone");
  }
  if (request.job.slack < time::Duration(0)) {
    return base::infeasible(
        "the deadline is before the job could end even if it started at once: its slack is negative");
  }
  const auto step = home.intensity.step();
  const auto restart = (request.costs.pause_time + step - time::Duration(1)) / step * step;
  if (request.job.standing == Standing::kPaused && request.job.slack < restart) {
    return base::infeasible(
        "the deadline is before the job could end even if it were resumed at once: its slack is shorter than its "
        "restart");
  }
  return base::Done{};
}

/// What is minimised, per kWh.
series::Series objective_of(const Request& request, const Place& place) {
  if (!request.price) return place.intensity;
  const double money_per_gram = request.price->carbon_price.raw();
  return series::combine(*place.price, 1.0, place.intensity, money_per_gram);
}

struct Candidate {
  std::size_t place = 0;
  Solution solution;
};

/// Lower total, then fewer pauses, then earlier segments.
bool better(const Solution& a, const Solution& b) {
  const double tie = kTie * std::max(std::fabs(a.total), std::fabs(b.total));
  if (std::fabs(a.total - b.total) > tie) return a.total < b.total;
  if (a.schedule.pauses() != b.schedule.pauses()) return a.schedule.pauses() < b.schedule.pauses();
  return a.schedule.begin() < b.schedule.begin();
}

base::Expected<std::optional<Candidate>> best_candidate(const Request& request,
                                                        const std::vector<series::Series>& objectives,
                                                        std::optional<FewestPauses> fewest) {
  std::optional<Candidate> best;
  for (std::size_t place = 0; place < objectives.size(); ++place) {
    EBB_TRY(auto found, solve(request.job, request.strategy, request.costs_at(place), objectives[place], fewest));
    if (!found) continue;
    const bool acceptable = !fewest || found->total <= fewest->acceptable_total * (1.0 + kTie);
    const bool fewer = best && found->schedule.pauses() < best->solution.schedule.pauses();
    const bool same = best && found->schedule.pauses() == best->solution.schedule.pauses();
    const bool wins =
        !best || (fewest ? fewer || (same && better(*found, best->solution)) : better(*found, best->solution));
    if (acceptable && wins) best = Candidate{place, *std::move(found)};
    if (request.strategy == Strategy::kRunNow) break;
  }
  return best;
}

bool worth_it(const Request& request, const Plan& plan) {
  if (!plan.baseline_objective || !plan.baseline_g) return true;
  const double saved = *plan.baseline_objective - plan.objective;
  if (saved < request.min_saving_fraction * std::fabs(*plan.baseline_objective)) return false;
  return !request.min_saving || *plan.saved_g() >= units::in_grams(*request.min_saving);
}

}  // namespace

Costs Request::costs_at(std::size_t place) const {
  Costs at = costs;
  if (place == 0) at.transfer_energy = units::Energy{};
  return at;
}

std::optional<double> Plan::saved_g() const {
  if (!baseline_g) return std::nullopt;
  return *baseline_g - emissions.total();
}

base::Expected<Plan> make_plan(const Request& request) {
  EBB_TRY_DO(check_request(request));
  std::vector<series::Series> objectives;
  for (const auto& place : request.places) objectives.push_back(objective_of(request, place));

  Plan plan;
  plan.strategy = request.strategy;
  EBB_TRY(auto baseline, solve(request.job, Strategy::kRunNow, request.costs_at(0), objectives[0]));
  const auto score_at = [&](const Schedule& schedule, std::size_t place, const series::Series& on) {
    return score(schedule, request.job.profile, request.costs_at(place), on);
  };
  if (baseline) {
    plan.baseline_g = score_at(baseline->schedule, 0, request.places[0].intensity)->total();
    if (request.price) plan.baseline_cost = score_at(baseline->schedule, 0, *request.places[0].price)->total();
    plan.baseline_objective = baseline->total;
    plan.baseline_schedule = baseline->schedule;
  }
  EBB_TRY(auto best, best_candidate(request, objectives, std::nullopt));
  if (!best) {
    return base::no_data(
        "missing slots leave no room for the job in its window: choose another start or a longer slack");
  }
  if (request.max_saving_loss && request.strategy == Strategy::kPauseResume && baseline) {
    const double kept = (1.0 - *request.max_saving_loss) * (baseline->total - best->solution.total);
    EBB_TRY(auto fewer, best_candidate(request, objectives, FewestPauses{baseline->total - kept}));
    if (fewer) best = std::move(fewer);
  }
  plan.place = best->place;
  plan.schedule = best->solution.schedule;
  plan.objective = best->solution.total;
  plan.lower_bound = best->solution.lower_bound;
  plan.emissions = *score_at(plan.schedule, plan.place, request.places[plan.place].intensity);
  if (!worth_it(request, plan)) {
    plan.not_worth_it = true;
    plan.place = 0;
    plan.schedule = *plan.baseline_schedule;
    plan.objective = *plan.baseline_objective;
    plan.emissions = *score_at(plan.schedule, 0, request.places[0].intensity);
  }
  if (request.price) {
    plan.cost = score_at(plan.schedule, plan.place, *request.places[plan.place].price)->total();
    EBB_TRY(plan.pareto, pareto_front(request));
  }
  return plan;
}

}  // namespace ebb::plan
