#pragma once

#include <string>

#include "plan/schedule.h"
#include "series/series.h"

namespace ebb::report {

/// Two lines as wide as `columns`: the window's intensity from light (clean) to dark, and below it where the schedule
/// runs. With colour the first line uses backgrounds of 256 colours; else four shades of a block. Missing slots: '?'.
std::string heat_strip(const series::Series& series, time::Interval window, const plan::Schedule& schedule,
                       std::size_t columns, bool colour);

}  // namespace ebb::report
