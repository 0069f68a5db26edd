#include "cli/grid_import_report.h"

#include <fmt/format.h>

#include "time/text.h"

namespace ebb::cli {
namespace {

report::Json json_of(const formats::ReadSeries& read) {
  const auto& series = read.series;
  const auto& from = series.provenance();
  report::Json out{{"zone", from.zone},
                   {"signal", report::json_of(series.signal())},
                   {"source", from.source},
                   {"unit", "g/kWh"},
                   {"step_seconds", time::in_seconds(series.step())},
                   {"begin", time::text_of(series.begin())},
                   {"end", time::text_of(series.end())},
                   {"slots", series.size()},
                   {"missing", series.missing_count()},
                   {"mean_g_per_kwh", series.mean()},
                   {"unit_found", read.unit},
                   {"time_zone", read.time_zone},
                   {"vintage", report::text_or_null(from.vintage)},
                   {"licence", report::text_or_null(read.licence)},
                   {"data_quality", report::json_of(from.quality)},
                   {"rows", read.counts.rows},
                   {"duplicates", read.counts.duplicates},
                   {"left_out", read.counts.left_out},
                   {"zeros", read.counts.zeros},
                   {"negatives", read.counts.negatives}};
  out["forecast_columns"] = read.issued ? report::Json(read.issued->horizon) : report::Json(0);
  return out;
}

std::string percent_of(std::size_t part, std::size_t whole) {
  return whole == 0 ? "" : fmt::format(" ({:.1f}%)", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string text_of(const formats::ReadSeries& read) {
  const auto& series = read.series;
  const auto& from = series.provenance();
  std::string out = fmt::format("{}  {}  {} slots of {}, {} to {}, {} missing", series.zone(),
                                series::text_of(series.signal()), series.size(), time::text_of(series.step()),
                                time::text_of(series.begin()), time::text_of(series.end()), read.counts.missing);
  if (read.counts.missing < series.size()) out += fmt::format(", mean {:.1f} g/kWh", series.mean());
  out += fmt::format("\n  found in {}, times in {}; source {}{}{}\n", read.unit, read.time_zone,
                     from.source.empty() ? "not known" : from.source,
                     from.vintage.empty() ? "" : ", vintage " + from.vintage,
                     read.licence.empty() ? "; licence not known" : ", licence " + read.licence);
  out +=
      fmt::format("  {} rows, {} duplicates that agree, {} left out by the format's rules, {} zeros{}, {} negative\n",
                  read.counts.rows, read.counts.duplicates, read.counts.left_out, read.counts.zeros,
                  percent_of(read.counts.zeros, series.size()), read.counts.negatives);
  if (read.issued) out += fmt::format("  {} forecasts as issued beside each slot\n", read.issued->horizon);
  return out;
}

std::string issue_text(const formats::Forecast& forecast) {
  return forecast.issued ? "issued " + time::text_of(*forecast.issued) : "whose issue is not known";
}

}  // namespace

report::Json import_json(const formats::Understood& read, const std::optional<Stored>& stored) {
  report::Json out;
  out["series"] = report::Json::array();
  for (const auto& one : read.series) out["series"].push_back(json_of(one));
  const auto counts = read.counts();
  out["rows"] = counts.rows;
  out["duplicates"] = counts.duplicates;
  out["left_out"] = counts.left_out;
  out["missing"] = counts.missing;
  out["zeros"] = counts.zeros;
  out["negatives"] = counts.negatives;
  out["format"] = read.format;
  out["forecasts"] = report::Json::array();
  for (const auto& forecast : read.forecasts) {
    auto one = json_of(forecast.values);
    one["issued"] = forecast.issued ? report::Json(time::text_of(*forecast.issued)) : report::Json(nullptr);
    out["forecasts"].push_back(std::move(one));
  }
  out["notes"] = read.notes;
  out["stored"] = nullptr;
  if (stored) {
    out["stored"] = {{"folder", stored->folder},
                     {"added", stored->added},
                     {"same", stored->same},
                     {"revised", stored->revised},
                     {"forecasts_added", stored->forecasts}};
  }
  return out;
}

std::string import_text(const formats::Understood& read) {
  constexpr std::size_t kMostForecasts = 5;
  std::string out = fmt::format("format {}\n", read.format);
  for (const auto& one : read.series) out += text_of(one);
  for (std::size_t i = 0; i < read.forecasts.size() && i < kMostForecasts; ++i) {
    out += fmt::format("forecast {}: {}", issue_text(read.forecasts[i]), text_of(read.forecasts[i].values));
  }
  if (read.forecasts.size() > kMostForecasts) {
    out += fmt::format("... {} forecasts in all, the last one {}\n", read.forecasts.size(),
                       issue_text(read.forecasts.back()));
  }
  for (const auto& note : read.notes) out += fmt::format("note: {}\n", note);
  return out;
}

}  // namespace ebb::cli
