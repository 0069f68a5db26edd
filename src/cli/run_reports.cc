#include "cli/run_reports.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/common.h"
#include "cli/ledger_rows.h"
#include "cli/runs_common.h"
#include "hardware/gpu.h"
#include "report/run_campaign_report.h"
#include "report/run_html.h"
#include "report/run_json.h"
#include "report/run_read.h"
#include "report/run_sentence.h"
#include "report/run_table.h"
#include "report/run_text.h"

namespace ebb::cli {
namespace {

using report::Json;

base::Error unknown_format(const std::string& format) {
  return base::usage_error(
      fmt::format("--format: {} is none of html, markdown, latex, csv, json", base::in_quotes(format)));
}

std::vector<report::BoardPower> boards() {
  std::vector<report::BoardPower> all;
  for (const auto& gpu : hardware::gpu_powers()) all.push_back({gpu.name, gpu.limit});
  return all;
}

}  // namespace

base::Expected<std::string> run_report_text(const std::string& id, const std::string& format,
                                            const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto folder, data_folder(arguments, context));
  EBB_TRY(auto ledger, open_ledger(folder));
  EBB_TRY(const auto row, find_run(ledger, folder, id, arguments, context));
  EBB_TRY(auto document, document_of(row, arguments, context));
  const auto& pricing = pricing_options();
  const bool anew =
      std::any_of(pricing.begin(), pricing.end(), [&](const auto& option) { return arguments.has(option.name); });
  std::vector<series::Series> series;
  if (format == "html" || anew) {
    // The page lets its reader try other times and zones, for which it needs the series themselves.
    auto loaded = load_run(row.trace_folder, arguments, context, true);
    if (loaded) {
      series = std::move(loaded->priced.series);
      if (anew) document = std::move(loaded->document);
    } else if (anew) {
      return loaded.error();
    }
  }
  if (format == "html") return report::run_html(report::run_document(std::move(document), series, boards()));
  if (format == "json") return report::dump(document, 1) + "\n";
  if (format == "csv") return report::runs_csv_addition("", {document});
  EBB_TRY(const auto record, report::read_run(document));
  if (format == "markdown" || format == "md") return report::run_sentence(record, report::Markup::kMarkdown);
  if (format == "latex" || format == "tex") return report::run_sentence(record, report::Markup::kLatex);
  return unknown_format(format);
}

base::Expected<std::string> project_report(const std::string& format, const Arguments& arguments,
                                           const Context& context) {
  EBB_TRY(const auto folder, data_folder(arguments, context));
  EBB_TRY(auto ledger, open_ledger(folder));
  EBB_TRY(const auto rows, chosen_rows(ledger, folder, arguments, context));
  if (rows.empty()) {
    return base::no_data(fmt::format("no run of project {} in {}/ledger.db; ebb runs list shows what there is",
                                     base::in_quotes(arguments.get("--project").value_or("")), folder));
  }
  std::vector<Json> documents;
  for (const auto& row : rows) {
    EBB_TRY(auto document, document_of(row, arguments, context));
    documents.push_back(std::move(document));
  }
  std::reverse(documents.begin(), documents.end());
  std::optional<report::Functional> functional;
  if (arguments.has("--per") || arguments.has("--count")) {
    EBB_TRY(const auto count, number_option(arguments, "--count", 1e-9, 1e18));
    functional = report::Functional{arguments.get("--per").value_or("training"), count.value_or(1.0)};
  }
  EBB_TRY(const auto totals, report::campaign(documents, functional));
  if (format == "html") return report::campaign_html(totals, "Project " + arguments.get("--project").value_or(""));
  if (format == "json") return report::dump(report::campaign_json(totals), 1) + "\n";
  if (format == "csv") return report::campaign_csv(totals);
  if (format == "text") return report::campaign_text(totals);
  if (format == "markdown" || format == "md") return report::campaign_paper(totals, report::Markup::kMarkdown);
  if (format == "latex" || format == "tex") return report::campaign_paper(totals, report::Markup::kLatex);
  return unknown_format(format);
}

}  // namespace ebb::cli
