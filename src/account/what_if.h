#pragma once

#include <vector>

#include "account/run_record.h"
#include "series/series.h"

namespace ebb::account {

/// The run, slot by slot, `later` and priced by `series`: operational emissions with the run's PUE. Nothing where a
/// slot with energy has no value there.
std::optional<units::Emissions> operational_at(const RunRecord& record, const series::Series& series,
                                               time::Duration later);

/// What would have been: six hours later; at the best start within 24 h after (of all 5-minute shifts), where that is
/// better than what was done; and, best first, at most `most_zones` of the other zones whose series are of the same
/// signal, source and vintage as the run's own book (law 5: others are not compared). Differences are called avoided
/// or allocated by their signal. `own` is the series that priced the run's own book.
///
/// Empty for a run without emissions.
std::vector<WhatIf> what_ifs(const RunRecord& record, const series::Series& own,
                             const std::vector<series::Series>& zones, std::size_t most_zones = 3);

}  // namespace ebb::account
