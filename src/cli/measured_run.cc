#include "cli/measured_run.h"

#include <fmt/format.h>

#include <utility>

#include "account/load.h"
#include "base/text.h"
#include "cli/common.h"
#include "cli/ledger_rows.h"
#include "cli/pricing.h"
#include "measure/mark.h"
#include "report/run_json.h"
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

base::Status take_command(const Arguments& arguments, measure::Request& request) {
  request.command = arguments.all("COMMAND");
  if (const auto attach = arguments.get("--attach")) {
    const auto pid = base::parse_number(*attach);
    if (!pid || *pid < 1 || *pid > 4194304 || *pid != static_cast<int>(*pid)) {
      return base::usage_error(fmt::format("--attach: {} is no process id", base::in_quotes(*attach)));
    }
    request.attach = static_cast<pid_t>(*pid);
  }
  if (request.command.empty() != !request.attach) return base::Done{};
  return base::usage_error(request.attach ? "--attach measures what runs already: no command beside it"
                                          : "no command: ebb run [options] -- COMMAND ARGUMENTS, as in ebb run -- "
                                            "python train.py");
}

/// Keeps the run in the ledger: anew, or as a restatement where another node or rank had finished it before.
base::Status keep(const ledger::RunRow& row, const std::string& folder, const Context& context) {
  EBB_TRY(auto ledger, open_ledger(folder));
  auto put = ledger.put(row);
  if (put.ok() || put.error().kind != base::ErrorKind::kUsage) return put;
  return ledger.restate(row, "more of the run's traces came in", context.clock.now());
}

}  // namespace

const std::vector<Option>& measuring_options() {
  static const std::vector<Option> options = [] {
    std::vector<Option> all{
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
    all.insert(all.end(), pricing.begin(), pricing.end());
    all.push_back(option_rows::kGridData);
    return all;
  }();
  return options;
}

base::Expected<WantedRun> wanted_run(const Arguments& arguments, const Context& context) {
  WantedRun wanted;
  wanted.pricing = pricing_choice(arguments, context, Json::object());
  EBB_TRY_DO(check_pricing(wanted.pricing));
  auto& request = wanted.request;
  EBB_TRY_DO(take_command(arguments, request));
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
  request.options_json = report::dump(wanted.pricing);
  request.version = EBB_VERSION;
  return wanted;
}

measure::World world_of(const Context& context) {
  return {context.clock, context.host, context.host_name, context.user, context.random};
}

base::Expected<FiledRun> file_run(const measure::Outcome& outcome, const WantedRun& wanted, const Arguments& arguments,
                                  const Context& context, const Json& plan) {
  EBB_TRY(const auto traces, account::traces_of(outcome.folder));
  EBB_TRY(const auto measured, account::load_measured(traces));
  auto priced = price_run(measured, wanted.pricing, arguments, context, true, false);
  if (!priced) {
    // The energy is known whatever is wrong with the prices.
    auto bare = wanted.pricing;
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
  FiledRun filed{std::move(record), {}};
  filed.document = report::run_json(filed.record);
  if (!plan.is_null()) filed.document["plan"] = plan;
  const auto row = row_of(filed.record, filed.document, outcome.folder);
  if (auto kept = keep(row, wanted.request.data_folder, context); !kept) {
    context.err("ebb run: the ledger: " + kept.error().message + "\n");
  }
  return filed;
}

}  // namespace ebb::cli
