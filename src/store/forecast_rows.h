#pragma once

#include <vector>

#include "base/expected.h"
#include "store/chunk_rows.h"
#include "store/entry.h"

namespace ebb::store {

/// Of any issue.
inline constexpr time::Interval kAnyTime{time::Instant::min(), time::Instant::max()};

/// Those issued in [issued.begin, issued.end), by issue and quantile.
base::Expected<std::vector<Forecast>> read_forecasts(Shelf shelf, const SeriesRow& series, time::Interval issued);
/// The one issued last at or before a moment.
base::Expected<std::optional<Forecast>> read_last_forecast(Shelf shelf, const SeriesRow& series,
                                                           time::Instant at_or_before, std::optional<double> quantile);
/// Whether it was added: not where it is there already, with the same values. kUsage: it is there with others.
base::Expected<bool> write_forecast(Shelf shelf, const Forecast& forecast, const Origin& origin);

}  // namespace ebb::store
