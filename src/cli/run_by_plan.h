#pragma once

#include "base/expected.h"
#include "cli/command.h"

namespace ebb::cli {

/// `ebb run --deadline T` or `--slack D`: waits for the best time, runs the command, pauses and resumes it where that
/// may be, measured all the while. Gives back the command's exit code; 130 and so on where it was given up before its
/// start. Errors: of the options; kNoData: no such zone; kInfeasible.
base::Expected<int> run_by_plan(const Arguments& arguments, const Context& context);

}  // namespace ebb::cli
