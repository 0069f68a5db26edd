#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "formats/csv_readers.h"
#include "formats/csv_table.h"
#include "formats/row_times.h"
#include "formats/settle.h"

namespace ebb::formats {
namespace {

struct Columns {
  std::size_t time = 0;
  std::size_t zone = 0;
  std::optional<std::size_t> direct;
  std::optional<std::size_t> lifecycle;
  std::optional<std::size_t> estimated;
};

base::Expected<Columns> columns_of(const CsvTable& table) {
  Columns found;
  std::optional<std::size_t> time;
  std::optional<std::size_t> zone;
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    const auto name = folded_name(table.columns()[i]);
    const bool is_intensity = name.starts_with("carbonintensity");
    if (is_intensity && name.find("gco2eqkwh") == std::string::npos) {
      return table.error(fmt::format("the column {} is not in gCO2eq/kWh", base::in_quotes(table.columns()[i])));
    }
    if (name == "datetimeutc") time = i;
    if (name == "zoneid") zone = i;
    if (name == "dataestimated") found.estimated = i;
    if (is_intensity && name.ends_with("direct")) found.direct = i;
    if (is_intensity && (name.ends_with("lca") || name.ends_with("lifecycle"))) found.lifecycle = i;
  }
  if (!time || !zone || (!found.direct && !found.lifecycle)) {
    return table.error("expected the columns Datetime (UTC), Zone id and Carbon intensity of Electricity Maps' portal");
  }
  found.time = *time;
  found.zone = *zone;
  return found;
}

/// The two series of one zone.
struct ZoneDrafts {
  Draft direct;
  Draft lifecycle;
  std::size_t estimated = 0;
};

Draft form_of(const std::string& zone, series::SignalScope scope, const std::string& name) {
  Draft draft;
  draft.provenance = {zone, {series::SignalKind::kAverage, scope}, "Electricity Maps (ODbL)", "", {}};
  draft.unit = "gCO2eq/kWh";
  draft.licence = "ODbL 1.0";
  draft.name = name;
  return draft;
}

}  // namespace

std::string folded_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (name.substr(i).starts_with("\xe2\x82\x82")) {
      out += '2';
      i += 2;
    } else if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += c;
    }
  }
  return out;
}

base::Expected<Drafts> draft_electricity_maps_portal(std::string_view text, const std::string& name,
                                                     const Options& options) {
  EBB_TRY_DO(documented_unit(name, "gCO2eq/kWh", options));
  EBB_TRY(auto table, CsvTable::open(text, name));
  EBB_TRY(const auto columns, columns_of(table));
  std::map<std::string, ZoneDrafts, std::less<>> zones;
  RowTimes times;
  for (;;) {
    EBB_TRY(const bool more, table.next());
    if (!more) break;
    const auto shown = times.read(table[columns.time]);
    if (!shown) return table.error(shown.error().message);
    const auto zone = table[columns.zone];
    if (zone.empty()) return table.error("the zone is empty");
    auto found = zones.find(zone);
    if (found == zones.end()) {
      const std::string key(zone);
      found = zones
                  .emplace(key, ZoneDrafts{form_of(key, series::SignalScope::kDirect, name),
                                           form_of(key, series::SignalScope::kLifecycle, name)})
                  .first;
    }
    auto& drafts = found->second;
    if (columns.direct) {
      EBB_TRY(const double value, table.intensity(*columns.direct, 1.0));
      drafts.direct.points.push_back({shown->at, value, table.line(), 0});
    }
    if (columns.lifecycle) {
      EBB_TRY(const double value, table.intensity(*columns.lifecycle, 1.0));
      drafts.lifecycle.points.push_back({shown->at, value, table.line(), 0});
    }
    if (columns.estimated) drafts.estimated += table[*columns.estimated] == "true" ? 1 : 0;
  }
  Drafts out;
  for (auto& [zone, drafts] : zones) {
    const auto rows = std::max(drafts.direct.points.size(), drafts.lifecycle.points.size());
    const double share = static_cast<double>(drafts.estimated) / static_cast<double>(rows);
    if (drafts.estimated > 0) {
      out.notes.push_back(fmt::format("{}: Electricity Maps estimated {} of {} rows", zone, drafts.estimated, rows));
    }
    for (auto* draft : {&drafts.direct, &drafts.lifecycle}) {
      draft->provenance.quality = {1.0 - share, share, 0.0};
      if (!draft->points.empty()) out.drafts.push_back(std::move(*draft));
    }
  }
  if (out.drafts.empty()) return base::bad_data(fmt::format("{}: there are no rows behind the header", name));
  return out;
}

}  // namespace ebb::formats
