#include <fmt/format.h>

#include "base/text.h"
#include "formats/csv_readers.h"
#include "formats/csv_table.h"
#include "formats/row_times.h"
#include "formats/settle.h"
#include "formats/watttime.h"

namespace ebb::formats {
namespace {

constexpr std::string_view kUnit = "lbs_co2_per_mwh";

/// `model`: the column whose text says the model of each row, and how to read it.
base::Status read_rows(CsvTable& table, Draft& draft, std::optional<std::size_t> model,
                       std::string (*model_of)(std::string_view), const Options& options) {
  EBB_TRY(const double factor, documented_unit(table.name(), kUnit, options));
  RowTimes times;
  std::uint32_t model_line = 0;
  for (;;) {
    EBB_TRY(const bool more, table.next());
    if (!more) break;
    const auto shown = times.read(table[0]);
    if (!shown) return table.error(shown.error().message);
    if (!shown->is_zoned) return table.error(base::in_quotes(table[0]) + " has no zone: WattTime's times carry +00:00");
    EBB_TRY(const double value, table.intensity(1, factor));
    draft.points.push_back({shown->at, value, table.line(), 0});
    if (!model) continue;
    const auto name = model_of(table[*model]);
    if (name.empty()) continue;
    auto& vintage = draft.provenance.vintage;
    if (vintage.empty()) {
      vintage = name;
      model_line = table.line();
    } else if (vintage != name) {
      return table.error(
          fmt::format("a value of model {} among values of model {} (line {}): two models are not mixed in "
                      "one series; part the file in two",
                      base::in_quotes(name), base::in_quotes(vintage), model_line));
    }
  }
  if (draft.points.empty()) return base::bad_data(fmt::format("{}: there are no rows behind the header", table.name()));
  return base::Done{};
}

std::string as_it_is(std::string_view text) { return std::string(text.substr(0, 60)); }

/// The date out of a Python dictionary: {..., 'model': {'date': '2023-03-01'}, ...}.
std::string model_date(std::string_view meta) {
  constexpr std::string_view kKey = "'date': '";
  const auto at = meta.find(kKey);
  if (at == std::string_view::npos) return {};
  const auto rest = meta.substr(at + kKey.size());
  return std::string(rest.substr(0, std::min<std::size_t>(rest.find('\''), 60)));
}

Draft form_of(const std::string& name) {
  Draft draft;
  draft.unit = kUnit;
  draft.name = name;
  draft.provenance.source = "WattTime";
  return draft;
}

}  // namespace

base::Expected<Drafts> draft_watttime_v2_csv(std::string_view text, const std::string& name, const Options& options) {
  EBB_TRY(auto table, CsvTable::open(text, name));
  EBB_TRY_DO(table.expect({"timestamp", "MOER"}));
  Draft draft = form_of(name);
  EBB_TRY(draft.provenance.zone, zone_from_user(name, options));
  draft.provenance.signal = series::kMarginalDirect;
  EBB_TRY_DO(read_rows(table, draft, table.column("MOER version"), as_it_is, options));
  Drafts out;
  out.drafts.push_back(std::move(draft));
  return out;
}

base::Expected<Drafts> draft_watttime_v3_csv(std::string_view text, const std::string& name, const Options& options) {
  EBB_TRY(auto table, CsvTable::open(text, name));
  EBB_TRY_DO(table.expect({"point_time", "value"}));
  Draft draft = form_of(name);
  const auto file = file_name(name);
  for (const std::string_view type : {"co2_moer", "co2_aoer", "health_damage"}) {
    const auto at = file.find("_" + std::string(type) + "_");
    if (at == std::string_view::npos || at == 0) continue;
    const auto signal = watttime_signal(type);
    if (!signal) return base::bad_data(fmt::format("{}: by its name it holds {}: no intensity of carbon", name, type));
    draft.provenance.zone = std::string(file.substr(0, at));
    draft.provenance.signal = *signal;
  }
  if (draft.provenance.zone.empty()) {
    if (options.zones.size() != 1 || !options.signal || !options.unit) {
      return base::bad_data(fmt::format(
          "{}: WattTime's client names its files <region>_<signal>_<start>_<end>.csv; this name does not say "
          "what it holds: say it with --zone, --signal and --unit (co2_moer is \"marginal direct\" in lb/MWh)",
          name));
    }
    draft.provenance.zone = options.zones.front();
    draft.provenance.signal = *options.signal;
  }
  EBB_TRY_DO(read_rows(table, draft, table.column("meta"), model_date, options));
  Drafts out;
  out.drafts.push_back(std::move(draft));
  return out;
}

}  // namespace ebb::formats
