#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "plan/problem.h"
#include "plan/schedule.h"
#include "series/series.h"

namespace ebb::plan {

/// A zone where the job may run. The first of a request's list is its home: run-now is there, and no transfer is paid.
struct Place {
  series::Series intensity;             ///< g/kWh; decides, unless a price does
  std::optional<series::Series> price;  ///< currency/kWh, of the same zone
};

/// Money beside carbon: minimise cost = price x energy + carbon_price x emissions.
struct PriceTerms {
  units::CarbonPrice carbon_price;
};

struct Request {
  Job job;
  Strategy strategy = Strategy::kFlexibleStart;
  Costs costs;
  std::vector<Place> places;                   ///< at least one, all of one signal
  std::optional<PriceTerms> price;             ///< given: every place has a price series
  std::optional<double> max_saving_loss;       ///< 0..1: the fewest pauses that keep this share of the best saving
  double min_saving_fraction = 0.0;            ///< below this share of the baseline the plan is run-now
  std::optional<units::Emissions> min_saving;  ///< ... or below this much

  /// The costs of running at a place: at home there is no transfer.
  [[nodiscard]] Costs costs_at(std::size_t place) const;
};

/// One point of the trade between money and emissions.
struct ParetoPoint {
  double cost = 0.0;
  double emissions_g = 0.0;
  std::size_t place = 0;
  std::size_t pauses = 0;
  time::Instant begin;
  time::Instant end;
};

/// What to do, what it emits, and what it is compared with. Grams of the places' intensity series.
struct Plan {
  Strategy strategy = Strategy::kRunNow;  ///< as asked for
  bool not_worth_it = false;              ///< the saving was below the minimum: this is run-now
  std::size_t place = 0;
  Schedule schedule;
  Score emissions;
  std::optional<Schedule> baseline_schedule;  ///< run-now at home
  std::optional<double> baseline_g;           ///< nothing where run-now would touch a missing slot
  std::optional<double> cost;                 ///< money for energy, where there is a price
  std::optional<double> baseline_cost;
  double objective = 0.0;  ///< grams, or money where there is a price
  std::optional<double> baseline_objective;
  double lower_bound = 0.0;         ///< of the objective; equal to it when the plan is proven optimal
  std::vector<ParetoPoint> pareto;  ///< where there is a price: by rising cost; supported points

  [[nodiscard]] std::optional<double> saved_g() const;
};

/// The best plan (planning.md; ties within kTie: fewest pauses, then the earliest cells, then the first place).
///
/// Pure: no clock, no I/O, no thread. Errors: kNoData where no place's series covers the window, or missing slots
/// leave no room; kUsage for contradicting requests; kBadData where the places' signals differ (law 5).
base::Expected<Plan> make_plan(const Request& request);

}  // namespace ebb::plan
