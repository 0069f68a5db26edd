#include "report/run_campaign_tables.h"

#include <fmt/format.h>

#include "report/run_words.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using units::text_of;

std::string grams_text(const std::optional<units::Emissions>& value) {
  return value ? text_of(*value) : std::string("not known");
}

std::string per_unit_heading(const CampaignTotals& totals) {
  return totals.functional ? fmt::format("CO2e per {}", totals.functional->unit) : std::string("CO2e per unit");
}

PlainTable lines_table(const CampaignTotals& totals) {
  PlainTable table{"Emissions by signal, source and vintage: never added to each other", {}, {}};
  table.columns = {{"book", false},
                   {"signal and source", false},
                   {"zones", false},
                   {"runs", true},
                   {"operational", true},
                   {"embodied", true},
                   {"CO2e", true},
                   {"interval", false},
                   {"of it failed", true},
                   {"tuning", true},
                   {per_unit_heading(totals), true}};
  for (const auto& line : totals.lines) {
    const auto of = [&line](RunClass kind) { return text_of(line.by_class[static_cast<std::size_t>(kind)]); };
    table.rows.push_back({std::string(carbon::name_of(line.book)), line_name(line), names_text(line.zones),
                          fmt::format("{} of {}", line.runs, totals.all.runs), text_of(line.operational),
                          text_of(line.embodied), text_of(line.emissions),
                          line.interval ? interval_words(line.interval->level, span_text(*line.interval)) : "not known",
                          of(RunClass::kFailed), of(RunClass::kTuning), grams_text(line.per_unit)});
  }
  return table;
}

PlainTable classes_table(const CampaignTotals& totals) {
  PlainTable table{
      "By what became of the runs", {{"runs", false}, {"number", true}, {"time", true}, {"energy", true}}, {}};
  for (std::size_t i = 0; i < kRunClasses; ++i) {
    const auto& sum = totals.by_class[i];
    if (sum.runs == 0) continue;
    table.rows.push_back({std::string(name_of(static_cast<RunClass>(i))), fmt::format("{}", sum.runs),
                          length_text(sum.length), text_of(sum.energy.value)});
  }
  return table;
}

PlainTable groups_table(const CampaignTotals& totals, const std::vector<CampaignGroup>& groups,
                        const std::string& title, const std::string& heading) {
  PlainTable table{title, {{heading, false}, {"runs", true}, {"time", true}, {"energy", true}}, {}};
  for (const auto& line : totals.lines) table.columns.push_back({"CO2e, " + series::text_of(line.signal), true});
  table.columns.push_back({"without CO2e", true});
  for (const auto& group : groups) {
    std::vector<std::string> row{group.name, fmt::format("{}", group.sum.runs), length_text(group.sum.length),
                                 text_of(group.sum.energy.value)};
    for (const auto& emissions : group.emissions) row.push_back(grams_text(emissions));
    row.push_back(runs_text(group.without_emissions));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string line_name(const CampaignLine& line) {
  std::string out = series::text_of(line.signal) + ", " + (line.source.empty() ? "source not stated" : line.source);
  return line.vintage.empty() ? out : fmt::format("{} (vintage {})", out, line.vintage);
}

std::string runs_text(std::size_t runs) { return fmt::format("{} {}", runs, runs == 1 ? "run" : "runs"); }

std::vector<PlainTable> campaign_tables(const CampaignTotals& totals) {
  return {lines_table(totals), classes_table(totals), groups_table(totals, totals.by_user, "By user", "user"),
          groups_table(totals, totals.by_month, "By month (UTC)", "month")};
}

std::vector<std::string> campaign_summary(const CampaignTotals& totals) {
  if (totals.all.runs == 0) return {"No run."};
  std::string classes;
  for (std::size_t i = 0; i < kRunClasses; ++i) {
    const auto runs = totals.by_class[i].runs;
    if (runs > 0)
      classes += fmt::format("{}{} {}", classes.empty() ? "" : ", ", runs, name_of(static_cast<RunClass>(i)));
  }
  const auto& all = totals.all;
  const auto percent = [](double share) { return fmt::format("{:.1f}%", 100.0 * share); };
  std::vector<std::string> out{
      fmt::format("{} ({}) from {} to {}, {} of running time together.", runs_text(all.runs), classes,
                  time::text_of(totals.when->begin).substr(0, 10), time::text_of(totals.when->end).substr(0, 10),
                  length_text(all.length)),
      fmt::format(
          "{} at the equipment ({}); of it {} measured, {} modelled, {} filled; readings stand for {} of the time.",
          text_of(all.energy.value), interval_words(all.energy.level, span_text(all.energy)),
          percent(totals.energy_quality.measured), percent(totals.energy_quality.modelled),
          percent(totals.energy_quality.filled), percent(totals.coverage))};
  if (totals.functional) {
    out.push_back(fmt::format("R = {} ({}); failed and tuning runs are part of what each one costs.",
                              count_text(totals.functional->count), totals.functional->unit));
  }
  return out;
}

std::vector<std::string> campaign_remarks(const CampaignTotals& totals) {
  std::vector<std::string> out;
  if (!totals.without_emissions.empty()) {
    out.push_back(fmt::format("without emissions, and in no sum of grams: {} ({})",
                              runs_text(totals.without_emissions.size()), names_text(totals.without_emissions)));
  }
  if (!totals.nested.empty()) {
    out.push_back(fmt::format("inside another run of the list, which measured them already, and not added: {} ({})",
                              runs_text(totals.nested.size()), names_text(totals.nested)));
  }
  if (!totals.without_embodied.empty()) {
    out.push_back(fmt::format("without a figure for the making of the hardware, counted as 0 g: {} ({})",
                              runs_text(totals.without_embodied.size()), names_text(totals.without_embodied)));
  }
  if (!totals.missing_nodes.empty()) {
    out.push_back("nodes that did not report, whose energy is in no sum: " + names_text(totals.missing_nodes));
  }
  out.insert(out.end(), totals.warnings.begin(), totals.warnings.end());
  return out;
}

}  // namespace ebb::report
