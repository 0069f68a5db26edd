#include "report/study_document.h"

#include <algorithm>

#include "report/study_report.h"
#include "time/text.h"

namespace ebb::report {
namespace {

Json attributions_json(const std::vector<Attribution>& attributions) {
  Json out = Json::array();
  for (const auto& from : attributions) {
    out.push_back({{"source", from.source}, {"licence", from.licence}, {"text", from.text}});
  }
  return out;
}

Json series_json(const study::Spec& spec) {
  Json out = Json::array();
  for (const auto& place : spec.places) {
    const auto& series = place.series;
    const auto& from = series.provenance();
    const std::string name = place.region.empty() ? from.zone : place.region + " (" + from.zone + ")";
    out.push_back({{"id", place.id},
                   {"region", text_or_null(place.region)},
                   {"zone", from.zone},
                   {"label", name},
                   {"signal", json_of(from.signal)},
                   {"source", text_or_null(from.source)},
                   {"vintage", text_or_null(from.vintage)},
                   {"step_seconds", time::in_seconds(series.step())},
                   {"begin", time::text_of(series.begin())},
                   {"end", time::text_of(series.end())},
                   {"data_quality", json_of(from.quality)},
                   {"time_zone", text_or_null(place.time_zone)},
                   {"mean_g_per_kwh", series.mean()}});
  }
  return out;
}

Json experiments_json(const study::Spec& spec) {
  Json out = Json::array();
  for (const auto& experiment : spec.experiments) {
    out.push_back({{"name", experiment.name},
                   {"hours", time::in_seconds(experiment.profile.duration()) / 3600.0},
                   {"energy_kwh", units::in_kwh(experiment.profile.energy())},
                   {"hardware", text_or_null(experiment.hardware)},
                   {"note", text_or_null(experiment.note)},
                   {"extrapolated", experiment.extrapolated}});
  }
  return out;
}

Json months_json(const StudyDocument& document) {
  Json out = Json::array();
  for (const auto& stat : document.calendar.months) {
    out.push_back({{"series_id", document.spec->places[stat.place].id},
                   {"experiment", document.spec->experiments[stat.experiment].name},
                   {"month", stat.month},
                   {"starts", stat.starts},
                   {"mean_g", stat.mean_g},
                   {"p5_g", stat.p5_g},
                   {"p95_g", stat.p95_g}});
  }
  return out;
}

Json hours_json(const StudyDocument& document) {
  Json out = Json::array();
  for (const auto& stat : document.calendar.hours) {
    out.push_back({{"series_id", document.spec->places[stat.place].id},
                   {"experiment", document.spec->experiments[stat.experiment].name},
                   {"local_hour", stat.local_hour},
                   {"starts", stat.starts},
                   {"mean_g", stat.mean_g},
                   {"p10_g", stat.p10_g},
                   {"p90_g", stat.p90_g}});
  }
  return out;
}

Json lengths_json(const StudyDocument& document) {
  Json out = Json::array();
  for (const auto& stat : document.lengths) {
    out.push_back({{"series_id", document.spec->places[stat.place].id},
                   {"duration_seconds", time::in_seconds(stat.duration)},
                   {"slack", stat.slack.text},
                   {"strategy", plan::name_of(stat.strategy)},
                   {"baseline_g_per_kwh", stat.baseline_g_per_kwh},
                   {"saved_g_per_kwh", stat.saved_g_per_kwh},
                   {"saved_percent_of_total", value_or_null(stat.saved_percent_of_total)},
                   {"limited_by_resolution", stat.limited_by_resolution}});
  }
  return out;
}

bool is_shown(const StudyDocument& document, std::size_t experiment) {
  const auto& shown = document.shown_experiments;
  return std::find(shown.begin(), shown.end(), experiment) != shown.end();
}

/// Saving against delay: the rows of the shown experiments with a fixed slack.
Json delays_json(const StudyDocument& document) {
  Json out = Json::array();
  for (const auto& row : *document.rows) {
    const auto& slack = document.spec->slacks[row.slack];
    if (!slack.fixed || row.starts == 0 || !is_shown(document, row.experiment)) continue;
    out.push_back({{"series_id", document.spec->places[row.place].id},
                   {"experiment", document.spec->experiments[row.experiment].name},
                   {"slack", slack.text},
                   {"slack_seconds", time::in_seconds(*slack.fixed)},
                   {"strategy", plan::name_of(row.strategy)},
                   {"delay_seconds_mean", value_or_null(row.delay_seconds_mean)},
                   {"delay_seconds_p95", value_or_null(row.delay_seconds_p95)},
                   {"baseline_g", value_or_null(row.baseline_g)},
                   {"saved_g", value_or_null(row.saved_g)},
                   {"saved_percent_of_total", value_or_null(row.saved_percent_of_total)}});
  }
  return out;
}

Json pauses_json(const StudyDocument& document) {
  Json out = Json::array();
  for (const auto& stat : document.pauses) {
    out.push_back({{"series_id", document.spec->places[stat.place].id},
                   {"experiment", document.spec->experiments[stat.experiment].name},
                   {"slack", stat.slack.text},
                   {"max_pauses", stat.max_pauses ? Json(*stat.max_pauses) : Json(nullptr)},
                   {"starts", stat.starts},
                   {"baseline_g", stat.baseline_g},
                   {"saved_g", stat.saved_g},
                   {"saved_percent_of_total", value_or_null(stat.saved_percent_of_total)},
                   {"pauses_mean", stat.pauses_mean}});
  }
  return out;
}

}  // namespace

std::string_view name_of(DataKind kind) {
  switch (kind) {
    case DataKind::kReal:
      return "real";
    case DataKind::kTypicalYear:
      return "typical-year";
    case DataKind::kGiven:
      return "given";
  }
  return "";
}

Json study_document_json(const StudyDocument& document) {
  CHECK(document.spec != nullptr && document.rows != nullptr);
  CHECK(document.data_kind != DataKind::kTypicalYear || document.paper.empty());
  Json out;
  out["schema"] = "ebb-study-report-1";
  out["title"] = document.title;
  out["generated_by"] = "ebb " EBB_VERSION;
  out["command"] = document.command;
  out["data_kind"] = name_of(document.data_kind);
  out["data_notes"] = document.data_notes;
  out["attributions"] = attributions_json(document.attributions);
  out["series"] = series_json(*document.spec);
  out["experiments"] = experiments_json(*document.spec);
  out["rows"] = Json::array();
  for (const auto& row : *document.rows) out["rows"].push_back(row_json(*document.spec, row));
  out["monthly"] = months_json(document);
  out["hourly"] = hours_json(document);
  out["lengths"] = lengths_json(document);
  out["tradeoff_delay"] = delays_json(document);
  out["tradeoff_pauses"] = pauses_json(document);
  out["equivalences"] = equivalences_json(*document.spec, *document.rows);
  out["ladder"] = ladder_json(*document.spec);
  out["table1"] = table1_json();
  out["foresight"] = document.foresight;
  out["paper"] = document.paper;
  out["warnings"] = document.warnings;
  return out;
}

}  // namespace ebb::report
