#include "cli/grid_import_store.h"

#include <cmath>

#include "base/file.h"
#include "store/store.h"

namespace ebb::cli {
namespace {

/// As many as are put at once: a month of 5 minutes.
constexpr std::size_t kForecastsAtOnce = 31 * 288;

/// Forecasts that stand beside the slots at whose begin they were issued: column k is for the slot k steps later.
base::Expected<std::size_t> put_columns(store::Store& store, const formats::ReadSeries& read,
                                        const store::Origin& origin) {
  const auto& issued = *read.issued;
  auto provenance = read.series.provenance();
  provenance.quality = {0.0, 1.0, 0.0};
  std::size_t added = 0;
  std::vector<store::Forecast> batch;
  const auto flush = [&]() -> base::Status {
    if (batch.empty()) return base::Done{};
    EBB_TRY(const auto put, store.put_forecasts(batch, origin));
    added += put;
    batch.clear();
    return base::Done{};
  };
  for (std::size_t row = 0; row < issued.rows(); ++row) {
    std::vector<double> values;
    bool any = false;
    for (std::size_t ahead = 1; ahead <= issued.horizon; ++ahead) {
      const float value = issued.at(row, ahead);
      any = any || !std::isnan(value);
      values.push_back(static_cast<double>(value));
    }
    if (!any) continue;
    const auto at = issued.begin + issued.step * static_cast<std::int64_t>(row);
    batch.push_back({at, series::Series(provenance, at + issued.step, issued.step, std::move(values)), std::nullopt});
    if (batch.size() == kForecastsAtOnce) EBB_TRY_DO(flush());
  }
  EBB_TRY_DO(flush());
  return added;
}

}  // namespace

base::Expected<Stored> store_import(const formats::Understood& read, const std::string& folder,
                                    const std::string& location, time::Instant now) {
  EBB_TRY_DO(base::make_folder(folder));
  EBB_TRY(auto store, store::Store::open(folder + "/" + store::kFileName, store::Access::kWrite));
  Stored done;
  done.folder = folder;
  for (const auto& one : read.series) {
    const store::Origin origin{one.licence, location, now};
    EBB_TRY(const auto put, store.put(one.series, origin));
    done.added += put.added;
    done.same += put.same;
    done.revised += put.revised;
    if (!one.issued) continue;
    EBB_TRY(const auto columns, put_columns(store, one, origin));
    done.forecasts += columns;
  }
  for (const auto& forecast : read.forecasts) {
    if (!forecast.issued) continue;
    EBB_TRY(const auto added, store.put_forecast({*forecast.issued, forecast.values.series, std::nullopt},
                                                 {forecast.values.licence, location, now}));
    done.forecasts += added;
  }
  return done;
}

}  // namespace ebb::cli
