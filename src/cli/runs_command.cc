#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "cli/common.h"
#include "cli/ledger_rows.h"
#include "cli/runs_common.h"
#include "report/run_read.h"
#include "report/run_table.h"
#include "report/run_text.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::cli {
namespace {

using report::Json;

std::vector<Option> with(std::vector<Option> first, const std::vector<Option>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

base::Expected<std::vector<Json>> documents_of(const std::vector<ledger::RunRow>& rows, const Arguments& arguments,
                                               const Context& context) {
  std::vector<Json> documents;
  for (const auto& row : rows) {
    EBB_TRY(auto document, document_of(row, arguments, context));
    documents.push_back(std::move(document));
  }
  return documents;
}

base::Expected<std::string> format_of(const Arguments& arguments, const std::string& output) {
  auto format = arguments.get("--format").value_or(arguments.has("--json") ? "json" : "");
  if (format.empty()) {
    const auto dot = output.rfind('.');
    format = dot == std::string::npos ? "csv" : output.substr(dot + 1);
    if (format != "json" && format != "jsonl") format = "csv";
  }
  if (format == "csv" || format == "json" || format == "jsonl") return format;
  return base::usage_error(fmt::format("--format: {} is none of csv, json, jsonl", base::in_quotes(format)));
}

base::Expected<std::string> addition(const std::string& format, std::string_view present,
                                     const std::vector<Json>& documents) {
  if (format == "json") return report::runs_json_list(documents);
  if (format == "jsonl") return report::runs_jsonl_addition(present, documents);
  return report::runs_csv_addition(present, documents);
}

/// A list in JSON is written whole; lines are added to those that are there.
base::Status export_to(const std::string& path, const std::string& format, const std::vector<Json>& documents) {
  std::error_code none;
  const bool adds = format != "json" && std::filesystem::exists(path, none);
  base::FileBytes present;
  if (adds) {
    EBB_TRY(present, base::load_text_file(path));
  }
  const auto text = addition(format, present.view(), documents);
  if (!text) return text.error().in(path);
  return adds ? base::append_to_file(path, *text) : base::write_file(path, *text);
}

base::Expected<int> run_list(const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto folder, data_folder(arguments, context));
  EBB_TRY(auto ledger, open_ledger(folder));
  EBB_TRY(const auto rows, chosen_rows(ledger, folder, arguments, context));
  EBB_TRY(const auto documents, documents_of(rows, arguments, context));
  if (arguments.has("--json")) {
    EBB_TRY(const auto all, report::runs_json_list(documents));
    context.out(all);
    return 0;
  }
  EBB_TRY(const auto table, report::runs_table_text(documents));
  context.out(table);
  return 0;
}

base::Expected<int> run_show(const Arguments& arguments, const Context& context) {
  const auto id = arguments.get("ID");
  if (!id) return base::usage_error("which run? ebb runs show ID; ebb runs list shows them");
  EBB_TRY(const auto folder, data_folder(arguments, context));
  EBB_TRY(auto ledger, open_ledger(folder));
  EBB_TRY(const auto row, find_run(ledger, folder, *id, arguments, context));
  EBB_TRY(const auto document, document_of(row, arguments, context));
  if (arguments.has("--json")) {
    context.out(report::dump(document) + "\n");
    return 0;
  }
  EBB_TRY(const auto record, report::read_run(document));
  context.out(report::run_detail_text(record, wants_colour(arguments, context)));
  EBB_TRY(const auto changes, ledger.restatements(row.run_id));
  for (const auto& change : changes) {
    const auto grams = [](const ledger::RunRow& one) {
      return one.emissions ? units::text_of(*one.emissions) + " (" + one.signal + ", " + one.vintage + ")"
                           : std::string("no emissions");
    };
    context.out(fmt::format("restated {}: {} -> {}: {}\n",
                            time::text_of(std::chrono::floor<std::chrono::seconds>(change.at)), grams(change.before),
                            grams(change.after), change.reason));
  }
  return 0;
}

base::Expected<int> run_export(const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto folder, data_folder(arguments, context));
  EBB_TRY(auto ledger, open_ledger(folder));
  std::vector<ledger::RunRow> rows;
  const auto ids = arguments.all("ID");
  for (const auto& id : ids) {
    EBB_TRY(auto row, find_run(ledger, folder, id, arguments, context));
    rows.push_back(std::move(row));
  }
  if (ids.empty()) {
    EBB_TRY(rows, chosen_rows(ledger, folder, arguments, context));
    std::reverse(rows.begin(), rows.end());  // files grow at their end: the oldest first
  }
  EBB_TRY(const auto documents, documents_of(rows, arguments, context));
  const auto output = arguments.get("--output").value_or("-");
  EBB_TRY(const auto format, format_of(arguments, output));
  if (output == "-") {
    EBB_TRY(const auto text, addition(format, "", documents));
    context.out(text);
    return 0;
  }
  EBB_TRY_DO(export_to(output, format, documents));
  if (!arguments.has("--quiet")) context.err(fmt::format("{} runs to {}\n", documents.size(), output));
  return 0;
}

base::Expected<int> run_price(const Arguments& arguments, const Context& context) {
  const auto ids = arguments.all("ID");
  if (ids.empty()) return base::usage_error("which run? ebb runs price ID --zone Z");
  EBB_TRY(const auto folder, data_folder(arguments, context));
  EBB_TRY(auto ledger, open_ledger(folder));
  Json all = Json::array();
  for (const auto& id : ids) {
    EBB_TRY(const auto before, find_run(ledger, folder, id, arguments, context));
    EBB_TRY(auto loaded, load_run(before.trace_folder, arguments, context, true));
    const auto row = row_of(loaded.priced.record, loaded.document, before.trace_folder);
    if (!arguments.has("--dry-run")) {
      const bool finished = before.state == ledger::RunState::kFinished;
      const auto reason = arguments.get("--reason").value_or("priced again: ebb runs price");
      if (!finished) {
        EBB_TRY_DO(ledger.put(row));
      } else if (row.record_json != before.record_json) {
        EBB_TRY_DO(ledger.restate(row, reason, context.clock.now()));
      }
    }
    if (arguments.has("--json")) {
      all.push_back(loaded.document);
    } else {
      context.out(report::run_detail_text(loaded.priced.record, wants_colour(arguments, context)));
      if (before.emissions && row.emissions) {
        context.out(fmt::format("before: {} ({}); now: {} ({})\n", units::text_of(*before.emissions), before.signal,
                                units::text_of(*row.emissions), row.signal));
      }
    }
  }
  if (arguments.has("--json")) context.out(report::dump(ids.size() == 1 ? all[0] : all) + "\n");
  return 0;
}

}  // namespace

const Command& runs_list_command() {
  static const Command command{"runs list",
                               "the runs in the ledger",
                               "One line a run, newest first; runs that go on, and those whose ebb was killed, as far "
                               "as their traces reach.",
                               filter_options(),
                               {"ebb runs list --project thesis", "ebb runs list --limit 5 --json"},
                               run_list,
                               false};
  return command;
}

const Command& runs_show_command() {
  static const Command command{"runs show",
                               "everything about one run",
                               "Components, conservation, both books, SCI with each term, gaps, regions, prediction, "
                               "what-ifs, and what was restated. A run that goes on is shown as far as it has come.",
                               with({{"ID", "", "of the run, or the begin of it", false, true}}, pricing_options()),
                               {"ebb runs show 20260301-142233", "ebb runs show 2026 --epochs-hint 30"},
                               run_show,
                               false};
  return command;
}

const Command& runs_export_command() {
  static const Command command{
      "runs export",
      "runs as CSV, JSON or JSON Lines",
      "Writes the runs chosen, or all, oldest first. Into a file that is there already further runs are appended (CSV "
      "and JSON Lines), so that it stays readable; a CSV file with another header is refused.",
      with({{"ID", "", "of a run, or the begin of it; default all that the filter lets through", true, true},
            {"--output", "FILE", "where to; default stdout"},
            {"--format", "F", "csv, json or jsonl; default by the output's ending, else csv"}},
           filter_options()),
      {"ebb runs export --output runs.csv", "ebb runs export --project thesis --format jsonl"},
      run_export,
      false};
  return command;
}

const Command& runs_price_command() {
  static const Command command{
      "runs price",
      "price an old run again",
      "Prices the run's trace with another zone, other or revised series, another PUE, in both books. The ledger keeps "
      "what stood there before (ebb runs show ID tells).",
      with({{"ID", "", "of the run, or the begin of it", true, true},
            {"--reason", "TEXT", "why, for the restatement log"},
            {"--dry-run", "", "print it, change nothing"}},
           with(pricing_options(), {option_rows::kGridData})),
      {"ebb runs price 20260301-142233 --zone FR", "ebb runs price 2026 --series revised.csv --reason 'data revised'"},
      run_price,
      false};
  return command;
}

}  // namespace ebb::cli
