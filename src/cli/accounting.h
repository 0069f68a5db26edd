#pragma once

#include <string>

#include "base/expected.h"
#include "cli/command.h"
#include "plan/planner.h"
#include "report/plan_report.h"

namespace ebb::cli {

/// The accounting of one plan: SCI with every term, and an equivalence for its size. --pue N or a provider's name,
/// --device NAME with --devices N (embodied share; `any-gpu` where no source has the model), --per UNIT with --count N.
/// Without --pue the boundary ends at the equipment (1.0), without --device M is 0; both are said.
base::Status account(const Arguments& arguments, report::PlanView& view);

}  // namespace ebb::cli
