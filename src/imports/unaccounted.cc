#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/check.h"
#include "imports/site_meter.h"
#include "time/calendar.h"
#include "units/format.h"

namespace ebb::imports {
namespace {

/// Months since year 0: in order of time.
using Month = int;

Month month_of(time::Instant at) {
  const auto civil = time::civil_time(at);
  return civil.year * 12 + static_cast<int>(civil.month) - 1;
}
time::Instant begin_of(Month month) { return time::midnight(month / 12, static_cast<unsigned>(month % 12) + 1, 1); }

using Months = std::map<Month, UnaccountedPeriod>;

bool any_run(const account::SlotEnergies& runs, const time::Interval& when) {
  const auto first = runs.upper_bound((when.begin - account::kSlot).time_since_epoch() / account::kSlot - 2);
  for (auto slot = first; slot != runs.end() && account::slot_begin(slot->first) < when.end; ++slot) {
    if (account::slot_begin(slot->first + 1) > when.begin) return true;
  }
  return false;
}

void add_reading(const MeterReading& reading, bool has_runs, Months& months) {
  for (auto at = reading.when.begin; at < reading.when.end;) {
    const auto month = month_of(at);
    const auto until = std::min(reading.when.end, begin_of(month + 1));
    auto& period = months[month];
    if (reading.energy) {
      const auto piece = *reading.energy * (time::in_seconds(until - at) / time::in_seconds(reading.when.length()));
      period.metered += piece;
      if (!has_runs) {
        period.metered_without_runs += piece;
        period.without_runs += until - at;
      }
    } else {
      period.without_meter += until - at;
    }
    at = until;
  }
}

/// How much of a slot lies in known readings; `from` is the first reading that may touch it, and moves on.
time::Duration covered(const std::vector<MeterReading>& readings, const time::Interval& slot, std::size_t& from) {
  while (from < readings.size() && readings[from].when.end <= slot.begin) ++from;
  time::Duration inside{0};
  for (auto i = from; i < readings.size() && readings[i].when.begin < slot.end; ++i) {
    if (!readings[i].energy) continue;
    inside += std::min(slot.end, readings[i].when.end) - std::max(slot.begin, readings[i].when.begin);
  }
  return inside;
}

void add_up(const UnaccountedPeriod& part, UnaccountedPeriod& all) {
  all.metered += part.metered;
  all.accounted += part.accounted;
  all.metered_without_runs += part.metered_without_runs;
  all.without_runs += part.without_runs;
  all.accounted_without_meter += part.accounted_without_meter;
  all.without_meter += part.without_meter;
}

void conclude(UnaccountedPeriod& period, std::vector<std::string>& warnings) {
  period.rest = period.metered - period.accounted;
  if (period.metered > units::Energy{}) period.share = units::as_number(period.rest / period.metered);
  // Sums of some thousand slots are exact to far below this.
  if (period.rest >= -1e-9 * period.metered) return;
  warnings.push_back(
      fmt::format("{}: runs account for {}, more than the {} that were metered: either runs that overlap "
                  "are counted twice, or the meter does not hold all their machines",
                  period.name, units::text_of(period.accounted), units::text_of(period.metered)));
}

std::string line_of(const UnaccountedPeriod& period, double pue) {
  std::string line =
      fmt::format("{}: metered {}; runs account for {} (PUE {}); the rest is {}", period.name,
                  units::text_of(period.metered), units::text_of(period.accounted), pue, units::text_of(period.rest));
  if (period.share) {
    line += fmt::format(" ({}% of what was metered)", units::three_digits(100.0 * *period.share));
  }
  const auto hours = [](time::Duration length) { return units::three_digits(time::in_seconds(length) / 3600.0); };
  if (period.without_runs > time::Duration(0)) {
    line += fmt::format("; {} of it in {} h without any run", units::text_of(period.metered_without_runs),
                        hours(period.without_runs));
  }
  if (period.without_meter > time::Duration(0))
    line += fmt::format("; {} h are not metered", hours(period.without_meter));
  if (period.accounted_without_meter > units::Energy{}) {
    line += fmt::format("; runs drew another {} where the meter is not known",
                        units::text_of(period.accounted_without_meter));
  }
  return line;
}

}  // namespace

account::SlotEnergies slots_of(const std::vector<account::Measured>& runs) {
  account::SlotEnergies all;
  for (const auto& run : runs) {
    for (const auto& component : run.components) {
      for (const auto& [slot, energy] : component.by_slot) all[slot] += energy;
    }
  }
  return all;
}

Unaccounted unaccounted(const SiteMeter& meter, const account::SlotEnergies& runs, double pue) {
  CHECK(pue >= 1.0);
  Months months;
  for (const auto& reading : meter.readings) add_reading(reading, any_run(runs, reading.when), months);
  std::size_t from = 0;
  for (const auto& [slot, energy] : runs) {
    const time::Interval when{account::slot_begin(slot), account::slot_begin(slot + 1)};
    const auto lifted = energy * pue;
    const auto inside = covered(meter.readings, when, from);
    // What is outside is the difference, so that the two add up to the run's energy.
    const auto metered =
        inside == account::kSlot ? lifted : lifted * (time::in_seconds(inside) / time::in_seconds(account::kSlot));
    auto& period = months[month_of(when.begin)];
    period.accounted += metered;
    period.accounted_without_meter += lifted - metered;
  }
  Unaccounted result;
  result.pue = pue;
  result.total.name = "total";
  for (auto& [month, period] : months) {
    period.name = fmt::format("{:04}-{:02}", month / 12, month % 12 + 1);
    add_up(period, result.total);
    conclude(period, result.warnings);
    result.months.push_back(std::move(period));
  }
  conclude(result.total, result.warnings);
  return result;
}

Unaccounted unaccounted(const SiteMeter& meter, const std::vector<account::Measured>& runs, double pue) {
  return unaccounted(meter, slots_of(runs), pue);
}

std::vector<std::string> text_of(const Unaccounted& result) {
  std::vector<std::string> lines;
  for (const auto& month : result.months) lines.push_back(line_of(month, result.pue));
  lines.push_back(line_of(result.total, result.pue));
  return lines;
}

}  // namespace ebb::imports
