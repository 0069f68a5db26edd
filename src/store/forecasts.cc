#include <fmt/format.h>

#include "store/forecast_rows.h"
#include "store/store_parts.h"

namespace ebb::store {
namespace {

using base::Done;
using base::Expected;
using base::Status;

Status check_forecast(const Forecast& forecast) {
  const auto& series = forecast.series;
  if (series.size() == 0 || series.size() > kMostValues) {
    return base::usage_error(fmt::format("a forecast of {} has {} slots: from 1 to {} can be kept", series.zone(),
                                         series.size(), kMostValues));
  }
  if (forecast.quantile && !(*forecast.quantile >= 0.0 && *forecast.quantile <= 1.0)) {
    return base::usage_error(fmt::format("a forecast of {} is for the quantile {}, which is not from 0 to 1",
                                         series.zone(), *forecast.quantile));
  }
  EBB_TRY_DO(check_moment(fmt::format("the issue of a forecast of {}", series.zone()), forecast.issued));
  return check_series(series);
}

Expected<std::optional<SeriesRow>> forecast_series(Shelf shelf, const Key& key) {
  return find_series(shelf.database, key, Role::kForecasts);
}

Expected<ForecastEntry> entry_of(sqlite::Database& database, const SeriesRow& row) {
  EBB_TRY(auto query,
          database.query("SELECT count(*), min(issued_ns), max(issued_ns), max(?2 + end_slot * ?3 - issued_ns) FROM "
                         "forecasts WHERE series_id = ?1"));
  query.bind(row.id).bind(std::int64_t{row.key.phase.count()}).bind(std::int64_t{row.key.step.count()});
  EBB_TRY_DO(query.next());
  ForecastEntry entry;
  entry.key = row.key;
  entry.forecasts = static_cast<std::size_t>(query.integer());
  entry.first_issued = time::Instant(time::Duration(query.integer()));
  entry.last_issued = time::Instant(time::Duration(query.integer()));
  entry.longest_horizon = time::Duration(query.integer());
  return entry;
}

}  // namespace

Expected<std::size_t> Store::put_forecasts(const std::vector<Forecast>& forecasts, const Origin& origin) {
  for (const auto& forecast : forecasts) EBB_TRY_DO(check_forecast(forecast));
  EBB_TRY_DO(check_origin(origin));
  EBB_TRY(auto transaction, sqlite::Transaction::begin(parts_->database));
  std::size_t added = 0;
  for (const auto& forecast : forecasts) {
    EBB_TRY(const bool is_new, write_forecast(parts_->shelf(), forecast, origin));
    added += is_new ? 1 : 0;
  }
  EBB_TRY_DO(transaction.commit());
  return added;
}

Expected<std::size_t> Store::put_forecast(const Forecast& forecast, const Origin& origin) {
  return put_forecasts({forecast}, origin);
}

Expected<std::vector<ForecastEntry>> Store::list_forecasts() {
  auto& database = parts_->database;
  EBB_TRY(const auto transaction, sqlite::Transaction::begin_to_read(database));
  EBB_TRY(const auto rows, list_series(database, Role::kForecasts, std::nullopt));
  std::vector<ForecastEntry> all;
  for (const auto& row : rows) {
    EBB_TRY(auto entry, entry_of(database, row));
    all.push_back(std::move(entry));
  }
  return all;
}

Expected<std::vector<Forecast>> Store::forecasts(const Key& key, time::Interval issued) {
  EBB_TRY(const auto transaction, sqlite::Transaction::begin_to_read(parts_->database));
  EBB_TRY(const auto series, forecast_series(parts_->shelf(), key));
  if (!series) return std::vector<Forecast>();
  return read_forecasts(parts_->shelf(), *series, issued);
}

Expected<std::optional<Forecast>> Store::latest_forecast(const Key& key, time::Instant at_or_before,
                                                         std::optional<double> quantile) {
  EBB_TRY(const auto transaction, sqlite::Transaction::begin_to_read(parts_->database));
  EBB_TRY(const auto series, forecast_series(parts_->shelf(), key));
  if (!series) return std::optional<Forecast>();
  return read_last_forecast(parts_->shelf(), *series, at_or_before, quantile);
}

}  // namespace ebb::store
