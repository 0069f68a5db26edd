#include <fmt/format.h>

#include "cli/common.h"
#include "cli/simulate_report.h"
#include "cli/simulate_setup.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

/// The one series of a simulation.
base::Expected<series::Series> only_series(const Arguments& arguments, const Context& context) {
  auto catalogue = open_catalogue(arguments, context);
  EBB_TRY(auto series, load_series(arguments, catalogue));
  if (series.size() != 1) return base::usage_error("one --series or one --zone: the cluster stands in one place");
  return series.front();
}

base::Expected<int> run_simulate(const Arguments& arguments, const Context& context) {
  const auto file = arguments.has("FILE") ? arguments.get("FILE") : arguments.get("--sacct");
  if (!file) return base::usage_error("what? ebb simulate FILE: a trace of jobs");
  EBB_TRY(auto choice, simulation_choice(arguments));
  choice.setup.trace_deadlines = !arguments.has("--no-trace-deadlines");
  EBB_TRY(const auto trace, simulate::load_job_trace(*file, {arguments.get("--unit").value_or(""),
                                                             arguments.get("--time-zone").value_or("")}));
  EBB_TRY(const auto grid, only_series(arguments, context));
  EBB_TRY(const auto start, time_option(arguments, "--start", context.clock));
  choice.setup.zero = start ? *start - trace.jobs.front().submit : trace.zero.value_or(grid.begin());
  EBB_TRY(const auto outcomes, simulate_all(trace, grid, choice));
  const auto report = simulation_report(outcomes, "running at once, on this cluster", trace);
  if (arguments.has("--json")) {
    context.out(report::dump(simulation_json(report, grid, choice), 1) + "\n");
    return 0;
  }
  print_warnings(report.warnings, arguments, context);
  context.out(simulation_text(report, grid, choice));
  return 0;
}

std::vector<Option> options() {
  std::vector<Option> all{
      {"FILE", "", "jobs: submit and seconds (or start and end), gpus, cpus, user, deadline; or one of the forms below",
       false, true},
      {"--sacct", "FILE", "the same: output of sacct -P, found from its header"},
      {"--unit", "U", "s or h: of arrival_time and length in a trace of GAIA's form"},
      {"--time-zone", "Z", "of sacct's local times: Europe/Berlin, UTC, +02:00"},
      {"--start", "T", "when the first job comes; default as the trace says, or where the series begins"},
      {"--no-trace-deadlines", "", "passes over the trace's deadlines: --slack for all"}};
  for (const auto& option : simulation_options()) all.push_back(option);
  return all;
}

}  // namespace

const Command& simulate_command() {
  static const Command command{
      "simulate",
      "the queue over a trace of jobs: what it emits, saves, delays and misses",
      "Runs every job of a trace through ebb's own queue on a simulated clock and a cluster of limited size: at once, "
      "with the best start, with pauses that cost something, and by the saving per waiting hour. Grams first, against "
      "running at once on the same cluster; then delay, missed deadlines, and jobs that came out dirtier. Traces: "
      "plain "
      "CSV, sacct -P, ElasticFlow's (Philly), GAIA's (Alibaba PAI).",
      options(),
      {"ebb simulate jobs.csv --zone DE --gpus 64 --slack 12h",
       "ebb simulate --sacct history.txt --time-zone Europe/Berlin --zone DE --gpus 64 --json"},
      run_simulate,
      false};
  return command;
}

}  // namespace ebb::cli
