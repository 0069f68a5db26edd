#pragma once

#include "base/expected.h"
#include "series/series.h"

namespace ebb::series {

/// The same series at another step, conserving emissions: a constant load over any whole new slot emits what it
/// emitted on the old one (law 1). To a finer step values repeat; to a coarser one they are averaged, and a new slot
/// that touches a missing one is missing (law 4). New slots lie on whole multiples of `step` since 1970 when that
/// aligns with the old slots, else they begin where the series begins; half-covered slots at the ends are dropped.
///
/// Error: kUsage where neither step is a whole multiple of the other.
base::Expected<Series> resample(const Series& series, time::Duration step);

}  // namespace ebb::series
