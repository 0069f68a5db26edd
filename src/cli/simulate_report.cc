#include "cli/simulate_report.h"

#include <fmt/format.h>

#include <cmath>

#include "report/plain_table.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::cli {
namespace {

using report::Json;
using simulate::Summary;

std::string grams_text(double grams) { return units::text_of(units::grams(grams)); }

std::string hours_text(time::Duration length) { return fmt::format("{:.1f} h", time::in_seconds(length) / 3600.0); }

std::string share_text(const Summary& row, const Summary& baseline) {
  return baseline.grams > 0.0 ? fmt::format("{:.1f}%", 100.0 * row.saved_grams / baseline.grams) : "-";
}

/// What the figures rest on.
std::string setup_text(const SimulationChoice& choice) {
  const auto& setup = choice.setup;
  return fmt::format(
      "A job draws {} a GPU, or {} a CPU where it has none, as long as it runs. {}{}; lengths are {}; the grid is "
      "foreseen {}.",
      units::text_of(setup.gpu_power), units::text_of(setup.cpu_power),
      setup.gpus > 0 ? fmt::format("{} GPUs", setup.gpus) : std::string("No limit on GPUs"),
      setup.cpus > 0.0 ? fmt::format(", {:g} CPUs", setup.cpus) : std::string(),
      setup.length_error > 0.0 ? fmt::format("known to {:g}%", 100.0 * setup.length_error)
                               : std::string("known (waiting-hour: averages of each user's jobs)"),
      setup.knowledge == simulate::Knowledge::kPerfect ? "perfectly" : "as a day before");
}

Json json_of(const Summary& row, const Summary& baseline, const SimulationChoice& choice) {
  Json json{{"policy", simulate::name_of(row.policy)},
            {"jobs", row.jobs},
            {"emissions_g", row.grams},
            {"saved_g", row.saved_grams},
            {"saved_fraction", nullptr},
            {"saved_g_per_hour_of_delay", report::value_or_null(row.saved_grams_per_hour)},
            {"energy_kwh", row.kwh},
            {"cost", nullptr},
            {"delay_seconds_mean", time::in_seconds(row.delay_mean)},
            {"delay_seconds_p95", time::in_seconds(row.delay_p95)},
            {"missed_deadlines", row.missed},
            {"impossible_deadlines", row.impossible},
            {"harmed_jobs", row.harmed},
            {"pauses", row.pauses},
            {"left_out_beyond_data", row.beyond_data},
            {"left_out_too_large", row.too_large},
            {"not_priced", row.unpriced}};
  if (baseline.grams > 0.0) json["saved_fraction"] = row.saved_grams / baseline.grams;
  if (choice.price_per_kwh) json["cost"] = row.kwh * *choice.price_per_kwh;
  return json;
}

}  // namespace

SimulationReport simulation_report(const std::vector<simulate::Outcome>& outcomes, std::string baseline,
                                   const simulate::JobTrace& trace) {
  SimulationReport report;
  report.baseline = std::move(baseline);
  report.understood = trace.understood;
  report.warnings = trace.warnings;
  for (const auto& outcome : outcomes) report.rows.push_back(simulate::summary_of(outcome, outcomes.front()));
  const auto& first = report.rows.front();
  if (first.beyond_data > 0) {
    report.warnings.push_back(
        fmt::format("{} jobs reach beyond the grid's data: left out of everything", first.beyond_data));
  }
  if (first.too_large > 0) {
    report.warnings.push_back(fmt::format("{} jobs are larger than the cluster: left out", first.too_large));
  }
  if (first.impossible > 0) {
    report.warnings.push_back(fmt::format(
        "{} jobs could not keep their deadline from the moment they came: told then, run at once", first.impossible));
  }
  for (const auto& row : report.rows) {
    if (row.unpriced > 0) {
      report.warnings.push_back(fmt::format("{}: {} jobs touch a missing slot, or end behind the grid's data: no grams",
                                            simulate::name_of(row.policy), row.unpriced));
    }
  }
  return report;
}

std::string simulation_text(const SimulationReport& report, const series::Series& grid,
                            const SimulationChoice& choice) {
  const auto word = std::string(series::saving_word(grid.signal()));
  report::PlainTable table;
  table.title = fmt::format("{} jobs on {} ({}); {} against {}", report.rows.front().jobs,
                            grid.zone().empty() ? "the series" : grid.zone(), series::text_of(grid.signal()), word,
                            report.baseline);
  table.columns = {
      {"policy", false}, {"emits", true},  {word, true},     {"share", true},  {"delay mean", true},
      {"p95", true},     {"missed", true}, {"harmed", true}, {"pauses", true}, {word + " per hour of delay", true}};
  if (choice.price_per_kwh) table.columns.push_back({"cost", true});
  const auto& baseline = report.rows.front();
  for (const auto& row : report.rows) {
    std::vector<std::string> cells{std::string(simulate::name_of(row.policy)),
                                   grams_text(row.grams),
                                   grams_text(row.saved_grams),
                                   share_text(row, baseline),
                                   hours_text(row.delay_mean),
                                   hours_text(row.delay_p95),
                                   std::to_string(row.missed),
                                   std::to_string(row.harmed),
                                   std::to_string(row.pauses),
                                   row.saved_grams_per_hour ? grams_text(*row.saved_grams_per_hour) : "-"};
    if (choice.price_per_kwh) cells.push_back(fmt::format("{:.2f}", row.kwh * *choice.price_per_kwh));
    table.rows.push_back(std::move(cells));
  }
  return report::text_of(table) + setup_text(choice) + "\n";
}

report::Json simulation_json(const SimulationReport& report, const series::Series& grid,
                             const SimulationChoice& choice) {
  auto rows = Json::array();
  for (const auto& row : report.rows) rows.push_back(json_of(row, report.rows.front(), choice));
  const auto& setup = choice.setup;
  return {{"baseline", report.baseline},
          {"zone", report::text_or_null(grid.zone())},
          {"signal", report::json_of(grid.signal())},
          {"source", report::text_or_null(grid.provenance().source)},
          {"data_quality", report::json_of(grid.provenance().quality)},
          {"gpus", setup.gpus > 0 ? Json(setup.gpus) : Json(nullptr)},
          {"cpus", setup.cpus > 0.0 ? Json(setup.cpus) : Json(nullptr)},
          {"gpu_power_w", units::in_watts(setup.gpu_power)},
          {"cpu_power_w", units::in_watts(setup.cpu_power)},
          {"slack_seconds", time::in_seconds(setup.slack)},
          {"foresight", simulate::name_of(setup.knowledge)},
          {"length_error", setup.length_error},
          {"seed", setup.seed},
          {"rows", rows},
          {"understood", report.understood},
          {"warnings", report.warnings}};
}

}  // namespace ebb::cli
