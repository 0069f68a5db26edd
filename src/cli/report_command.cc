#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/common.h"
#include "report/html.h"
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

base::Expected<int> run_report(const Arguments& arguments, const Context& context) {
  const auto path = arguments.get("FILE");
  Json document;
  if (path) {
    EBB_TRY(document, load_document(*path));
  } else {
    EBB_TRY(document, report::shipped_study());
    print_warnings({"no FILE given: this is the study that ships with ebb, computed on the real series by: " +
                    document["command"].get<std::string>()},
                   arguments, context);
  }
  const auto output = arguments.get("--output");
  auto format = arguments.get("--format").value_or(arguments.has("--json") ? "json" : "");
  if (format.empty() && output) {
    const auto dot = output->rfind('.');
    if (dot != std::string::npos) format = output->substr(dot + 1);
  }
  if (format.empty()) format = "markdown";
  EBB_TRY(const auto text, rendered(document, format));
  if (output && *output != "-") {
    EBB_TRY_DO(base::write_file(*output, text));
    if (!arguments.has("--quiet")) context.err(fmt::format("wrote {}\n", *output));
  } else {
    context.out(text);
  }
  return 0;
}

}  // namespace

const Command& report_command() {
  static const Command command{
      "report",
      "a report of a study: HTML, Markdown, LaTeX, CSV or JSON",
      "Renders the document of a study (ebb study --document FILE, or study.json beside a report). Without a file: the "
      "study "
      "dodge2022 on the real series, whose results ship with ebb.",
      {{"FILE", "", "document of a study", false, true},
       {"--output", "FILE", "where the report goes; default stdout"},
       {"--format", "F", "html, markdown, latex, csv or json; default by the output's ending, else markdown"}},
      {"ebb report --output dodge2022.html", "ebb report study.json --format latex"},
      run_report,
      false};
  return command;
}

}  // namespace ebb::cli
