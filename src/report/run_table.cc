#include "report/run_table.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "report/escape.h"
#include "report/plain_table.h"
#include "report/run_campaign.h"
#include "report/run_read.h"
#include "report/run_words.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using account::RunRecord;

/// One column of the CSV: its name, and its value in a record's document.
struct Column {
  std::string_view name;
  Json (*value)(const RunRecord&, const Json&);
};

Json key_of(const Json& object, const char* key) {
  return object.is_object() && object.contains(key) ? object[key] : Json();
}

Json texts_joined(const std::vector<std::string>& texts) {
  return text_or_null(fmt::format("{}", fmt::join(texts, " ")));
}

template <typename Q, typename Read>
Json grams_of(const std::optional<Q>& book, const Read& read) {
  return book ? Json(units::in_grams(read(*book))) : Json();
}

Json book_emissions(const std::optional<account::BookTotal>& book) {
  return grams_of(book, [](const account::BookTotal& of) { return of.emissions; });
}

Json level_end(const Json& document, const char* key, std::size_t end) {
  const auto ends = key_of(key_of(document, "uncertainty"), key);
  return ends.is_array() && ends.size() == 2 ? ends[end] : Json();
}

// NOLINTBEGIN(bugprone-unused-parameter): all columns have one type.
const std::array<Column, 34>& columns() {
  using R = const RunRecord&;
  using D = const Json&;
  static const std::array<Column, 34> kColumns{{
      {"run_id", [](R r, D) { return Json(r.run_id); }},
      {"state", [](R r, D) { return Json(r.state); }},
      {"exit_code", [](R r, D) { return r.exit_code ? Json(*r.exit_code) : Json(); }},
      {"begin", [](R r, D) { return Json(time::text_of(r.when.begin)); }},
      {"end", [](R r, D) { return Json(time::text_of(r.when.end)); }},
      {"duration_seconds", [](R r, D) { return Json(time::in_seconds(r.when.length())); }},
      {"user", [](R r, D) { return text_or_null(r.user); }},
      {"project", [](R r, D) { return text_or_null(r.project); }},
      {"tags", [](R, D d) { return d["tags"].empty() ? Json() : d["tags"]; }},
      {"parent_run", [](R r, D) { return text_or_null(r.parent_run); }},
      {"nodes", [](R r, D) { return texts_joined(r.nodes); }},
      {"missing_nodes", [](R r, D) { return texts_joined(r.missing_nodes); }},
      {"command", [](R r, D) { return texts_joined(r.command); }},
      {"energy_kwh", [](R, D d) { return d["energy_kwh"]; }},
      {"energy_low_kwh", [](R, D d) { return level_end(d, "energy_kwh", 0); }},
      {"energy_high_kwh", [](R, D d) { return level_end(d, "energy_kwh", 1); }},
      {"energy_measured", [](R r, D) { return Json(r.energy_quality.measured); }},
      {"energy_modelled", [](R r, D) { return Json(r.energy_quality.modelled); }},
      {"energy_filled", [](R r, D) { return Json(r.energy_quality.filled); }},
      {"coverage", [](R r, D) { return Json(r.coverage); }},
      {"zone", [](R r, D) { return text_or_null(r.zone); }},
      {"signal_kind", [](R, D d) { return key_of(key_of(d, "signal"), "kind"); }},
      {"signal_scope", [](R, D d) { return key_of(key_of(d, "signal"), "scope"); }},
      {"source", [](R r, D) { return r.own_book() != nullptr ? text_or_null(r.own_book()->source) : Json(); }},
      {"vintage", [](R r, D) { return r.own_book() != nullptr ? text_or_null(r.own_book()->vintage) : Json(); }},
      {"intensity_mean_g_per_kwh", [](R, D d) { return key_of(d, "intensity_mean_g_per_kwh"); }},
      {"pue", [](R r, D) { return Json(r.pue); }},
      {"operational_g", [](R, D d) { return key_of(d, "operational_g"); }},
      {"embodied_g", [](R, D d) { return d["embodied_g"]; }},
      {"emissions_g", [](R, D d) { return key_of(d, "emissions_g"); }},
      {"emissions_low_g", [](R, D d) { return level_end(d, "emissions_g", 0); }},
      {"emissions_high_g", [](R, D d) { return level_end(d, "emissions_g", 1); }},
      {"attributional_g", [](R r, D) { return book_emissions(r.attributional); }},
      {"consequential_g", [](R r, D) { return book_emissions(r.consequential); }},
  }};
  return kColumns;
}
// NOLINTEND(bugprone-unused-parameter)

const std::string& header() {
  static const std::string text = [] {
    std::string out;
    for (const auto& column : columns()) out += (out.empty() ? "" : ",") + std::string(column.name);
    return out + "\n";
  }();
  return text;
}

bool ends_inside_a_line(std::string_view present) { return !present.empty() && present.back() != '\n'; }

}  // namespace

base::Expected<std::string> runs_table_text(const std::vector<Json>& records) {
  constexpr std::size_t kLongestCommand = 40;
  PlainTable table{"",
                   {{"run", false},
                    {"begin (UTC)", false},
                    {"state", false},
                    {"time", true},
                    {"energy", true},
                    {"CO2e", true},
                    {"signal", false},
                    {"user", false},
                    {"command", false}},
                   {}};
  for (const auto& document : records) {
    EBB_TRY(const auto record, read_run(document));
    const auto* own = record.own_book();
    const bool failed = class_of(record) == RunClass::kFailed && record.exit_code;
    table.rows.push_back({record.run_id, time::text_of(record.when.begin).substr(0, 16),
                          failed ? fmt::format("exit {}", *record.exit_code) : record.state,
                          length_text(record.when.length()), units::text_of(record.energy),
                          own != nullptr ? units::text_of(own->emissions) : "-",
                          own != nullptr ? series::text_of(own->signal) : "-", record.user.empty() ? "-" : record.user,
                          cut_at(command_text(record), kLongestCommand)});
  }
  return text_of(table);
}

std::string_view runs_csv_header() { return header(); }

base::Expected<std::string> runs_csv_addition(std::string_view present, const std::vector<Json>& records) {
  std::string out = ends_inside_a_line(present) ? "\n" : "";
  if (present.empty()) {
    out += header();
  } else {
    const auto first = present.substr(0, present.find('\n'));
    if (std::string(first) + "\n" != header()) {
      return base::bad_data(
          fmt::format("the file has another header ({}): it is no list of runs of this version; write to "
                      "another file",
                      base::in_quotes(first)));
    }
  }
  for (const auto& document : records) {
    EBB_TRY(const auto record, read_run(document));
    std::string line;
    for (const auto& column : columns()) {
      line += (&column == columns().data() ? "" : ",") + csv_field(column.value(record, document));
    }
    out += line + "\n";
  }
  return out;
}

base::Expected<std::string> runs_jsonl_addition(std::string_view present, const std::vector<Json>& records) {
  if (!present.empty()) {
    const auto parsed = Json::parse(present.substr(0, present.find('\n')), nullptr, false);
    if (parsed.is_discarded() || !parsed.is_object()) {
      return base::bad_data(
          "the first line of the file is no JSON object: it is no list of runs; write to another file");
    }
  }
  std::string out = ends_inside_a_line(present) ? "\n" : "";
  for (const auto& document : records) {
    EBB_TRY_DO(read_run(document));
    out += dump(document) + "\n";
  }
  return out;
}

base::Expected<std::string> runs_json_list(const std::vector<Json>& records) {
  std::string out = "[";
  for (const auto& document : records) {
    EBB_TRY_DO(read_run(document));
    out += (out.size() == 1 ? "\n" : ",\n") + dump(document);
  }
  return out + "\n]\n";
}

}  // namespace ebb::report
