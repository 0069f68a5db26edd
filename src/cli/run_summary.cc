#include "cli/run_summary.h"

#include "base/file.h"
#include "report/run_json.h"
#include "report/run_text.h"

namespace ebb::cli {

base::Status report_run(const measure::Outcome& outcome, const WantedRun& wanted, const Arguments& arguments,
                        const Context& context, const PlanSummary& plan) {
  EBB_TRY(const auto filed, file_run(outcome, wanted, arguments, context, plan.json));
  const auto output = arguments.get("--output");
  if (arguments.has("--json")) {
    const auto text = report::dump(filed.document) + "\n";
    if (output && *output != "-") return base::write_file(*output, text);
    context.err(text);
    return base::Done{};
  }
  const auto text =
      report::run_text(filed.record, !output && context.err_is_terminal && wants_colour(arguments, context)) +
      plan.line;
  if (output && *output != "-") return base::write_file(*output, text);
  if (!arguments.has("--quiet")) context.err(text);
  return base::Done{};
}

}  // namespace ebb::cli
