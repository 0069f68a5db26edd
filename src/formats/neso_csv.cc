#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "formats/csv_readers.h"
#include "formats/csv_table.h"
#include "formats/neso.h"
#include "formats/row_times.h"
#include "formats/settle.h"

namespace ebb::formats {
namespace {

/// "…/national_fw48h/2023-03-14T1601Z.csv": when its forecast was issued.
std::optional<time::Instant> issue_of(std::string_view path) {
  if (path.find("fw24h") == std::string_view::npos && path.find("fw48h") == std::string_view::npos) return std::nullopt;
  const auto name = file_name(path);
  constexpr std::size_t kLength = std::string_view("2023-03-14T1601Z").size();
  if (name.size() < kLength) return std::nullopt;
  const auto at = instant_of(fmt::format("{}:{}", name.substr(0, 13), name.substr(13, 3)));
  return at ? std::optional(*at) : std::nullopt;
}

bool has_value(const Draft& draft) {
  for (const auto& point : draft.points) {
    if (!series::is_missing(point.value)) return true;
  }
  return false;
}

}  // namespace

base::Expected<Drafts> draft_neso_csv(std::string_view text, const std::string& name, const Options& options) {
  EBB_TRY_DO(documented_unit(name, "gCO2/kWh", options));
  EBB_TRY(auto table, CsvTable::open(text, name));
  EBB_TRY_DO(table.expect({"from", "intensity.forecast", "intensity.actual"}));
  Draft actual = neso_form(name, "GB");
  Draft forecast = actual;
  forecast.is_forecast = true;
  forecast.provenance.quality = {0.0, 1.0, 0.0};
  forecast.issued = issue_of(name);
  RowTimes times;
  for (;;) {
    EBB_TRY(const bool more, table.next());
    if (!more) break;
    const auto shown = times.read(table[0]);
    if (!shown) return table.error(shown.error().message);
    if (!shown->is_zoned) return table.error(base::in_quotes(table[0]) + " has no zone: the API's times end in Z");
    EBB_TRY(const double foreseen, table.intensity(1, 1.0));
    EBB_TRY(const double measured, table.intensity(2, 1.0));
    forecast.points.push_back({shown->at, foreseen, table.line(), 0});
    actual.points.push_back({shown->at, measured, table.line(), 0});
  }
  Drafts out;
  if (has_value(actual)) out.drafts.push_back(std::move(actual));
  if (options.with_forecasts && has_value(forecast)) {
    if (!forecast.issued && !options.issued) {
      out.notes.emplace_back("the file does not say when its forecasts were issued");
    }
    out.drafts.push_back(std::move(forecast));
  }
  if (!out.drafts.empty()) {
    out.notes.emplace_back("the API revises actual values for some days: a later file may have others");
  }
  if (out.drafts.empty()) return base::bad_data(fmt::format("{}: there are no values behind the header", name));
  return out;
}

base::Expected<Drafts> draft_cats_csv(std::string_view text, const std::string& name, const Options& options) {
  EBB_TRY_DO(documented_unit(name, "gCO2/kWh", options));
  EBB_TRY(auto table, CsvTable::open(text, name));
  EBB_TRY_DO(table.expect({"time", "deltaseconds", "unix", "intensity"}));
  EBB_TRY(const auto zone, zone_from_user(name, options));
  Draft draft = neso_form(name, zone);
  draft.is_forecast = true;
  draft.provenance.quality = {0.0, 1.0, 0.0};
  RowTimes times;
  double offset = 0.0;
  for (;;) {
    EBB_TRY(const bool more, table.next());
    if (!more) break;
    const auto shown = times.read(table[0]);
    if (!shown) return table.error(shown.error().message);
    if (!shown->is_zoned) return table.error(base::in_quotes(table[0]) + " has no zone: CATS writes Z");
    const auto unix_seconds = base::parse_number(table[2]);
    const double apart = unix_seconds.value_or(1e300) - time::in_seconds(shown->at.time_since_epoch());
    if (draft.points.empty()) offset = apart;
    if (apart != offset || std::fabs(apart) > 14.0 * 3600 || std::fmod(apart, 900.0) != 0.0) {
      return table.error(fmt::format("time and unix are two moments: {} and {}", base::in_quotes(table[0]),
                                     base::in_quotes(table[2])));
    }
    EBB_TRY(const double value, table.intensity(3, 1.0));
    draft.points.push_back({shown->at, value, table.line(), 0});
  }
  if (draft.points.empty()) return base::bad_data(fmt::format("{}: there are no rows behind the header", name));
  Drafts out;
  if (offset != 0.0) {
    // CATS reads the API's UTC as the machine's local time to make it: the API's own text is right.
    out.notes.push_back(
        fmt::format("the column unix is {} s off the column time in every row (the time zone of the "
                    "machine that wrote it): the times, which carry Z, were taken",
                    offset));
  }
  if (!options.issued) out.notes.emplace_back("the file does not say when its forecasts were issued");
  out.drafts.push_back(std::move(draft));
  return out;
}

}  // namespace ebb::formats
