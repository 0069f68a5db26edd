#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/file.h"
#include "cli/common.h"
#include "cli/study_foresight.h"
#include "cli/study_inputs.h"
#include "report/html.h"
#include "report/study_document.h"
#include "report/study_report.h"
#include "study/details.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

using report::Json;

/// Rows shown on the terminal where a study has more than fits.
constexpr std::size_t kTerminalRows = 40;

std::vector<std::size_t> shown_experiments(const study::Spec& spec) {
  constexpr std::array<std::string_view, 4> kFavourites{"bert-finetune", "densenet-201", "vit-small", "bert-lm"};
  std::vector<std::size_t> shown;
  for (const auto name : kFavourites) {
    for (std::size_t i = 0; i < spec.experiments.size(); ++i) {
      if (spec.experiments[i].name == name) shown.push_back(i);
    }
  }
  for (std::size_t i = 0; i < spec.experiments.size() && shown.empty(); ++i) shown.push_back(i);
  return shown;
}

/// Places whose pauses are counted by the exact planner: one of each signal is enough to see the trade.
std::vector<std::size_t> pauses_places(const study::Spec& spec) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < spec.places.size(); ++i) {
    const auto same = [&](std::size_t other) {
      return spec.places[other].series.signal() == spec.places[i].series.signal();
    };
    if (std::count_if(places.begin(), places.end(), same) < 4) places.push_back(i);
  }
  return places;
}

Json meta_json(const StudyInputs& inputs, const Context& context, const std::vector<std::string>& warnings) {
  return {{"generated_by", "ebb " EBB_VERSION},
          {"command", context.command_line},
          {"data_kind", report::name_of(inputs.data_kind)},
          {"foresight", "perfect"},
          {"notes", inputs.notes},
          {"pauses", "counted with ties going to the earlier slot; the emissions are the same however ties fall"},
          {"warnings", warnings}};
}

std::vector<std::string> warnings_of(const StudyInputs& inputs, const std::vector<study::Row>& rows) {
  std::vector<std::string> warnings;
  for (const auto& place : inputs.spec.places) {
    if (!place.series.signal().kind) {
      warnings.push_back(fmt::format("the series of {} does not say its signal", place.series.zone()));
    }
  }
  const auto empty = std::count_if(rows.begin(), rows.end(), [](const study::Row& row) { return row.starts == 0; });
  if (empty > 0) {
    warnings.push_back(
        fmt::format("{} of {} rows have no start: their window is longer than the series, or slots are missing", empty,
                    rows.size()));
  }
  if (inputs.data_kind == report::DataKind::kTypicalYear) warnings.push_back(inputs.notes.front());
  return warnings;
}

base::Status write_report(const std::string& folder, const Json& document) {
  EBB_TRY_DO(base::make_folder(folder));
  EBB_TRY_DO(base::write_file(folder + "/report.html", report::study_html(document)));
  EBB_TRY_DO(base::write_file(folder + "/study.json", report::dump(document) + "\n"));
  EBB_TRY_DO(base::write_file(folder + "/rows.csv", report::rows_csv(document["rows"])));
  for (const auto* part : {"monthly", "hourly", "lengths", "tradeoff_delay", "tradeoff_pauses", "foresight", "paper"}) {
    if (document[part].empty()) continue;
    EBB_TRY_DO(base::write_file(fmt::format("{}/{}.csv", folder, part), report::rows_csv(document[part])));
  }
  return base::Done{};
}

base::Expected<int> run_study(const Arguments& arguments, const Context& context) {
  auto catalogue = open_catalogue(arguments, context);
  const auto foresight = arguments.get("--foresight").value_or("perfect");
  if (foresight != "perfect" && foresight != "as-issued") {
    return base::usage_error(fmt::format("--foresight: {} is neither perfect nor as-issued", foresight));
  }
  // The paper's study keeps its rows of hindsight; its report then shows both.
  const bool as_issued = foresight == "as-issued";
  if (as_issued && !arguments.has("NAME")) return run_foresight(arguments, context, catalogue);

  EBB_TRY(const auto inputs, study_inputs(arguments, catalogue));
  EBB_TRY(const auto rows, study::evaluate(inputs.spec));
  const auto warnings = warnings_of(inputs, rows);
  print_warnings(warnings, arguments, context);
  const auto folder = arguments.get("--report");
  const auto file = arguments.get("--document");
  if (folder || file) {
    report::StudyDocument document;
    document.title = inputs.title;
    document.command = context.command_line;
    document.data_kind = inputs.data_kind;
    document.data_notes = inputs.notes;
    document.attributions = inputs.attributions;
    document.spec = &inputs.spec;
    document.rows = &rows;
    document.shown_experiments = shown_experiments(inputs.spec);
    document.calendar = study::by_calendar(inputs.spec, document.shown_experiments);
    const auto day = *study::parse_slack("24h");
    document.lengths = study::by_length(inputs.spec, day);
    const std::vector<std::size_t> first{document.shown_experiments.front()};
    document.pauses = study::by_pauses(inputs.spec, pauses_places(inputs.spec), first, day);
    document.warnings = warnings;
    if (inputs.paper && inputs.data_kind == report::DataKind::kReal) {
      document.paper = report::paper_json(inputs.spec, rows);
    }
    if (as_issued) {
      EBB_TRY(document.foresight, foresight_json(inputs, catalogue, document.shown_experiments));
    }
    const Json made = report::study_document_json(document);
    if (folder) EBB_TRY_DO(write_report(*folder, made));
    if (file) EBB_TRY_DO(base::write_file(*file, report::dump(made) + "\n"));
  }
  const Json out = report::study_json(inputs.spec, rows, meta_json(inputs, context, warnings));
  if (arguments.has("--json")) {
    context.out(report::dump(out) + "\n");
  } else {
    context.out(report::study_text(out["rows"], kTerminalRows));
    if (folder) context.out(fmt::format("\nthe report: {}/report.html, its tables beside it as CSV\n", *folder));
  }
  return 0;
}

}  // namespace

const Command& study_command() {
  static const Command command{
      "study",
      "evaluate jobs x zones x slacks x strategies over a period",
      "Evaluates every experiment in every zone with every slack and strategy at every start of the period, with "
      "perfect "
      "foresight. `ebb study dodge2022` is the evaluation of Dodge et al. (FAccT 2022).",
      {{"NAME", "", "dodge2022: the paper's sixteen regions, eleven jobs, eight slacks, both strategies", false, true},
       option_rows::kSeries,
       option_rows::kZone,
       option_rows::kZones,
       option_rows::kSignal,
       {"--experiments", "FILE", "experiment,hours,energy_kwh or experiment,profile; dodge2022 for the paper's eleven"},
       {"--slack", "S,S", "slacks: 6h,12h,50%; default the paper's eight", true},
       {"--strategies", "S,S", "run-now, flexible-start, pause-resume; default the last two", true},
       {"--starts", "WHICH",
        "every (default), monthly5 (days 1, 7, 13, 19, 25 of each month) or a number of evenly spaced starts"},
       {"--hour", "H", "the UTC hour of monthly5 starts; default 0"},
       {"--from", "TIME", "only the part of the series from here on"},
       {"--to", "TIME", "... and up to here"},
       {"--foresight", "F",
        "perfect (default), or as-issued: plans on SGIP's forecasts as they were published (3 h; beyond them ours), "
        "priced by what the grid then did; with dodge2022, in its report"},
       {"--threads", "N", "how many threads; default one per core; the result does not depend on it"},
       {"--report", "DIR", "write report.html and its tables as CSV there"},
       {"--document", "FILE", "write the report's whole document as JSON, for ebb report"},
       option_rows::kGridData},
      {"ebb study dodge2022 --report dodge2022-report",
       "ebb study --series pge-2020.csv --experiments dodge2022 --slack 6h,24h,100% --starts monthly5 --json"},
      run_study,
      false};
  return command;
}

}  // namespace ebb::cli
