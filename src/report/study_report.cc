#include "report/study_report.h"

#include <fmt/format.h>

#include <array>
#include <functional>

#include "report/escape.h"
#include "report/table.h"
#include "units/format.h"

namespace ebb::report {
namespace {

std::string grams_text(const Json& value) {
  return value.is_null() ? "unknown" : units::text_of(units::grams(value.get<double>()));
}
std::string percent_text(const Json& value) {
  return value.is_null() ? "-" : fmt::format("{:.1f}%", value.get<double>());
}
std::string hours_text(const Json& seconds) {
  return seconds.is_null() ? "-" : fmt::format("{:.1f} h", seconds.get<double>() / 3600.0);
}
std::string signal_text(const Json& signal) {
  std::string text;
  for (const auto* part : {"kind", "scope"}) {
    if (signal[part].is_null()) continue;
    if (!text.empty()) text += ' ';
    text += signal[part].get<std::string>();
  }
  return text.empty() ? "unknown" : text;
}
std::string name_text(const Json& value) { return value.is_null() ? "" : value.get<std::string>(); }

/// Heading and cell of each column of the short tables.
struct Column {
  std::string_view heading;
  std::function<std::string(const Json&)> cell;
  bool number = true;
};

const std::array<Column, 11>& short_columns() {
  static const std::array<Column, 11> columns{{
      {"place",
       [](const Json& r) { return name_text(r["region"]).empty() ? name_text(r["zone"]) : name_text(r["region"]); },
       false},
      {"signal", [](const Json& r) { return signal_text(r["signal"]); }, false},
      {"experiment", [](const Json& r) { return name_text(r["experiment"]); }, false},
      {"slack", [](const Json& r) { return name_text(r["slack"]); }},
      {"strategy", [](const Json& r) { return name_text(r["strategy"]); }, false},
      {"run now", [](const Json& r) { return grams_text(r["baseline_g"]); }},
      {"plan", [](const Json& r) { return grams_text(r["emissions_g"]); }},
      {"less", [](const Json& r) { return grams_text(r["saved_g"]); }},
      {"% of run now", [](const Json& r) { return percent_text(r["saved_percent_of_total"]); }},
      {"delay", [](const Json& r) { return hours_text(r["delay_seconds_mean"]); }},
      {"starts", [](const Json& r) { return r["starts"].dump(); }},
  }};
  return columns;
}

}  // namespace

Json row_json(const study::Spec& spec, const study::Row& row) {
  const auto& place = spec.places[row.place];
  const auto& provenance = place.series.provenance();
  Json out;
  out["series_id"] = place.id;
  out["region"] = text_or_null(place.region);
  out["zone"] = text_or_null(provenance.zone);
  out["signal"] = json_of(provenance.signal);
  out["source"] = text_or_null(provenance.source);
  out["data_quality"] = json_of(provenance.quality);
  out["experiment"] = spec.experiments[row.experiment].name;
  out["slack"] = spec.slacks[row.slack].text;
  out["strategy"] = plan::name_of(row.strategy);
  out["starts"] = row.starts;
  out["skipped_starts"] = row.skipped_starts;
  out["zero_baseline_starts"] = row.zero_baseline_starts;
  out["baseline_g"] = value_or_null(row.baseline_g);
  out["emissions_g"] = value_or_null(row.emissions_g);
  out["saved_g"] = value_or_null(row.saved_g);
  out["saved_percent_mean"] = value_or_null(row.saved_percent_mean);
  out["saved_percent_of_total"] = value_or_null(row.saved_percent_of_total);
  out["harmed_percent"] = value_or_null(row.harmed_percent);
  out["pauses_mean"] = value_or_null(row.pauses_mean);
  out["pauses_per_hour"] = value_or_null(row.pauses_per_hour);
  out["delay_seconds_mean"] = value_or_null(row.delay_seconds_mean);
  out["delay_seconds_p95"] = value_or_null(row.delay_seconds_p95);
  return out;
}

base::Status check_rows(const Json& rows) {
  using Test = bool (*)(const Json&);
  const Test text = [](const Json& value) { return value.is_string(); };
  const Test name = [](const Json& value) { return value.is_string() || value.is_null(); };
  const Test number = [](const Json& value) { return value.is_number() || value.is_null(); };
  const Test count = [](const Json& value) { return value.is_number_unsigned(); };
  const Test signal = [](const Json& value) {
    return value.is_object() && value.contains("kind") && value.contains("scope") &&
           (value["kind"].is_string() || value["kind"].is_null()) &&
           (value["scope"].is_string() || value["scope"].is_null());
  };
  const Test object = [](const Json& value) { return value.is_object(); };
  const std::array<std::pair<const char*, Test>, 13> kKeys{{{"experiment", text},
                                                            {"slack", text},
                                                            {"strategy", text},
                                                            {"region", name},
                                                            {"zone", name},
                                                            {"baseline_g", number},
                                                            {"emissions_g", number},
                                                            {"saved_g", number},
                                                            {"saved_percent_of_total", number},
                                                            {"delay_seconds_mean", number},
                                                            {"starts", count},
                                                            {"signal", signal},
                                                            {"data_quality", object}}};
  std::size_t index = 0;
  for (const auto& row : rows) {
    ++index;
    if (!row.is_object()) return base::bad_data(fmt::format("row {} of the study is no object", index));
    for (const auto& [key, holds] : kKeys) {
      if (row.contains(key) && holds(row[key])) continue;
      return base::bad_data(fmt::format("row {} of the study: {} is missing or of a wrong type", index, key));
    }
  }
  return base::Done{};
}

Json study_json(const study::Spec& spec, const std::vector<study::Row>& rows, Json meta) {
  Json out;
  out["rows"] = Json::array();
  for (const auto& row : rows) out["rows"].push_back(row_json(spec, row));
  out["meta"] = std::move(meta);
  return out;
}

std::string rows_csv(const Json& rows) {
  std::string out;
  bool header = true;
  for (const auto& row : rows) {
    std::string names;
    std::string values;
    const auto add = [&](const std::string& name, const Json& value) {
      names += (names.empty() ? "" : ",") + name;
      values += (names.size() == name.size() ? "" : ",") + csv_field(value);
    };
    for (const auto& [key, value] : row.items()) {
      if (key == "signal") {
        add("signal_kind", value["kind"]);
        add("signal_scope", value["scope"]);
      } else if (key == "data_quality") {
        for (const auto& [part, share] : value.items()) add(part, share);
      } else {
        add(key, value);
      }
    }
    if (header) out += names + "\n";
    header = false;
    out += values + "\n";
  }
  return out;
}

std::string study_text(const Json& rows, std::size_t most_rows) {
  std::vector<std::pair<std::string, TextTable::Align>> headings;
  for (const auto& column : short_columns()) {
    headings.emplace_back(column.heading, column.number ? TextTable::Align::kRight : TextTable::Align::kLeft);
  }
  TextTable table(std::move(headings));
  std::size_t shown = 0;
  for (const auto& row : rows) {
    if (shown++ == most_rows) break;
    std::vector<std::string> cells;
    for (const auto& column : short_columns()) cells.push_back(column.cell(row));
    table.add(std::move(cells));
  }
  std::string out = table.text();
  if (rows.size() > most_rows) {
    out += fmt::format("... and {} rows more: --json, or --report DIR, has them all\n", rows.size() - most_rows);
  }
  return out;
}

std::string study_markdown(const Json& rows) {
  std::string head = "|";
  std::string line = "|";
  for (const auto& column : short_columns()) {
    head += fmt::format(" {} |", column.heading);
    line += column.number ? " ---: |" : " --- |";
  }
  std::string out = head + "\n" + line + "\n";
  for (const auto& row : rows) {
    out += "|";
    for (const auto& column : short_columns()) out += fmt::format(" {} |", column.cell(row));
    out += "\n";
  }
  return out;
}

std::string study_latex(const Json& rows) {
  std::string columns;
  std::string head;
  for (const auto& column : short_columns()) {
    columns += column.number ? 'r' : 'l';
    head += (head.empty() ? "" : " & ") + escaped_latex(column.heading);
  }
  std::string out = fmt::format("\\begin{{tabular}}{{{}}}\n\\toprule\n{} \\\\\n\\midrule\n", columns, head);
  for (const auto& row : rows) {
    std::string line;
    for (const auto& column : short_columns()) line += (line.empty() ? "" : " & ") + escaped_latex(column.cell(row));
    out += line + " \\\\\n";
  }
  return out + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace ebb::report
