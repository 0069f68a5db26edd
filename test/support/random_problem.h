#pragma once

#include <random>
#include <utility>
#include <vector>

#include "plan/problem.h"
#include "series/series.h"

/// Small random planning problems with everything that is awkward: ties, zeros, missing slots, starts between slot
/// edges, fractions of a slot, shaped profiles, every cost.
namespace ebb::test {

struct Problem {
  series::Series series;
  plan::Job job;
  plan::Costs costs;
};

class ProblemMaker {
 public:
  explicit ProblemMaker(unsigned seed) : random_(seed) {}

  Problem make(std::int64_t most_cells, bool with_costs) {
    const std::int64_t cells = 1 + below(most_cells);
    return make_with(cells, 1 + below(std::min<std::int64_t>(cells, 6)), with_costs);
  }
  /// Many cells, with work in any share of them.
  Problem make_long(std::int64_t most_cells) {
    const std::int64_t cells = most_cells / 3 + below(most_cells);
    return make_with(cells, 1 + below(cells), true);
  }

  Problem make_with(std::int64_t cells, std::int64_t units, bool with_costs) {
    const std::int64_t steps[] = {300, 900, 1800, 3600};
    const auto step = std::chrono::seconds(steps[below(4)]);
    const bool fraction = chance(0.4);
    time::Duration duration = step * units;
    if (fraction) duration -= step * (1 + below(9)) / 10;
    time::Duration slack = step * (cells - units);
    if (chance(0.3)) slack += step * (1 + below(9)) / 10;
    const time::Instant begin = std::chrono::sys_days(std::chrono::year(2020) / 3 / 1);
    const time::Duration offset = chance(0.4) ? time::Duration(step * (1 + below(9)) / 10) : time::Duration(0);
    plan::Costs costs = with_costs ? some_costs(step) : plan::Costs{};
    return {series::Series({"TEST", series::kMarginalDirect, "random", "", {}}, begin, step, values(cells + 4)),
            {profile(duration), begin + step * below(2) + offset, slack},
            costs};
  }

  std::int64_t below(std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
  double between(double a, double b) { return std::uniform_real_distribution<double>(a, b)(random_); }

 private:
  std::vector<double> values(std::int64_t count) {
    const int kind = static_cast<int>(below(4));  // few integers (ties), zeros, any, constant
    const double missing = chance(0.35) ? 0.12 : 0.0;
    std::vector<double> out;
    for (std::int64_t i = 0; i < count; ++i) {
      double value = kind == 0 ? static_cast<double>(100 * (1 + below(3))) : between(0.0, 700.0);
      if (kind == 1 && chance(0.5)) value = 0.0;
      if (kind == 3) value = 300.0;
      out.push_back(chance(missing) ? series::kMissing : value);
    }
    return out;
  }
  workload::Profile profile(time::Duration duration) {
    if (chance(0.5)) return workload::Profile::flat(duration, units::watts(static_cast<double>(100 * (1 + below(5)))));
    std::vector<workload::Profile::Piece> pieces;
    const std::int64_t count = 1 + below(5);
    for (std::int64_t i = 1; i <= count; ++i) {
      pieces.push_back({i == count ? duration : duration * i / count, units::watts(between(0.0, 500.0))});
    }
    return workload::Profile(std::move(pieces));
  }
  plan::Costs some_costs(time::Duration step) {
    plan::Costs costs;
    const auto length = [&] { return time::Duration(step * below(25) / 10); };
    if (chance(0.4)) costs.pause_power = units::watts(between(0.0, 80.0));
    if (chance(0.4)) costs.pause_energy = units::joules(between(0.0, 60000.0));
    if (chance(0.3)) costs.pause_time = length();
    if (chance(0.4)) costs.min_run = length();
    if (chance(0.4)) costs.min_pause = length();
    if (chance(0.4)) costs.max_pauses = below(3);
    if (chance(0.2)) costs.transfer_energy = units::joules(between(0.0, 90000.0));
    return costs;
  }

  std::mt19937_64 random_;
};

}  // namespace ebb::test
