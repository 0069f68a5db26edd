#include "carbon/emissions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "time/text.h"

namespace ebb::carbon {
namespace {

/// The first edge `origin` + k x `step` after `moment`.
time::Instant next_edge(time::Instant moment, time::Instant origin, time::Duration step) {
  const auto since = (moment - origin) % step;
  return moment - since + (since < time::Duration(0) ? time::Duration(0) : step);
}

/// What `energy` uses from `from` to `to`, a part of its interval.
units::Energy part_of(const SlotEnergy& energy, time::Instant from, time::Instant to) {
  if (from == energy.interval.begin && to == energy.interval.end) return energy.energy;
  return energy.energy * (time::in_seconds(to - from) / time::in_seconds(energy.interval.length()));
}

/// Calls `use(from, to, value)` for the stretches of the interval in the series' slots and outside of it; the value
/// of what has none is missing.
template <typename Use>
void for_each_slot(time::Interval interval, const series::Series& series, const Use& use) {
  auto at = interval.begin;
  while (at < interval.end) {
    const auto slot = series.slot_at(at);
    auto to = interval.end;
    if (slot) {
      to = std::min(to, series.time_of(*slot + 1));
    } else if (at < series.begin()) {
      to = std::min(to, series.begin());
    }
    use(at, to, slot ? series[*slot] : series::kMissing);
    at = to;
  }
}

}  // namespace

EnergyBySlot energy_by_slot(const workload::Profile& profile, const std::vector<RunSegment>& segments,
                            time::Instant origin, time::Duration step) {
  CHECK(step > time::Duration(0));
  EnergyBySlot slots;
  for (const auto& segment : segments) {
    CHECK(segment.work > time::Duration(0));
    const auto end = segment.begin + segment.work;
    const auto elapsed = [&segment](time::Instant moment) { return segment.work_from + (moment - segment.begin); };
    for (auto at = segment.begin; at < end;) {
      const auto to = std::min(end, next_edge(at, origin, step));
      slots.push_back({{at, to}, profile.energy_between(elapsed(at), elapsed(to))});
      at = to;
    }
  }
  return slots;
}

EnergyBySlot energy_by_slot(const workload::Profile& profile, time::Instant start, const series::Series& series) {
  return energy_by_slot(profile, {{start, time::Duration(0), profile.duration()}}, series.begin(), series.step());
}

double PricedEnergy::coverage() const {
  if (energy > units::Energy{}) return units::in_joules(covered) / units::in_joules(energy);
  return length > time::Duration(0) ? time::in_seconds(covered_length) / time::in_seconds(length) : 1.0;
}

std::optional<units::Intensity> PricedEnergy::mean_intensity() const {
  if (covered <= units::Energy{}) return std::nullopt;
  return emissions / covered;
}

PricedEnergy price(const EnergyBySlot& energy, const series::Series& series) {
  PricedEnergy sum;
  for (const auto& entry : energy) {
    sum.energy += entry.energy;
    sum.length += entry.interval.length();
    for_each_slot(entry.interval, series, [&](time::Instant from, time::Instant to, double value) {
      if (series::is_missing(value)) return;
      const auto part = part_of(entry, from, to);
      sum.covered += part;
      sum.covered_length += to - from;
      sum.emissions += part * units::grams_per_kwh(value);
    });
  }
  return sum;
}

base::Expected<units::Emissions> emissions_of(const EnergyBySlot& energy, const series::Series& series) {
  const auto priced = price(energy, series);
  if (priced.complete()) return priced.emissions;
  std::optional<time::Instant> gap;
  for (const auto& entry : energy) {
    for_each_slot(entry.interval, series, [&](time::Instant from, time::Instant, double value) {
      if (series::is_missing(value) && (!gap || from < *gap)) gap = from;
    });
  }
  CHECK(gap.has_value());
  return base::no_data(fmt::format("{} has no intensity at {}; {:.1f}% of the energy can be priced",
                                   series.zone().empty() ? "the series" : series.zone(), time::text_of(*gap),
                                   100.0 * priced.coverage()));
}

}  // namespace ebb::carbon
