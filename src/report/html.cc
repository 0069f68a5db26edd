#include "report/html.h"

#include <fmt/format.h>

#include <string_view>

#include "base/check.h"

extern "C" const char ebb_web_report_begin[];
extern "C" const char ebb_web_report_end[];

namespace ebb::report {
namespace {

constexpr std::string_view kDataPlace = "<!--EBB_DATA-->";
constexpr std::string_view kTablePlace = "<!--EBB_TABLE-->";

std::string_view page() { return {ebb_web_report_begin, ebb_web_report_end}; }

/// JSON inside a script element: no "<", so that nothing in it can end the element or begin a comment.
std::string script_safe(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string cell_text(const Json& value) {
  if (value.is_string()) return escaped(value.get<std::string>());
  if (value.is_structured()) return escaped(dump(value));
  return value.is_null() ? "" : dump(value);
}

/// The rows as a plain table, for a page without charts.
std::string rows_table(const Json& rows) {
  std::string out = "<table><thead><tr>";
  if (!rows.empty()) {
    for (const auto& [key, value] : rows.front().items()) out += "<th>" + escaped(key) + "</th>";
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

bool has_charts() { return page().find(kDataPlace) != std::string_view::npos; }

std::string study_html(const Json& document) {
  std::string out(page());
  if (const auto at = out.find(kTablePlace); at != std::string::npos) {
    out.replace(at, kTablePlace.size(), rows_table(document["rows"]));
  }
  if (const auto at = out.find(kDataPlace); at != std::string::npos) {
    out.replace(at, kDataPlace.size(),
                "<script type=\"application/json\" id=\"ebb-data\">" + script_safe(dump(document)) + "</script>");
  }
  return out;
}

}  // namespace ebb::report
