#pragma once

#include <optional>

#include "series/series.h"

namespace ebb::grid {

/// The slots of `series` that touch [when.begin, when.end + after), as far as it goes; nothing where a slot of `when`
/// is missing or outside.
std::optional<series::Series> part_of(const series::Series& series, time::Interval when, time::Duration after);

}  // namespace ebb::grid
