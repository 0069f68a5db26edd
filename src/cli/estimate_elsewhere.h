#pragma once

#include <optional>

#include "account/run_record.h"
#include "grid/covering.h"
#include "report/estimate_report.h"

namespace ebb::cli {

/// The job's energy priced by the annual average of its own zone and of every other place that it could run in: the
/// regions of the same provider; for a bare zone the regions of every provider (for a subregion of eGRID, the other
/// subregions). All by one source, scope and year, the nearest to `year`; others are left out (law 5). The PUE stays
/// the job's own. Nothing where the zone has no annual figure.
std::optional<report::Elsewhere> elsewhere_of(const account::RunRecord& record, const grid::Place& place, int year);

}  // namespace ebb::cli
