#include "grid/stored.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "grid/series_part.h"

namespace ebb::grid {
namespace {

using base::Expected;

/// A run waits no longer for a file that it can do without.
constexpr auto kWait = std::chrono::milliseconds(200);

/// A file that says nothing of the scope of its marginal values may be taken after one that does.
int rank_of_scope(const series::Signal& signal) {
  if (!signal.scope) return 1;
  const auto wanted =
      signal.kind == series::SignalKind::kMarginal ? series::SignalScope::kDirect : series::SignalScope::kLifecycle;
  return *signal.scope == wanted ? 2 : 0;
}

/// Whether `a` is to be asked before `b`.
bool is_better(const store::Entry& a, const store::Entry& b) {
  const auto rank = [](const store::Entry& entry) {
    return std::tuple(entry.quality.measured, rank_of_scope(entry.key.signal), entry.key.vintage, entry.retrieved_at,
                      -entry.key.step);
  };
  return rank(a) > rank(b);
}

std::vector<store::Entry> best_first(std::vector<store::Entry> entries) {
  // Stable: what is equal in all of it stays in the store's order.
  std::stable_sort(entries.begin(), entries.end(), is_better);
  return entries;
}

}  // namespace

Expected<store::Store*> Stored::opened() {
  if (store_) return &*store_;
  std::error_code code;
  if (path_.empty() || !std::filesystem::exists(path_, code)) return static_cast<store::Store*>(nullptr);
  EBB_TRY(store_, store::Store::open(path_, store::Access::kRead, kWait));
  return &*store_;
}

Expected<std::vector<store::Entry>> Stored::entries() {
  EBB_TRY(auto* store, opened());
  if (store == nullptr) return std::vector<store::Entry>();
  return store->list();
}

Expected<std::vector<store::ForecastEntry>> Stored::forecasts() {
  EBB_TRY(auto* store, opened());
  if (store == nullptr) return std::vector<store::ForecastEntry>();
  return store->list_forecasts();
}

Expected<std::vector<store::Entry>> Stored::entries(const std::string& zone) {
  EBB_TRY(auto* store, opened());
  if (store == nullptr) return std::vector<store::Entry>();
  return store->list(zone);
}

Expected<std::optional<series::Series>> Stored::find(const std::string& zone, std::optional<series::SignalKind> kind,
                                                     std::optional<time::Instant> moment) {
  EBB_TRY(auto all, entries(zone));
  all = best_first(std::move(all));
  const auto serves = [&](const store::Entry& entry) {
    const bool in_time = !moment || (*moment >= entry.covers.begin && *moment < entry.covers.end);
    return in_time && entry.missing < entry.slots;
  };
  const auto first_of = [&](const std::optional<series::SignalKind>& wanted) -> const store::Entry* {
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const auto& entry) { return entry.key.signal.kind == wanted && serves(entry); });
    return found == all.end() ? nullptr : &*found;
  };
  const auto* best = first_of(kind ? kind : series::SignalKind::kMarginal);
  if (best == nullptr && !kind) best = first_of(series::SignalKind::kAverage);
  if (best == nullptr && !kind) best = first_of(std::nullopt);
  if (best == nullptr) return std::optional<series::Series>();
  EBB_TRY(auto series, store_->read(best->key));
  return std::optional(std::move(series));
}

Expected<Stored::Books> Stored::covering(const std::string& zone, time::Interval when, time::Duration after) {
  EBB_TRY(auto all, entries(zone));
  Books books;
  for (const auto& entry : best_first(std::move(all))) {
    const auto kind = entry.key.signal.kind;
    if (!kind || when.begin < entry.covers.begin || when.end > entry.covers.end) continue;
    auto& book = *kind == series::SignalKind::kMarginal ? books.marginal : books.average;
    if (book) continue;
    EBB_TRY(const auto series, store_->read(entry.key, {when.begin, when.end + after}));
    book = part_of(series, when, after);
  }
  return books;
}

}  // namespace ebb::grid
