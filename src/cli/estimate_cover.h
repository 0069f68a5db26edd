#pragma once

#include "base/expected.h"
#include "cli/command.h"
#include "cli/estimate_setting.h"
#include "grid/covering.h"

namespace ebb::cli {

/// What prices the job: --series for its book, else what the place has over that time. Without a start each series is
/// constant: the mean over a year of starts, for --series over all starts inside it, with the 90% interval of a job's
/// mean over these. kNoData: no job of that length fits a file's series without touching a missing slot.
base::Expected<grid::Cover> cover_of(const Arguments& arguments, const Context& context, const grid::Place& place,
                                     const When& when);

}  // namespace ebb::cli
