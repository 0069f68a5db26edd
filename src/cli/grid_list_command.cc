#include <fmt/format.h>

#include "cli/common.h"
#include "grid/annual.h"
#include "grid/typical_year.h"
#include "report/json.h"
#include "report/table.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

using report::Json;

/// One series that `--zone` can find.
struct Row {
  std::string_view place;  ///< "store", "folder", "ships"
  store::Entry entry;
};

store::Entry entry_of(const series::Series& series) {
  store::Entry entry;
  entry.key = store::key_of(series);
  entry.covers = series.covers();
  entry.slots = series.size();
  entry.missing = series.missing_count();
  entry.mean = series.mean();
  entry.quality = series.provenance().quality;
  return entry;
}

base::Status add_folder(std::vector<Row>& rows, grid::Catalogue& catalogue) {
  if (!catalogue.has_real_data()) return base::Done{};
  EBB_TRY(const auto* hourly, catalogue.hourly());
  for (const auto& series : *hourly) rows.push_back({"folder", entry_of(series)});
  EBB_TRY(const auto marginal, catalogue.marginal_2020());
  rows.push_back({"folder", entry_of(marginal)});
  return base::Done{};
}

void add_shipped(std::vector<Row>& rows) {
  for (const auto& zone : grid::typical_year_zones()) rows.push_back({"ships", entry_of(*grid::typical_year(zone))});
  rows.push_back({"ships", entry_of(grid::typical_marginal_year())});
}

Json json_of(const Row& row) {
  const auto& entry = row.entry;
  const bool kept = row.place == "store";
  return {{"place", row.place},
          {"zone", entry.key.zone},
          {"signal", report::json_of(entry.key.signal)},
          {"source", report::text_or_null(entry.key.source)},
          {"vintage", report::text_or_null(entry.key.vintage)},
          {"step_seconds", time::in_seconds(entry.key.step)},
          {"begin", time::text_of(entry.covers.begin)},
          {"end", time::text_of(entry.covers.end)},
          {"slots", entry.slots},
          {"missing", entry.missing},
          {"mean_g_per_kwh", entry.mean},
          {"revised", entry.revised},
          {"data_quality", report::json_of(entry.quality)},
          {"licences", entry.licences},
          {"retrieved_at", kept ? Json(time::text_of(entry.retrieved_at)) : Json()}};
}

Json json_of(const store::ForecastEntry& entry) {
  return {{"zone", entry.key.zone},
          {"signal", report::json_of(entry.key.signal)},
          {"source", report::text_or_null(entry.key.source)},
          {"vintage", report::text_or_null(entry.key.vintage)},
          {"step_seconds", time::in_seconds(entry.key.step)},
          {"forecasts", entry.forecasts},
          {"first_issued", time::text_of(entry.first_issued)},
          {"last_issued", time::text_of(entry.last_issued)},
          {"longest_horizon_seconds", time::in_seconds(entry.longest_horizon)}};
}

/// "2022-01-01" where a day begins, else with the minute.
std::string short_time(time::Instant at) {
  const auto text = time::text_of(at);
  return text.ends_with("T00:00:00Z") ? text.substr(0, 10) : text.substr(0, 16) + "Z";
}

std::string table_text(const std::vector<Row>& rows, std::string_view place) {
  using Align = report::TextTable::Align;
  report::TextTable table({{"zone", Align::kLeft},
                           {"signal", Align::kLeft},
                           {"step", Align::kRight},
                           {"from", Align::kLeft},
                           {"to", Align::kLeft},
                           {"slots", Align::kRight},
                           {"missing", Align::kRight},
                           {"mean", Align::kRight},
                           {"revised", Align::kRight},
                           {"vintage", Align::kLeft},
                           {"source", Align::kLeft}});
  for (const auto& [where, entry] : rows) {
    if (where != place) continue;
    table.add({entry.key.zone, series::text_of(entry.key.signal), time::text_of(entry.key.step),
               short_time(entry.covers.begin), short_time(entry.covers.end), std::to_string(entry.slots),
               std::to_string(entry.missing), series::is_missing(entry.mean) ? "-" : fmt::format("{:.1f}", entry.mean),
               std::to_string(entry.revised), entry.key.vintage, entry.key.source});
  }
  return table.text(2);
}

std::string forecasts_text(const std::vector<store::ForecastEntry>& forecasts) {
  using Align = report::TextTable::Align;
  report::TextTable table({{"zone", Align::kLeft},
                           {"signal", Align::kLeft},
                           {"step", Align::kRight},
                           {"forecasts", Align::kRight},
                           {"first issued", Align::kLeft},
                           {"last issued", Align::kLeft},
                           {"horizon", Align::kRight},
                           {"source", Align::kLeft}});
  for (const auto& entry : forecasts) {
    table.add({entry.key.zone, series::text_of(entry.key.signal), time::text_of(entry.key.step),
               std::to_string(entry.forecasts), short_time(entry.first_issued), short_time(entry.last_issued),
               time::text_of(entry.longest_horizon), entry.key.source});
  }
  return "Forecasts as issued:\n" + table.text(2) + "\n";
}

std::string section(std::string heading, const std::vector<Row>& rows, std::string_view place) {
  return std::move(heading) + " (means in g/kWh):\n" + table_text(rows, place) + "\n";
}

std::string list_text(const std::vector<Row>& rows, const std::vector<store::ForecastEntry>& forecasts,
                      grid::Catalogue& catalogue) {
  std::string out;
  if (!rows.empty() && rows.front().place == "store") {
    out += section("In the store, " + catalogue.stored().path(), rows, "store");
  } else {
    out += fmt::format("The store is empty{}: `ebb grid fetch` and `ebb grid import` fill it.\n\n",
                       catalogue.stored().path().empty() ? "" : ", " + catalogue.stored().path());
  }
  if (!forecasts.empty()) out += forecasts_text(forecasts);
  if (catalogue.has_real_data()) out += section("In " + catalogue.folder(), rows, "folder");
  out += section("What ships, typical years: modelled, not measured", rows, "ships");
  return out +
         fmt::format("Yearly means of {} zones ship as well (`ebb grid show ZONE`).\n", grid::annual_zones().size());
}

base::Expected<int> run_list(const Arguments& arguments, const Context& context) {
  auto catalogue = open_catalogue(arguments, context);
  std::vector<Row> rows;
  EBB_TRY(auto entries, catalogue.stored().entries());
  for (auto& entry : entries) rows.push_back({"store", std::move(entry)});
  EBB_TRY(const auto forecasts, catalogue.stored().forecasts());
  EBB_TRY_DO(add_folder(rows, catalogue));
  add_shipped(rows);
  if (!arguments.has("--json")) {
    context.out(list_text(rows, forecasts, catalogue));
    return 0;
  }
  Json document;
  document["store"] = report::text_or_null(catalogue.stored().path());
  document["folder"] = report::text_or_null(catalogue.folder());
  document["series"] = Json::array();
  for (const auto& row : rows) document["series"].push_back(json_of(row));
  document["forecasts"] = Json::array();
  for (const auto& entry : forecasts) document["forecasts"].push_back(json_of(entry));
  document["annual_zones"] = grid::annual_zones();
  context.out(report::dump(document, 1) + "\n");
  return 0;
}

}  // namespace

const Command& grid_list_command() {
  static const Command command{
      "grid list",
      "the series that --zone finds",
      "Lists every series with its zone, signal, step, time, gaps, mean, revisions, vintage and source: what the local "
      "store keeps, what lies in the folder of --grid-data, and the typical years that ship. --zone looks in that "
      "order.",
      {option_rows::kGridData},
      {"ebb grid list", "ebb grid list --json"},
      run_list,
      false};
  return command;
}

}  // namespace ebb::cli
