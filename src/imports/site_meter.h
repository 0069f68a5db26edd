#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/measured.h"
#include "base/expected.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::imports {

/// What a site's meter counted over a time; the energy is nothing where it is not known.
struct MeterReading {
  time::Interval when;
  std::optional<units::Energy> energy;
};

/// The meter of a site: readings in order that do not overlap.
struct SiteMeter {
  std::vector<MeterReading> readings;
  bool cumulative = false;
  std::vector<std::string> understood;
  std::vector<std::string> warnings;
};

/// CSV `time,kwh` or `time,kwh_total`, times RFC 3339. `kwh`: energy of the interval that ends at `time` and began at
/// the row before; rows must be about evenly apart (months are), and an empty value is an interval that is not known.
/// `kwh_total`: a counter that only grows; its differences count, an empty value is skipped, and where it falls (a new
/// meter) the interval is not known. The first row gives the begin.
///
/// kBadData with the line: another header, disorder, a time twice, a negative value or none, less than two rows, and,
/// of `kwh`, a row missing.
base::Expected<SiteMeter> parse_site_meter(std::string_view text, const std::string& name);

/// A month, or all: what the meter counted, and what runs account for of it.
struct UnaccountedPeriod {
  std::string name;         ///< "2024-05" (UTC), "total"
  units::Energy metered;    ///< of known readings; one that crosses a month's end is parted by time
  units::Energy accounted;  ///< of runs while the meter's reading is known: at the equipment x PUE
  /// metered - accounted. Below zero it is no saving but an inconsistency: a warning says so, and it is not clipped.
  units::Energy rest;
  std::optional<double> share;            ///< rest / metered; nothing where nothing was metered
  units::Energy metered_without_runs;     ///< part of metered: readings in whose time no run was
  time::Duration without_runs{0};         ///< their length
  units::Energy accounted_without_meter;  ///< of runs, x PUE, where no reading is known: not in `accounted`
  time::Duration without_meter{0};        ///< length of readings that are not known
};

struct Unaccounted {
  std::vector<UnaccountedPeriod> months;
  UnaccountedPeriod total;
  double pue = 1.0;
  std::vector<std::string> warnings;
};

/// The energy of runs by 5-minute slot, each of its components; a slot is there where a run was, also at 0 J.
account::SlotEnergies slots_of(const std::vector<account::Measured>& runs);

/// How much of what the meter counted no run accounts for. `pue` >= 1 (a programmer's duty) lifts the runs' energy from
/// the equipment to the site. Runs that overlap on one machine are counted as often as they are there. Within a slot
/// energy is taken as even.
Unaccounted unaccounted(const SiteMeter& meter, const account::SlotEnergies& runs, double pue);
Unaccounted unaccounted(const SiteMeter& meter, const std::vector<account::Measured>& runs, double pue);

/// One line a month and one for all: kWh first, the share beside what it is of.
std::vector<std::string> text_of(const Unaccounted& result);

}  // namespace ebb::imports
