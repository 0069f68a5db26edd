// Any bytes are the meter of a site or are refused; every joule of the meter and of runs beside it stands in one place.
#include <cmath>

#include "imports/site_meter.h"
#include "target.h"

namespace {

using namespace ebb;

bool near(units::Energy a, units::Energy b, units::Energy scale) {
  return std::fabs(units::in_joules(a - b)) <= 1e-9 * units::in_joules(scale) + 1e-9;
}

/// An hour of runs at the begin, in the middle and behind the end of the meter.
account::SlotEnergies runs_beside(const imports::SiteMeter& meter) {
  account::SlotEnergies runs;
  const auto& readings = meter.readings;
  for (const auto at :
       {readings.front().when.begin, readings[readings.size() / 2].when.begin, readings.back().when.end}) {
    const auto slot = at.time_since_epoch() / account::kSlot;
    for (int i = -2; i < 10; ++i) runs[slot + i] = units::joules(1000.0 * (i + 3));
  }
  return runs;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto meter = imports::parse_site_meter(fuzz::text_of(data, size), "fuzz");
  if (!meter) return 0;
  CHECK(!meter->readings.empty());
  units::Energy metered;
  auto before = meter->readings.front().when.begin;
  for (const auto& reading : meter->readings) {
    CHECK(reading.when.begin >= before && reading.when.end > reading.when.begin);
    before = reading.when.end;
    if (!reading.energy) continue;
    CHECK(*reading.energy >= units::Energy{} && std::isfinite(units::in_joules(*reading.energy)));
    metered += *reading.energy;
  }
  const auto runs = runs_beside(*meter);
  units::Energy used;
  for (const auto& [slot, energy] : runs) used += energy;
  const auto result = imports::unaccounted(*meter, runs, 1.25);
  const auto& total = result.total;
  CHECK(near(total.metered, metered, metered));
  CHECK(near(total.accounted + total.accounted_without_meter, used * 1.25, used));
  CHECK(near(total.rest, total.metered - total.accounted, metered + used));
  CHECK(imports::text_of(result).size() == result.months.size() + 1);
  return 0;
}
