#include "report/html.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "report/escape.h"

extern "C" const char ebb_web_report_begin[];
extern "C" const char ebb_web_report_end[];

namespace ebb::report {
namespace {

constexpr std::string_view kDataPlace = "<!--EBB_DATA-->";
constexpr std::string_view kTablePlace = "<!--EBB_TABLE-->";

std::string_view study_page() { return {ebb_web_report_begin, ebb_web_report_end}; }

std::string cell_text(const Json& value) {
  if (value.is_string()) return escaped_html(value.get<std::string>());
  if (value.is_structured()) return escaped_html(dump(value));
  return value.is_null() ? "" : dump(value);
}

/// The rows as a plain table, for a page without charts.
std::string rows_table(const Json& rows) {
  std::string out = "<table><thead><tr>";
  if (!rows.empty()) {
    for (const auto& [key, value] : rows.front().items()) out += "<th>" + escaped_html(key) + "</th>";
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (const auto& [key, value] : row.items()) out += "<td>" + cell_text(value) + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table>";
}

}  // namespace

base::Status check_document(const Json& document) {
  constexpr std::string_view kHint = "make it with ebb study --document FILE (or --report DIR)";
  const bool known = document.is_object() && document.contains("schema") && document["schema"] == "ebb-study-report-1";
  if (!known) return base::bad_data(fmt::format("the HTML report needs the whole document of a study: {}", kHint));
  for (const auto* list :
       {"series", "experiments", "rows", "monthly", "hourly", "lengths", "tradeoff_delay", "tradeoff_pauses", "ladder",
        "table1", "foresight", "paper", "data_notes", "attributions", "warnings"}) {
    if (!document.contains(list) || !document[list].is_array()) {
      return base::bad_data(fmt::format("the document has no list {}: {}", list, kHint));
    }
  }
  return base::Done{};
}

bool has_charts() { return study_page().find(kDataPlace) != std::string_view::npos; }

std::string study_html(const Json& document) {
  std::string out(study_page());
  if (const auto at = out.find(kTablePlace); at != std::string::npos) {
    out.replace(at, kTablePlace.size(), rows_table(document["rows"]));
  }
  return with_document(std::move(out), document);
}

std::string with_document(std::string page, const Json& document) {
  if (const auto at = page.find(kDataPlace); at != std::string::npos) {
    page.replace(at, kDataPlace.size(),
                 "<script type=\"application/json\" id=\"ebb-data\">" + script_safe(dump(document)) + "</script>");
  }
  return page;
}

}  // namespace ebb::report
