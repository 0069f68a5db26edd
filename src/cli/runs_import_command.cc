#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "cli/common.h"
#include "cli/ledger_rows.h"
#include "cli/runs_common.h"
#include "imports/import.h"
#include "imports/site_meter.h"
#include "report/run_json.h"
#include "report/run_table.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

using report::Json;

struct ImportedRun {
  ledger::RunRow row;
  Json document;
};

base::Expected<imports::ImportOptions> import_options(const Arguments& arguments, const Context& context) {
  imports::ImportOptions options;
  options.time_zone = arguments.get("--time-zone").value_or("");
  options.project = arguments.get("--project").value_or("");
  options.run_id = arguments.get("--run-id").value_or("");
  options.unit = arguments.get("--unit").value_or("");
  options.node = arguments.get("--node").value_or("");
  EBB_TRY(options.begin, time_option(arguments, "--begin", context.clock));
  EBB_TRY(options.end, time_option(arguments, "--end", context.clock));
  EBB_TRY(options.period, duration_option(arguments, "--period"));
  return options;
}

/// The runs of a folder of traces: of one run, or of many (`runs` of a data folder). What is no run is left out.
base::Expected<std::vector<ImportedRun>> from_folder(const std::string& folder, const Arguments& arguments,
                                                     const Context& context, std::vector<std::string>& told) {
  std::vector<std::string> folders;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.is_directory(none)) folders.push_back(entry.path().string());
  }
  std::sort(folders.begin(), folders.end());
  folders.push_back(folder);
  std::vector<ImportedRun> runs;
  for (const auto& one : folders) {
    auto loaded = load_run(one, arguments, context, false);
    if (!loaded) {
      if (loaded.error().kind != base::ErrorKind::kNoData) told.push_back(loaded.error().message);
      continue;
    }
    const auto absolute = std::filesystem::absolute(one, none).string();
    runs.push_back({row_of(loaded->priced.record, loaded->document, absolute), std::move(loaded->document)});
  }
  if (runs.empty()) return base::no_data(folder + ": no trace of a run in it, or in its folders");
  return runs;
}

base::Expected<std::vector<ImportedRun>> from_file(const std::string& path, const Arguments& arguments,
                                                   const Context& context, std::vector<std::string>& told) {
  EBB_TRY(const auto file, base::load_text_file(path));
  std::optional<imports::Format> format;
  if (const auto word = arguments.get("--format")) {
    format = imports::parse_format(*word);
    if (!format) {
      return base::usage_error(fmt::format(
          "--format: {} is none of codecarbon, slurm-sacct, prometheus, dcgm, power-csv", base::in_quotes(*word)));
    }
  } else {
    format = imports::detect(file.view(), path);
    if (!format) {
      return base::bad_data(path +
                            ": its header is none that is known; say --format codecarbon, slurm-sacct, prometheus, "
                            "dcgm or power-csv");
    }
  }
  EBB_TRY(const auto options, import_options(arguments, context));
  auto imported = imports::import_runs(*format, file.view(), path, options);
  if (!imported) return imported.error();
  told.push_back(fmt::format("{}: {}", path, imports::name_of(*format)));
  told.insert(told.end(), imported->understood.begin(), imported->understood.end());
  for (const auto& warning : imported->warnings) told.push_back("warning: " + warning);
  const auto choice = pricing_choice(arguments, context, Json::object());
  std::vector<ImportedRun> runs;
  for (const auto& measured : imported->runs) {
    const auto state = measured.header.tags.find("import.state");
    const bool running = state != measured.header.tags.end() && state->second == "running";
    EBB_TRY(auto priced, price_run(measured, choice, arguments, context, false, running));
    // Another tool's record has an end even where it does not tell an exit code.
    if (!running) priced.record.state = "finished";
    auto document = report::run_json(priced.record);
    runs.push_back({row_of(priced.record, document, ""), std::move(document)});
  }
  return runs;
}

/// A run that is in the ledger already with the same figures is left alone; with others it is restated.
base::Expected<bool> keep(ledger::Ledger& ledger, const ledger::RunRow& row, const Context& context) {
  const auto known = ledger.find(row.run_id);
  const bool there = known && known->run_id == row.run_id;
  if (there && known->record_json == row.record_json) return false;
  if (there && known->state == ledger::RunState::kFinished) {
    EBB_TRY_DO(ledger.restate(row, "imported again", context.clock.now()));
  } else {
    EBB_TRY_DO(ledger.put(row));
  }
  return true;
}

base::Expected<int> run_import(const Arguments& arguments, const Context& context) {
  const auto paths = arguments.all("FILE");
  if (paths.empty()) return base::usage_error("what? ebb runs import FILE, or a folder of traces");
  std::vector<ImportedRun> runs;
  std::vector<std::string> told;
  for (const auto& path : paths) {
    std::error_code none;
    const bool folder = std::filesystem::is_directory(path, none);
    EBB_TRY(auto some,
            folder ? from_folder(path, arguments, context, told) : from_file(path, arguments, context, told));
    runs.insert(runs.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  std::size_t kept = 0;
  if (!arguments.has("--dry-run")) {
    EBB_TRY(const auto folder, data_folder(arguments, context));
    EBB_TRY(auto ledger, open_ledger(folder));
    for (const auto& run : runs) {
      EBB_TRY(const bool is_new, keep(ledger, run.row, context));
      kept += is_new ? 1 : 0;
    }
  }
  std::vector<Json> documents;
  for (auto& run : runs) documents.push_back(std::move(run.document));
  if (!arguments.has("--quiet")) {
    for (const auto& line : told) context.err(line + "\n");
    if (!arguments.has("--dry-run")) {
      context.err(fmt::format("{} runs, {} of them new or restated\n", documents.size(), kept));
    }
  }
  EBB_TRY(const auto text,
          arguments.has("--json") ? report::runs_json_list(documents) : report::runs_table_text(documents));
  context.out(text);
  return 0;
}

Json json_of(const imports::UnaccountedPeriod& period) {
  return {{"period", period.name},
          {"metered_kwh", units::in_kwh(period.metered)},
          {"accounted_kwh", units::in_kwh(period.accounted)},
          {"rest_kwh", units::in_kwh(period.rest)},
          {"rest_share", report::value_or_null(period.share)},
          {"metered_without_runs_kwh", units::in_kwh(period.metered_without_runs)},
          {"accounted_without_meter_kwh", units::in_kwh(period.accounted_without_meter)}};
}

base::Expected<int> run_unaccounted(const Arguments& arguments, const Context& context) {
  const auto path = arguments.get("FILE");
  if (!path) return base::usage_error("whose meter? ebb runs unaccounted METER.csv");
  EBB_TRY(const auto file, base::load_text_file(*path));
  EBB_TRY(const auto meter, imports::parse_site_meter(file.view(), *path));
  EBB_TRY(const auto pue, number_option(arguments, "--pue", 1.0, 10.0));
  EBB_TRY(const auto folder, data_folder(arguments, context));
  EBB_TRY(auto ledger, open_ledger(folder));
  EBB_TRY(const auto rows, chosen_rows(ledger, folder, arguments, context));
  account::SlotEnergies slots;
  for (const auto& row : rows) {
    EBB_TRY(const auto document, document_of(row, arguments, context));
    for (const auto& slot : document.value("slots", Json::array())) {
      const auto begin = time::parse_instant(slot.value("begin", ""));
      if (!begin) continue;
      slots[std::chrono::floor<std::chrono::nanoseconds>(begin->time_since_epoch()) / account::kSlot] +=
          units::kilowatt_hours(slot.value("energy_kwh", 0.0));
    }
  }
  const auto result = imports::unaccounted(meter, slots, pue.value_or(1.0));
  auto warnings = meter.warnings;
  warnings.insert(warnings.end(), result.warnings.begin(), result.warnings.end());
  if (arguments.has("--json")) {
    Json months = Json::array();
    for (const auto& month : result.months) months.push_back(json_of(month));
    context.out(
        report::dump(
            {{"months", months}, {"total", json_of(result.total)}, {"pue", result.pue}, {"warnings", warnings}}) +
        "\n");
    return 0;
  }
  for (const auto& line : imports::text_of(result)) context.out(line + "\n");
  print_warnings(warnings, arguments, context);
  return 0;
}

std::vector<Option> joined(std::vector<Option> first, const std::vector<Option>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

}  // namespace

const Command& runs_import_command() {
  static const Command command{
      "runs import",
      "take in runs that other tools measured, or traces",
      "Reads CodeCarbon's emissions.csv, sacct -P with ConsumedEnergy, a power series of Prometheus or DCGM, or "
      "time,watts, "
      "and keeps the runs in the ledger, priced like any other. A folder: the traces in it, which makes a lost ledger "
      "anew. Nothing is guessed: what the file does not say is asked by an option. docs/imports.md says what each "
      "column is taken for.",
      joined({{"FILE", "", "files, or folders of traces", true, true},
              {"--format", "F", "codecarbon, slurm-sacct, prometheus, dcgm, power-csv; default by the header"},
              {"--dry-run", "", "say what was understood, keep nothing"},
              {"--time-zone", "Z", "of times without one: Europe/Berlin, UTC, +02:00"},
              {"--project", "P", "the project of the runs, instead of the file's"},
              {"--run-id", "ID", "of the run, where the file holds one"},
              {"--begin", "T", "time of the first row (dcgm)"},
              {"--end", "T", "end of the last value (power-csv)"},
              {"--period", "D", "time between rows (dcgm)"},
              {"--unit", "U", "of values whose name does not say it: W, mW, J, kWh"},
              {"--node", "NAME", "where the file names no machine"}},
             joined(pricing_options(), {option_rows::kGridData})),
      {"ebb runs import emissions.csv --time-zone Europe/Berlin --zone DE", "ebb runs import ~/.local/share/ebb/runs"},
      run_import,
      false};
  return command;
}

const Command& runs_unaccounted_command() {
  static const Command command{
      "runs unaccounted",
      "the part of a site meter's energy that no run accounts for",
      "Compares the readings of a meter (CSV time,kwh or time,kwh_total) with the runs in the ledger, month by month: "
      "kWh "
      "metered, accounted for, and the rest. A rest below zero is no saving but an inconsistency, and said.",
      joined({{"FILE", "", "the meter's readings", false, true},
              {"--pue", "N", "lifts the runs' energy from the equipment to the site; default 1"}},
             filter_options()),
      {"ebb runs unaccounted meter.csv --pue 1.3", "ebb runs unaccounted meter.csv --project thesis --json"},
      run_unaccounted,
      false};
  return command;
}

}  // namespace ebb::cli
