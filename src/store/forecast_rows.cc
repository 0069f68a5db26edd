#include "store/forecast_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/origin_rows.h"
#include "time/text.h"

namespace ebb::store {
namespace {

using base::Expected;

constexpr double kExpectedValue = -1.0;  ///< where a quantile stands
constexpr std::string_view kColumns =
    "SELECT issued_ns, quantile, first_slot, end_slot, bytes, measured, modelled, filled FROM forecasts JOIN origins "
    "ON "
    "origins.id = origin_id WHERE series_id = ? ";

std::int64_t nanoseconds(time::Instant at) { return std::int64_t{at.time_since_epoch().count()}; }

Expected<Forecast> forecast_of(Shelf shelf, const SeriesRow& series, sqlite::Query& query) {
  const time::Instant issued{time::Duration(query.integer())};
  const double quantile = query.real();
  Slots slots;
  slots.first = query.integer();
  slots.end = query.integer();
  EBB_TRY(const auto length, length_of(shelf, series.key, slots, kMostValues));
  std::vector<double> values(length);
  const auto status = shelf.codec.decode({series.id, slots.first}, query.blob(), values);
  if (!status.ok()) return damaged_piece(shelf, series.key, slots, status.error());
  const auto& key = series.key;
  series::Provenance provenance{key.zone, key.signal, key.source, key.vintage, {}};
  provenance.quality.measured = query.real();
  provenance.quality.modelled = query.real();
  provenance.quality.filled = query.real();
  return Forecast{issued, series::Series(std::move(provenance), time_of(key, slots.first), key.step, std::move(values)),
                  quantile == kExpectedValue ? std::nullopt : std::optional(quantile)};
}

Expected<std::optional<Forecast>> find_forecast(Shelf shelf, const SeriesRow& series, const Forecast& like) {
  static const std::string sql = std::string(kColumns) + "AND issued_ns = ? AND quantile = ?";
  EBB_TRY(auto query, shelf.database.query(sql));
  query.bind(series.id).bind(nanoseconds(like.issued)).bind(like.quantile.value_or(kExpectedValue));
  EBB_TRY(const bool found, query.next());
  if (!found) return std::optional<Forecast>();
  EBB_TRY(auto forecast, forecast_of(shelf, series, query));
  return std::optional(std::move(forecast));
}

bool same_values(const series::Series& a, const series::Series& b) {
  const auto same = [](double x, double y) { return x == y || (series::is_missing(x) && series::is_missing(y)); };
  return a.begin() == b.begin() && a.size() == b.size() &&
         std::equal(a.values().begin(), a.values().end(), b.values().begin(), same);
}

}  // namespace

Expected<std::vector<Forecast>> read_forecasts(Shelf shelf, const SeriesRow& series, time::Interval issued) {
  static const std::string sql =
      std::string(kColumns) + "AND issued_ns >= ? AND issued_ns < ? ORDER BY issued_ns, quantile";
  EBB_TRY(auto query, shelf.database.query(sql));
  query.bind(series.id).bind(nanoseconds(issued.begin)).bind(nanoseconds(issued.end));
  std::vector<Forecast> all;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return all;
    EBB_TRY(auto forecast, forecast_of(shelf, series, query));
    all.push_back(std::move(forecast));
  }
}

Expected<std::optional<Forecast>> read_last_forecast(Shelf shelf, const SeriesRow& series, time::Instant at_or_before,
                                                     std::optional<double> quantile) {
  static const std::string sql =
      std::string(kColumns) + "AND issued_ns <= ? AND quantile = ? ORDER BY issued_ns DESC LIMIT 1";
  EBB_TRY(auto query, shelf.database.query(sql));
  query.bind(series.id).bind(nanoseconds(at_or_before)).bind(quantile.value_or(kExpectedValue));
  EBB_TRY(const bool found, query.next());
  if (!found) return std::optional<Forecast>();
  EBB_TRY(auto forecast, forecast_of(shelf, series, query));
  return std::optional(std::move(forecast));
}

Expected<bool> write_forecast(Shelf shelf, const Forecast& forecast, const Origin& origin) {
  auto& database = shelf.database;
  const auto key = key_of(forecast.series);
  const auto slots = slots_of(key, forecast.series);
  EBB_TRY(auto series, make_series(database, key, Role::kForecasts, slots));
  EBB_TRY(const auto there, find_forecast(shelf, series, forecast));
  if (there) {
    if (same_values(there->series, forecast.series)) return false;
    return base::usage_error(fmt::format(
        "{}: the forecast of {} issued at {} is there with other values: what was issued is not overwritten",
        database.path(), text_of(key), time::text_of(forecast.issued)));
  }
  EBB_TRY(const auto origin_id, make_origin(database, origin, forecast.series.provenance().quality));
  EBB_TRY(auto query, database.query("INSERT INTO forecasts (series_id, issued_ns, quantile, origin_id, first_slot, "
                                     "end_slot, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  query.bind(series.id).bind(nanoseconds(forecast.issued)).bind(forecast.quantile.value_or(kExpectedValue));
  query.bind(origin_id).bind(slots.first).bind(slots.end);
  EBB_TRY_DO(query.bind(sqlite::Blob{shelf.codec.encode({series.id, slots.first}, forecast.series.values())}).run());
  const Slots all{std::min(series.slots.first, slots.first), std::max(series.slots.end, slots.end)};
  if (all == series.slots) return true;
  series.slots = all;
  EBB_TRY_DO(update_series(database, series));
  return true;
}

}  // namespace ebb::store
