#include <fmt/format.h>

#include "account/load.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/common.h"
#include "cli/ledger_rows.h"
#include "cli/pricing.h"
#include "measure/mark.h"
#include "measure/measure.h"
#include "report/run_json.h"
#include "report/run_text.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

using report::Json;

base::Expected<std::map<std::string, std::string>> tags_of(const Arguments& arguments) {
  std::map<std::string, std::string> tags;
  for (const auto& tag : arguments.all("--tag")) {
    const auto equals = tag.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return base::usage_error(fmt::format("--tag: {} is not NAME=VALUE", base::in_quotes(tag)));
    }
    tags[tag.substr(0, equals)] = tag.substr(equals + 1);
  }
  return tags;
}

base::Expected<measure::Request> request_of(const Arguments& arguments, const Context& context, const Json& choice) {
  measure::Request request;
  request.command = arguments.all("COMMAND");
  if (const auto attach = arguments.get("--attach")) {
    const auto pid = base::parse_number(*attach);
    if (!pid || *pid < 1 || *pid > 4194304 || *pid != static_cast<int>(*pid)) {
      return base::usage_error(fmt::format("--attach: {} is no process id", base::in_quotes(*attach)));
    }
    request.attach = static_cast<pid_t>(*pid);
  }
  if (request.command.empty() == !request.attach) {
    return base::usage_error(request.attach ? "--attach measures what runs already: no command beside it"
                                            : "no command: ebb run [options] -- COMMAND ARGUMENTS, as in ebb run -- "
                                              "python train.py");
  }
  EBB_TRY(request.data_folder, data_folder(arguments, context));
  request.run_id = arguments.get("--run-id").value_or("");
  request.project = arguments.get("--project").value_or(context.environment("EBB_PROJECT").value_or(""));
  EBB_TRY(request.tags, tags_of(arguments));
  // A run inside a run is its child.
  request.parent_run = arguments.get("--parent").value_or(context.environment(measure::kRunIdVariable).value_or(""));
  if (const auto every = arguments.get("--every")) {
    const auto period = time::parse_duration(*every);
    if (!period) return in_option(period.error(), "--every");
    if (*period < std::chrono::milliseconds(10) || *period > std::chrono::minutes(5)) {
      return base::usage_error("--every: between 10ms and 5m");
    }
    request.period = *period;
  }
  request.whole_machine = arguments.has("--whole-machine");
  const auto sensors = measure::parse_sensor_choice(arguments.get("--sensors").value_or("auto"));
  if (!sensors) return in_option(sensors.error(), "--sensors");
  request.sensors = *sensors;
  request.options_json = report::dump(choice);
  request.version = EBB_VERSION;
  return request;
}

/// Keeps the run in the ledger: anew, or as a restatement where another node or rank had finished it before.
base::Status keep(const ledger::RunRow& row, const std::string& folder, const Context& context) {
  EBB_TRY(auto ledger, open_ledger(folder));
  auto put = ledger.put(row);
  if (put.ok() || put.error().kind != base::ErrorKind::kUsage) return put;
  return ledger.restate(row, "more of the run's traces came in", context.clock.now());
}

base::Status report_run(const measure::Outcome& outcome, const measure::Request& request, const Json& choice,
                        const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto traces, account::traces_of(outcome.folder));
  EBB_TRY(const auto measured, account::load_measured(traces));
  auto priced = price_run(measured, choice, arguments, context, true, false);
  if (!priced) {
    // The energy is known whatever is wrong with the prices.
    auto bare = choice;
    bare.erase("zone");
    bare.erase("series");
    Arguments none;
    const auto problem =
        "not priced: " + priced.error().message + "; price it later with ebb runs price " + outcome.run_id;
    priced = price_run(measured, bare, none, context, false, false);
    if (!priced) return priced.error();
    priced->record.warnings.push_back(problem);
  }
  auto& record = priced->record;
  record.warnings.insert(record.warnings.end(), outcome.warnings.begin(), outcome.warnings.end());
  const auto document = report::run_json(record);
  if (auto kept = keep(row_of(record, document, outcome.folder), request.data_folder, context); !kept) {
    context.err("ebb run: the ledger: " + kept.error().message + "\n");
  }
  const auto output = arguments.get("--output");
  if (arguments.has("--json")) {
    const auto text = report::dump(document) + "\n";
    if (output && *output != "-") return base::write_file(*output, text);
    context.err(text);
    return base::Done{};
  }
  const auto text = report::run_text(record, !output && context.err_is_terminal && wants_colour(arguments, context));
  if (output && *output != "-") return base::write_file(*output, text);
  if (!arguments.has("--quiet")) context.err(text);
  return base::Done{};
}

base::Expected<int> run_run(const Arguments& arguments, const Context& context) {
  const auto choice = pricing_choice(arguments, context, Json::object());
  EBB_TRY_DO(check_pricing(choice));
  EBB_TRY(const auto request, request_of(arguments, context, choice));
  const measure::World world{context.clock, context.host, context.host_name, context.user, context.random};
  const auto outcome = measure::measure(request, world);
  if (!outcome) return outcome.error();
  if (outcome->threads_left && context.leave_threads) context.leave_threads();
  // The last of a parallel run's nodes and ranks reports for all; what comes before is in the traces.
  if (outcome->leads && outcome->last_node) {
    if (const auto told = report_run(*outcome, request, choice, arguments, context); !told) {
      context.err(fmt::format("ebb run: {}; the trace is in {}\n", told.error().message, outcome->folder));
    }
  }
  return outcome->exit_code;
}

std::vector<Option> run_options() {
  std::vector<Option> options{
      {"--project", "P", "the project that the run belongs to; else $EBB_PROJECT"},
      {"--tag", "K=V", "a note to find it by", true},
      {"--parent", "ID", "the run that this one is part of; a run inside a run has it as its parent"},
      {"--run-id", "ID", "its name; default made of the time; a batch system's job names it"},
      {"--output", "FILE", "where the summary (with --json the document) goes; default stderr"},
      {"--attach", "PID", "measure a process that runs already, until it ends or Ctrl-C"},
      {"--every", "D", "time between samplings, 10ms to 5m; default 1s; a slower sensor is read less often"},
      {"--sensors", "S", "auto (default), or of nvml, rapl, amdgpu, model, replay:FILE, parted by commas"},
      {"--whole-machine", "", "everything that the machine uses is the run's"},
  };
  const auto& pricing = pricing_options();
  options.insert(options.end(), pricing.begin(), pricing.end());
  options.push_back(option_rows::kGridData);
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
      "reported (ebb report ID). With --json the document goes to --output FILE, else to stderr on one last line.",
      run_options(),
      {"ebb run -- python train.py", "ebb run --zone DE --pue 1.2 --project thesis -- make -j8"},
      run_run,
      false,
      true};
  return command;
}

}  // namespace ebb::cli
