#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "cli/command.h"
#include "exec/executor.h"
#include "plan/problem.h"
#include "policy/decide.h"
#include "time/instant.h"
#include "units/quantity.h"

namespace ebb::cli {

/// How a command is to run by plan, as options say it.
struct PlanWish {
  time::Duration duration{0};  ///< running time that is planned with
  std::string duration_from;   ///< "as given", "3 earlier runs of this command: 4h to 6h"
  time::Duration margin{0};    ///< kept free before the deadline
  units::Power power;          ///< flat
  std::string power_from;      ///< "as given", "earlier runs of this command", "assumed"
  time::Instant submitted;
  time::Instant deadline;
  exec::Pausable pausable = exec::Pausable::kNo;
  std::vector<std::string> checkpoint_command;  ///< empty: the signal
  int checkpoint_signal = 10;
  time::Duration grace = std::chrono::minutes(5);
  plan::Costs costs;
  policy::Options policy;

  [[nodiscard]] plan::Strategy strategy() const {
    return pausable == exec::Pausable::kNo ? plan::Strategy::kFlexibleStart : plan::Strategy::kPauseResume;
  }
};

const std::vector<Option>& plan_wish_options();

/// Whether the options ask for a plan at all (--deadline or --slack); kUsage where others of them stand alone.
base::Expected<bool> wants_plan(const Arguments& arguments);

/// `command`: as the ledger has it (base::shell_text); where --duration or --power is not given, its earlier runs tell.
/// kUsage: an option is wrong, or nobody knows how long the command runs; kInfeasible: it cannot end by its deadline.
base::Expected<PlanWish> plan_wish(const Arguments& arguments, const Context& context, const std::string& command);

}  // namespace ebb::cli
