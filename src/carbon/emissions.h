#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "series/series.h"
#include "time/instant.h"
#include "units/quantity.h"
#include "workload/profile.h"

namespace ebb::carbon {

/// Energy used in an interval, evenly over it.
struct SlotEnergy {
  time::Interval interval;
  units::Energy energy;
};
/// In rising order of time; an interval never crosses a slot edge of the grid it was made on.
using EnergyBySlot = std::vector<SlotEnergy>;

/// One uninterrupted stretch of a job: from `begin` on it does `work` of its running time, from `work_from` on.
struct RunSegment {
  time::Instant begin;
  time::Duration work_from{0};
  time::Duration work{0};
};

/// The energy of the segments, cut at the edges `origin` + k x `step`, exactly along the profile. Two segments that
/// share a slot give two entries. `segments` lie inside the profile, each with work > 0; step > 0 (a programmer's
/// duty).
EnergyBySlot energy_by_slot(const workload::Profile& profile, const std::vector<RunSegment>& segments,
                            time::Instant origin, time::Duration step);

/// One uninterrupted run of the whole profile from `start`, on the slots of `series` (also before and after it).
EnergyBySlot energy_by_slot(const workload::Profile& profile, time::Instant start, const series::Series& series);

/// Energy priced by a series as far as the series goes: law 4, what is missing stays missing and is told apart.
struct PricedEnergy {
  units::Energy energy;        ///< all of it
  units::Energy covered;       ///< the part in slots that have a value
  units::Emissions emissions;  ///< of the covered part only
  time::Duration length{0};    ///< all of the time
  time::Duration covered_length{0};

  /// Whether every moment has a value, those without energy included.
  [[nodiscard]] bool complete() const { return length == covered_length; }
  /// Share of the energy that is priced (of the time, where there is no energy), 0 to 1.
  [[nodiscard]] double coverage() const;
  /// Emissions / energy of the covered part: the intensity weighted by the job's energy. Nothing without energy.
  [[nodiscard]] std::optional<units::Intensity> mean_intensity() const;
};

/// Law 1: the sum over slots of energy in the slot x the slot's intensity. Entries longer than a slot of the series
/// are spread evenly over their time. `series` holds g/kWh.
PricedEnergy price(const EnergyBySlot& energy, const series::Series& series);

/// The emissions where everything has a value. kNoData naming zone and first moment without one, else.
base::Expected<units::Emissions> emissions_of(const EnergyBySlot& energy, const series::Series& series);

}  // namespace ebb::carbon
