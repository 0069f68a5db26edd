#include "report/run_campaign_report.h"

#include <fmt/format.h>

#include "report/escape.h"
#include "report/run_campaign_tables.h"
#include "report/run_lines.h"
#include "report/run_words.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using units::in_grams;
using units::in_kwh;

Json grams_or_null(const std::optional<units::Emissions>& value) {
  return value ? Json(in_grams(*value)) : Json(nullptr);
}

Json energy_json(const EnergySum& sum) {
  return {{"runs", sum.runs},
          {"seconds", units::in_seconds(sum.length)},
          {"energy_kwh", in_kwh(sum.energy.value)},
          {"energy_interval_kwh", {in_kwh(sum.energy.low), in_kwh(sum.energy.high)}},
          {"embodied_g", in_grams(sum.embodied)}};
}

Json line_json(const CampaignLine& line) {
  Json by_class = Json::object();
  for (std::size_t i = 0; i < kRunClasses; ++i) {
    by_class[std::string(name_of(static_cast<RunClass>(i)))] = in_grams(line.by_class[i]);
  }
  const auto& interval = line.interval;
  return {
      {"book", carbon::name_of(line.book)},
      {"signal", json_of(line.signal)},
      {"source", text_or_null(line.source)},
      {"vintage", text_or_null(line.vintage)},
      {"zones", line.zones},
      {"runs", line.runs},
      {"seconds", units::in_seconds(line.length)},
      {"energy_kwh", in_kwh(line.energy)},
      {"operational_g", in_grams(line.operational)},
      {"embodied_g", in_grams(line.embodied)},
      {"emissions_g", in_grams(line.emissions)},
      {"emissions_interval_g", interval ? Json::array({in_grams(interval->low), in_grams(interval->high)}) : Json()},
      {"emissions_by_class_g", std::move(by_class)},
      {"per_unit_g", grams_or_null(line.per_unit)}};
}

Json groups_json(const std::vector<CampaignGroup>& groups, bool runs) {
  Json out = Json::array();
  for (const auto& group : groups) {
    Json one{{"name", group.name}};
    if (runs) one["class"] = name_of(group.kind);
    one.update(energy_json(group.sum));
    one["emissions_g"] = Json::array();
    for (const auto& emissions : group.emissions) one["emissions_g"].push_back(grams_or_null(emissions));
    one["without_emissions"] = group.without_emissions;
    out.push_back(std::move(one));
  }
  return out;
}

/// One row of the CSV; an empty value is not known.
std::string csv_row(const std::string& what, const std::string& name, const EnergySum& sum, const CampaignLine* line,
                    const std::optional<units::Emissions>& emissions, const Json& rest) {
  Json cells{what, name, sum.runs, units::in_seconds(sum.length), in_kwh(sum.energy.value)};
  if (line == nullptr) {
    for (int i = 0; i < 5; ++i) cells.push_back(nullptr);
  } else {
    const auto signal = json_of(line->signal);
    cells.insert(cells.end(), {Json(carbon::name_of(line->book)), signal["kind"], signal["scope"],
                               text_or_null(line->source), text_or_null(line->vintage)});
  }
  cells.push_back(grams_or_null(emissions));
  for (const auto& value : rest) cells.push_back(value);
  std::string out;
  for (const auto& cell : cells) out += (out.empty() ? "" : ",") + csv_field(cell);
  return out + "\n";
}

std::string csv_groups(const CampaignTotals& totals, const std::string& what,
                       const std::vector<CampaignGroup>& groups) {
  const Json none = Json::array({nullptr, nullptr, nullptr});
  std::string out;
  for (const auto& group : groups) {
    if (totals.lines.empty() || group.without_emissions == group.sum.runs) {
      out += csv_row(what, group.name, group.sum, nullptr, std::nullopt, none);
      continue;
    }
    for (std::size_t i = 0; i < totals.lines.size(); ++i) {
      if (group.emissions[i]) out += csv_row(what, group.name, group.sum, &totals.lines[i], group.emissions[i], none);
    }
  }
  return out;
}

}  // namespace

Json campaign_json(const CampaignTotals& totals) {
  Json out{{"schema", "ebb-campaign-1"}};
  out.update(energy_json(totals.all));
  out["begin"] = totals.when ? Json(time::text_of(totals.when->begin)) : Json();
  out["end"] = totals.when ? Json(time::text_of(totals.when->end)) : Json();
  out["level"] = totals.all.energy.level;
  out["energy_quality"] = json_of(totals.energy_quality);
  out["coverage"] = totals.coverage;
  out["classes"] = Json::object();
  for (std::size_t i = 0; i < kRunClasses; ++i) {
    out["classes"][std::string(name_of(static_cast<RunClass>(i)))] = energy_json(totals.by_class[i]);
  }
  out["functional"] =
      totals.functional ? Json{{"unit", totals.functional->unit}, {"count", totals.functional->count}} : Json();
  out["lines"] = Json::array();
  for (const auto& line : totals.lines) out["lines"].push_back(line_json(line));
  out["by_user"] = groups_json(totals.by_user, false);
  out["by_month"] = groups_json(totals.by_month, false);
  out["by_run"] = groups_json(totals.runs, true);
  out["without_emissions"] = totals.without_emissions;
  out["without_embodied"] = totals.without_embodied;
  out["nested"] = totals.nested;
  out["missing_nodes"] = totals.missing_nodes;
  out["warnings"] = totals.warnings;
  return out;
}

std::string campaign_text(const CampaignTotals& totals) {
  std::string out;
  for (const auto& sentence : campaign_summary(totals)) out += wrapped(printable(sentence), 100, 0) + "\n";
  for (const auto& table : campaign_tables(totals)) {
    if (!table.rows.empty()) out += "\n" + text_of(table);
  }
  const auto remarks = campaign_remarks(totals);
  LabelledLines lines("", 7, false);
  for (const auto& remark : remarks) lines.add("note", printable(remark));
  return out + (remarks.empty() ? "" : "\n") + lines.text();
}

std::string campaign_csv(const CampaignTotals& totals) {
  std::string out =
      "what,name,runs,seconds,energy_kwh,book,signal_kind,signal_scope,source,vintage,emissions_g,operational_g,"
      "embodied_g,per_unit_g\n";
  out += csv_row("total", "all", totals.all, nullptr, std::nullopt, Json::array({nullptr, nullptr, nullptr}));
  for (const auto& line : totals.lines) {
    EnergySum sum;
    sum.runs = line.runs;
    sum.length = line.length;
    sum.energy.value = line.energy;
    out += csv_row("signal", "all", sum, &line, line.emissions,
                   Json::array({in_grams(line.operational), in_grams(line.embodied), grams_or_null(line.per_unit)}));
  }
  for (std::size_t i = 0; i < kRunClasses; ++i) {
    const std::string name(name_of(static_cast<RunClass>(i)));
    if (totals.by_class[i].runs == 0) continue;
    out += csv_row("class", name, totals.by_class[i], nullptr, std::nullopt, Json::array({nullptr, nullptr, nullptr}));
  }
  return out + csv_groups(totals, "user", totals.by_user) + csv_groups(totals, "month", totals.by_month) +
         csv_groups(totals, "run", totals.runs);
}

std::string campaign_paper(const CampaignTotals& totals, Markup markup) {
  const bool latex = markup == Markup::kLatex;
  const auto shown = [latex](const std::string& text) { return latex ? escaped_latex(text) : escaped_markdown(text); };
  std::string out;
  for (const auto& sentence : campaign_summary(totals)) out += (out.empty() ? "" : " ") + shown(printable(sentence));
  for (const auto& remark : campaign_remarks(totals)) out += " Note: " + shown(printable(remark)) + ".";
  out += "\n";
  for (const auto& table : campaign_tables(totals)) {
    if (!table.rows.empty()) out += "\n" + (latex ? latex_of(table) : markdown_of(table));
  }
  return out;
}

}  // namespace ebb::report
