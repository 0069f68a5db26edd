#include "policy/saving_interval.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ebb::policy {
namespace {

/// Adds `sign` x the kWh that a schedule draws in each slot of a series.
class Drawn {
 public:
  Drawn(const series::Series& slots, std::vector<double>& kwh, double sign) : slots_(slots), kwh_(kwh), sign_(sign) {}

  template <typename EnergyBetween>
  void add(time::Interval interval, const EnergyBetween& energy_between) {
    if (interval.begin >= interval.end) return;
    auto slot = static_cast<std::size_t>((interval.begin - slots_.begin()) / slots_.step());
    for (; slot < kwh_.size() && slots_.time_of(slot) < interval.end; ++slot) {
      const auto from = std::max(interval.begin, slots_.time_of(slot));
      const auto to = std::min(interval.end, slots_.time_of(slot + 1));
      kwh_[slot] += sign_ * units::in_kwh(energy_between(from, to));
    }
  }
  void add_power(time::Interval interval, units::Power power) {
    add(interval, [power](time::Instant from, time::Instant to) { return power * time::as_quantity(to - from); });
  }

 private:
  const series::Series& slots_;
  std::vector<double>& kwh_;
  double sign_;
};

void add_schedule(const plan::Schedule& schedule, const workload::Profile& profile, const plan::Costs& costs,
                  Drawn drawn) {
  for (const auto& segment : schedule.segments) {
    const auto begin = segment.begin + segment.overhead;
    drawn.add_power({segment.begin, begin}, segment.overhead_power);
    drawn.add({begin, segment.end()}, [&](time::Instant from, time::Instant to) {
      return profile.energy_between(segment.work_from + (from - begin), segment.work_from + (to - begin));
    });
  }
  for (std::size_t i = 0; i < schedule.resume_cells.size(); ++i) {
    drawn.add_power(schedule.pause_before_resume(i), costs.pause_power);
    const auto cell = schedule.resume_cells[i];
    drawn.add_power(cell, costs.pause_energy / time::as_quantity(cell.length()));
  }
}

}  // namespace

std::pair<units::Emissions, units::Emissions> saving_interval(const plan::Schedule& instead,
                                                              const plan::Schedule& schedule,
                                                              const workload::Profile& profile,
                                                              const plan::Costs& costs, const Objective& objective) {
  constexpr double kQuantile95 = 1.6448536269514722;
  std::vector<double> kwh(objective.mean.size(), 0.0);
  add_schedule(instead, profile, costs, Drawn(objective.mean, kwh, 1.0));
  add_schedule(schedule, profile, costs, Drawn(objective.mean, kwh, -1.0));
  const double memory = std::exp(-time::in_seconds(objective.mean.step()) / time::in_seconds(kErrorMemory));
  double saving = 0.0;
  double variance = 0.0;
  double before = 0.0;  // sum over earlier slots of what they weigh, as far as it is remembered here
  for (std::size_t i = 0; i < kwh.size(); ++i) {
    const double weight = kwh[i] * (*objective.sigma)[i];
    saving += kwh[i] * objective.mean[i];
    variance += weight * (weight + 2.0 * before);
    before = memory * (before + weight);
  }
  const double half = kQuantile95 * std::sqrt(std::max(0.0, variance));
  return {units::grams(saving - half), units::grams(saving + half)};
}

}  // namespace ebb::policy
