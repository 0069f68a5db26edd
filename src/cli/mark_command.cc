#include <fmt/format.h>

#include "cli/common.h"
#include "measure/mark.h"
#include "report/json.h"

namespace ebb::cli {
namespace {

base::Expected<int> run_mark(const Arguments& arguments, const Context& context) {
  const auto name = arguments.get("NAME");
  if (!name) return base::usage_error("no name of a region: ebb mark NAME");
  if (arguments.has("--begin") && arguments.has("--end")) return base::usage_error("either --begin or --end");
  const auto socket = context.environment(measure::kMarkSocketVariable);
  if (!socket || socket->empty()) {
    return base::usage_error(
        fmt::format("no run here: ${} is not set. ebb mark works inside a command started with ebb run -- COMMAND",
                    measure::kMarkSocketVariable));
  }
  const auto action = arguments.has("--begin") ? measure::MarkAction::kBegin
                      : arguments.has("--end") ? measure::MarkAction::kEnd
                                               : measure::MarkAction::kToggle;
  EBB_TRY(const auto done, measure::send_mark(*socket, action, *name));
  if (arguments.has("--json")) {
    const bool began = done.starts_with("began");
    context.out(report::dump({{"region", *name}, {"edge", began ? "begin" : "end"}}) + "\n");
  }
  return 0;
}

}  // namespace

const Command& mark_command() {
  static const Command command{
      "mark",
      "begin or end a region inside a run",
      "Called by the command of ebb run: begins the region NAME, or ends it where it is open. Regions nest; ending one "
      "ends what is open inside it. The sensors are read at the edge before ebb mark returns, so that the energy is "
      "the "
      "region's own. The report shows each region's time, energy and emissions; --epochs-hint predicts the whole from "
      "regions named epoch.",
      {{"NAME", "", "of the region", false, true},
       {"--begin", "", "begin it, also inside one of the same name"},
       {"--end", "", "end it; an error where it is not open"}},
      {"ebb mark epoch", "ebb mark --end epoch"},
      run_mark,
      false};
  return command;
}

}  // namespace ebb::cli
