#include <fmt/format.h>

#include "cli/measured_run.h"
#include "cli/plan_wish.h"
#include "cli/run_by_plan.h"
#include "cli/run_summary.h"

namespace ebb::cli {
namespace {

base::Expected<int> run_run(const Arguments& arguments, const Context& context) {
  EBB_TRY(const bool by_plan, wants_plan(arguments));
  if (by_plan) return run_by_plan(arguments, context);
  EBB_TRY(const auto wanted, wanted_run(arguments, context));
  const auto outcome = measure::measure(wanted.request, world_of(context));
  if (!outcome) return outcome.error();
  if (outcome->threads_left && context.leave_threads) context.leave_threads();
  // The last of a parallel run's nodes and ranks reports for all; what comes before is in the traces.
  if (outcome->leads && outcome->last_node) {
    if (const auto told = report_run(*outcome, wanted, arguments, context); !told) {
      context.err(fmt::format("ebb run: {}; the trace is in {}\n", told.error().message, outcome->folder));
    }
  }
  return outcome->exit_code;
}

std::vector<Option> run_options() {
  auto options = measuring_options();
  const auto& plan = plan_wish_options();
  options.insert(options.end(), plan.begin(), plan.end());
  return options;
}

}  // namespace

const Command& run_command() {
  static const Command command{
      "run",
      "run a command, measure it, print and record the result",
      "Measures everything that the command and its descendants use: by sensors where there are some, by a power model "
      "with its interval where there are none. stdin, stdout, stderr, signals and the exit code are the command's own; "
      "the summary goes to stderr. The trace is kept, so that the run can be priced again (ebb runs price) and "
      "reported (ebb report ID). With --json the document goes to --output FILE, else to stderr on one last line. With "
      "--deadline or --slack it runs by plan: it waits for the best time, with --pausable it is also paused and "
      "resumed, "
      "and it always starts in time for its deadline (docs/run-by-plan.md).",
      run_options(),
      {"ebb run -- python train.py", "ebb run --zone DE --pue 1.2 --project thesis -- make -j8",
       "ebb run --zone DE --slack 12h --duration 3h --pausable freeze -- python train.py"},
      run_run,
      false,
      true};
  return command;
}

}  // namespace ebb::cli
