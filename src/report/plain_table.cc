#include "report/plain_table.h"

#include "report/escape.h"

namespace ebb::report {
namespace {

/// Cells between `begin` and `end`, with `between` them, each as `shown` writes it.
template <typename Show>
std::string line_of(const std::vector<std::string>& cells, const std::string& begin, const std::string& between,
                    const std::string& end, const Show& shown) {
  std::string out = begin;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : between) + shown(cells[i]);
  return out + end;
}

std::vector<std::string> headings_of(const PlainTable& table) {
  std::vector<std::string> out;
  for (const auto& column : table.columns) out.push_back(column.heading);
  return out;
}

}  // namespace

std::string text_of(const PlainTable& table) {
  std::vector<std::pair<std::string, TextTable::Align>> columns;
  for (const auto& column : table.columns) {
    columns.emplace_back(column.heading, column.number ? TextTable::Align::kRight : TextTable::Align::kLeft);
  }
  TextTable text(std::move(columns));
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row) cells.push_back(printable(cell));
    text.add(std::move(cells));
  }
  return (table.title.empty() ? "" : printable(table.title) + "\n") + text.text(table.title.empty() ? 0 : 2);
}

std::string markdown_of(const PlainTable& table) {
  const auto shown = [](const std::string& cell) { return escaped_markdown(valid_utf8(cell)); };
  std::string out = table.title.empty() ? "" : "**" + shown(table.title) + "**\n\n";
  out += line_of(headings_of(table), "| ", " | ", " |\n", shown);
  std::string rule = "|";
  for (const auto& column : table.columns) rule += column.number ? " ---: |" : " --- |";
  out += rule + "\n";
  for (const auto& row : table.rows) out += line_of(row, "| ", " | ", " |\n", shown);
  return out;
}

std::string latex_of(const PlainTable& table) {
  const auto shown = [](const std::string& cell) { return escaped_latex(printable(cell)); };
  std::string columns;
  for (const auto& column : table.columns) columns += column.number ? 'r' : 'l';
  std::string out = table.title.empty() ? "" : "% " + printable(table.title) + "\n";
  out += "\\begin{tabular}{" + columns + "}\n\\toprule\n";
  out += line_of(headings_of(table), "", " & ", " \\\\\n", shown) + "\\midrule\n";
  for (const auto& row : table.rows) out += line_of(row, "", " & ", " \\\\\n", shown);
  return out + "\\bottomrule\n\\end{tabular}\n";
}

std::string html_of(const PlainTable& table) {
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                    escaped_html(valid_utf8(table.title)) + "\"><table><caption>" +
                    escaped_html(valid_utf8(table.title)) + "</caption><thead><tr>";
  const auto cell_class = [&table](std::size_t i) { return table.columns[i].number ? " class=\"n\"" : ""; };
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out += std::string("<th scope=\"col\"") + cell_class(i) + ">" + escaped_html(table.columns[i].heading) + "</th>";
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += std::string("<td") + cell_class(i) + ">" + escaped_html(valid_utf8(row[i])) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace ebb::report
