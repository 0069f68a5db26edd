#include "outlook/outlook.h"

#include <fmt/format.h>

#include <algorithm>

#include "forecast/forecaster.h"
#include "store/store.h"
#include "time/text.h"

namespace ebb::outlook {
namespace {

using base::Expected;
using policy::Outlook;

constexpr auto kPast = std::chrono::hours(24 * 30);

/// From the slot that holds `now` on.
std::optional<series::Series> from_now(const series::Series& series, time::Instant now) {
  const auto slot = series.slot_at(now);
  if (!slot) return std::nullopt;
  return series.slice(series.time_of(*slot), series.end());
}

/// The newest forecast that a provider issued for the zone and signal; of several, what looks farthest ahead.
Expected<std::optional<Outlook>> as_issued(const std::string& path, const std::string& zone, const Wish& wish,
                                           series::SignalKind kind, time::Instant now) {
  std::optional<Outlook> best;
  auto store = store::Store::open(path, store::Access::kRead, std::chrono::milliseconds(200));
  if (!store) {
    if (store.error().kind == base::ErrorKind::kNoData) return best;
    return store.error();
  }
  EBB_TRY(const auto entries, store->list_forecasts());
  for (const auto& entry : entries) {
    if (entry.key.zone != zone || entry.key.signal.kind != kind || entry.last_issued + wish.stale < now) continue;
    EBB_TRY(const auto forecast, store->latest_forecast(entry.key, now));
    if (!forecast || forecast->issued + wish.stale < now) continue;
    auto mean = from_now(forecast->series, now);
    if (!mean || mean->missing_count() > 0) continue;
    if (best && best->mean.end() >= mean->end()) continue;
    const auto made_by =
        fmt::format("{}, as issued at {}", forecast->series.provenance().source, time::text_of(forecast->issued));
    best = Outlook{*std::move(mean), {}, {}, {}, made_by, forecast->issued, false};
    for (const auto& [quantile, target] : {std::pair(0.05, &best->low), std::pair(0.95, &best->high)}) {
      EBB_TRY(const auto level, store->latest_forecast(entry.key, now, quantile));
      if (level && level->issued == forecast->issued) *target = from_now(level->series, now);
    }
    if (!best->low || !best->high || best->low->size() != best->mean.size() ||
        best->high->size() != best->mean.size()) {
      best->low.reset();
      best->high.reset();
    }
  }
  return best;
}

bool is_known(const series::Series& series) { return series.size() > 0 && series.missing_count() == 0; }

/// ebb's own, where the history lets it.
std::optional<Outlook> our_own(const series::Series& history, const Wish& wish, time::Instant now) {
  const auto method = forecast::find_method("ebb");
  CHECK(method.ok());
  auto issued = forecast::issue(**method, history, now, wish.horizon);
  if (!issued || !is_known(issued->mean)) return std::nullopt;
  const auto made_by = fmt::format("ebb's own forecast, from {} until {}", history.provenance().source,
                                   time::text_of(std::min(history.end(), now)));
  Outlook outlook{issued->mean, {}, {}, {}, made_by, issued->issued, false};
  if (is_known(issued->levels.front()) && is_known(issued->levels.back())) {
    outlook.low = issued->levels.front();
    outlook.high = issued->levels.back();
  }
  return outlook;
}

/// `first`, and behind its end what `then` says, where their slots are of one grid.
series::Series joined(const series::Series& first, const series::Series& then) {
  if (first.step() != then.step() || then.end() <= first.end() || then.begin() > first.end()) return first;
  if ((first.end() - then.begin()) % first.step() != time::Duration(0)) return first;
  const auto rest = then.slice(first.end(), then.end());
  std::vector<double> values(first.values().begin(), first.values().end());
  values.insert(values.end(), rest.values().begin(), rest.values().end());
  return {first.provenance(), first.begin(), first.step(), std::move(values)};
}

Outlook joined(Outlook first, const Outlook& then) {
  const auto end = first.mean.end();
  first.mean = joined(first.mean, then.mean);
  if (first.mean.end() == end) return first;
  if (first.low && then.low && first.high && then.high) {
    first.low = joined(*first.low, *then.low);
    first.high = joined(*first.high, *then.high);
  } else {
    first.low.reset();
    first.high.reset();
  }
  first.made_by += fmt::format(" for {}, then {}", time::text_of(end - first.mean.begin()), then.made_by);
  return first;
}

Expected<std::optional<Outlook>> typical(grid::Catalogue& catalogue, const Wish& wish, time::Instant now) {
  EBB_TRY(const auto cover, catalogue.covering(wish.zone, {now, now + wish.horizon}));
  const bool marginal = cover.marginal && wish.kind != series::SignalKind::kAverage;
  const auto& series = marginal ? cover.marginal : cover.average;
  if (!series || (wish.kind == series::SignalKind::kMarginal && !marginal)) return std::optional<Outlook>();
  auto mean = from_now(*series, now);
  if (!mean || !is_known(*mean)) return std::optional<Outlook>();
  const bool measured = mean->provenance().quality.measured == 1.0;
  return std::optional(
      Outlook{*std::move(mean),
              {},
              {},
              {},
              fmt::format("{}: {}", measured ? "measured" : "the typical year", series->provenance().source),
              now,
              measured});
}

}  // namespace

Expected<std::optional<Outlook>> look_ahead(grid::Catalogue& catalogue, const Wish& wish, time::Instant now) {
  EBB_TRY(const auto place, catalogue.place_of(wish.zone));
  EBB_TRY(auto history, catalogue.stored().find(place.zone, wish.kind, now - std::chrono::hours(1)));
  if (!history) {
    EBB_TRY(history, catalogue.stored().find(place.zone, wish.kind));
  }
  const auto kind =
      wish.kind.value_or(history && history->signal().kind ? *history->signal().kind : series::SignalKind::kMarginal);
  EBB_TRY(auto issued, as_issued(catalogue.stored().path(), place.zone, wish, kind, now));
  if (!issued && !wish.kind && !history) {
    EBB_TRY(issued, as_issued(catalogue.stored().path(), place.zone, wish, series::SignalKind::kAverage, now));
  }
  std::optional<Outlook> own;
  if (history && (!issued || issued->mean.end() < now + wish.horizon)) own = our_own(*history, wish, now);
  std::optional<Outlook> outlook = own;
  if (issued) outlook = own ? joined(*issued, *own) : *issued;
  if (!outlook) {
    EBB_TRY(outlook, typical(catalogue, wish, now));
    return outlook;
  }
  if (history) {
    auto past =
        history->slice(std::max(history->begin(), now - kPast), std::min(history->end(), outlook->mean.begin()));
    if (past.size() > 0) outlook->past = std::move(past);
  }
  return outlook;
}

Expected<std::optional<series::Series>> look_back(grid::Catalogue& catalogue, const Wish& wish, time::Interval when) {
  EBB_TRY(const auto place, catalogue.place_of(wish.zone));
  EBB_TRY(const auto books, catalogue.stored().covering(place.zone, when, time::Duration(0)));
  if (wish.kind != series::SignalKind::kAverage && books.marginal) return books.marginal;
  if (wish.kind == series::SignalKind::kMarginal) return std::optional<series::Series>();
  return books.average;
}

}  // namespace ebb::outlook
