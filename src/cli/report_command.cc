#include <fmt/format.h>

#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "cli/common.h"
#include "cli/run_reports.h"
#include "cli/runs_common.h"
#include "report/html.h"
#include "report/run_verify.h"
#include "report/shipped.h"
#include "report/study_report.h"

namespace ebb::cli {
namespace {

using report::Json;

base::Expected<Json> load_document(const std::string& path) {
  EBB_TRY(const auto file, base::load_text_file(path));
  Json document = Json::parse(file.view(), nullptr, false);
  if (document.is_discarded() || !document.is_object() || !document.contains("rows") || !document["rows"].is_array()) {
    return base::bad_data(fmt::format("{}: no document of a study: make one with ebb study --document FILE", path));
  }
  if (const auto rows = report::check_rows(document["rows"]); !rows) return rows.error().in(path);
  return document;
}

base::Expected<std::string> rendered(const Json& document, const std::string& format) {
  if (format == "html") {
    EBB_TRY_DO(report::check_document(document));
    return report::study_html(document);
  }
  if (format == "markdown" || format == "md") return report::study_markdown(document["rows"]);
  if (format == "latex" || format == "tex") return report::study_latex(document["rows"]);
  if (format == "csv") return report::rows_csv(document["rows"]);
  if (format == "json") return report::dump(document, 1) + "\n";
  return base::usage_error(
      fmt::format("--format: {} is none of html, markdown, latex, csv, json", base::in_quotes(format)));
}

/// What to render: a study's document, a run, or a project's runs.
base::Expected<std::string> study_text(const std::optional<std::string>& path, const std::string& format,
                                       const Arguments& arguments, const Context& context) {
  Json document;
  if (path) {
    EBB_TRY(document, load_document(*path));
  } else {
    EBB_TRY(document, report::shipped_study());
    print_warnings({"no FILE given: this is the study that ships with ebb, computed on the real series by: " +
                    document["command"].get<std::string>()},
                   arguments, context);
  }
  return rendered(document, format);
}

std::string format_of(const Arguments& arguments) {
  const auto output = arguments.get("--output");
  auto format = arguments.get("--format").value_or(arguments.has("--json") ? "json" : "");
  if (format.empty() && output) {
    const auto dot = output->rfind('.');
    if (dot != std::string::npos) format = output->substr(dot + 1);
  }
  return format.empty() ? "markdown" : format;
}

base::Expected<int> verify(const std::string& path, const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto file, base::load_text_file(path));
  const Json document = Json::parse(file.view(), nullptr, false);
  if (document.is_discarded()) return base::bad_data(path + ": no JSON document");
  // A report's document carries the run's record inside.
  const Json& record = document.is_object() && document.contains("run") ? document["run"] : document;
  const auto verification = report::verify_run(record);
  if (!verification) return verification.error().in(path);
  context.out(arguments.has("--json") ? report::dump(report::verification_json(*verification)) + "\n"
                                      : report::verification_text(*verification));
  return verification->reproduced() ? 0 : static_cast<int>(base::ErrorKind::kBadData);
}

base::Expected<int> run_report(const Arguments& arguments, const Context& context) {
  if (const auto file = arguments.get("--verify")) return verify(*file, arguments, context);
  const auto what = arguments.get("FILE");
  const auto format = format_of(arguments);
  std::string text;
  std::error_code none;
  const bool is_file = what && std::filesystem::is_regular_file(*what, none);
  if (arguments.has("--project")) {
    EBB_TRY(text, project_report(format, arguments, context));
  } else if (what && !is_file && !what->ends_with(".json") && what->find('/') == std::string::npos) {
    EBB_TRY(text, run_report_text(*what, format, arguments, context));
  } else {
    EBB_TRY(text, study_text(what, format, arguments, context));
  }
  const auto output = arguments.get("--output");
  if (output && *output != "-") {
    EBB_TRY_DO(base::write_file(*output, text));
    if (!arguments.has("--quiet")) context.err(fmt::format("wrote {}\n", *output));
  } else {
    context.out(text);
  }
  return 0;
}

std::vector<Option> report_options() {
  std::vector<Option> options{
      {"FILE", "", "a run's id, or the document of a study", false, true},
      {"--project", "P", "all runs of this project together"},
      {"--verify", "FILE", "recompute the record of a run (JSON) and say whether it comes out the same"},
      {"--output", "FILE", "where the report goes; default stdout"},
      {"--format", "F", "html, markdown, latex, csv or json; default by the output's ending, else markdown"}};
  for (const auto& option : filter_options()) {
    if (option.name != "--project") options.push_back(option);
  }
  const auto& pricing = pricing_options();
  options.insert(options.end(), pricing.begin(), pricing.end());
  options.push_back(option_rows::kGridData);
  return options;
}

}  // namespace

const Command& report_command() {
  static const Command command{
      "report",
      "a report of a run, of a project's runs, or of a study",
      "Renders a run of the ledger (its id, or the begin of it), the runs of a project (--project P: failed and tuning "
      "runs included, R being what --per and --count say), or the document of a study (ebb study --document FILE): as "
      "HTML, Markdown, LaTeX, CSV or JSON. --verify recomputes a run's record from its own slots and factors. Without "
      "anything: the study dodge2022 on the real series, whose results ship with ebb.",
      report_options(),
      {"ebb report 20260301-142233 --output run.html", "ebb report --project thesis --per training --count 3",
       "ebb report --verify run.json", "ebb report study.json --format latex"},
      run_report,
      false};
  return command;
}

}  // namespace ebb::cli
