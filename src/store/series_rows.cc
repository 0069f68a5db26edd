#include "store/series_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "time/text.h"

namespace ebb::store {
namespace {

using base::Done;
using base::Expected;
using base::Status;

constexpr std::size_t kLongestText = 2000;
constexpr auto kShortestStep = std::chrono::seconds(1);
constexpr auto kLongestStep = std::chrono::hours(24 * 3660);

// The numbers stand in files: they never change.
std::int64_t number_of(const std::optional<series::SignalKind>& kind) {
  if (!kind) return 0;
  return *kind == series::SignalKind::kMarginal ? 1 : 2;
}
std::int64_t number_of(const std::optional<series::SignalScope>& scope) {
  if (!scope) return 0;
  return *scope == series::SignalScope::kDirect ? 1 : 2;
}
series::Signal signal_of(std::int64_t kind, std::int64_t scope) {
  series::Signal signal;
  if (kind != 0) signal.kind = kind == 1 ? series::SignalKind::kMarginal : series::SignalKind::kAverage;
  if (scope != 0) signal.scope = scope == 1 ? series::SignalScope::kDirect : series::SignalScope::kLifecycle;
  return signal;
}

constexpr std::string_view kColumns =
    "SELECT id, zone, kind, scope, source, vintage, step_ns, phase_ns, first_slot, end_slot, revised FROM series ";

SeriesRow read_row(sqlite::Query& query) {
  SeriesRow row;
  row.id = query.integer();
  row.key.zone = query.text();
  const auto kind = query.integer();
  const auto scope = query.integer();
  row.key.signal = signal_of(kind, scope);
  row.key.source = query.text();
  row.key.vintage = query.text();
  row.key.step = time::Duration(query.integer());
  row.key.phase = time::Duration(query.integer());
  row.slots.first = query.integer();
  row.slots.end = query.integer();
  row.revised = static_cast<std::size_t>(query.integer());
  return row;
}

void bind_key(sqlite::Query& query, const Key& key, Role role) {
  query.bind(key.zone).bind(static_cast<int>(role)).bind(number_of(key.signal.kind)).bind(number_of(key.signal.scope));
  query.bind(key.source).bind(key.vintage).bind(std::int64_t{key.step.count()}).bind(std::int64_t{key.phase.count()});
}

}  // namespace

Status check_text(std::string_view what, std::string_view text) {
  if (text.size() > kLongestText) {
    return base::usage_error(
        fmt::format("the {} {} is longer than {} bytes", what, base::in_quotes(text), kLongestText));
  }
  const bool plain =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (!plain) return base::usage_error(fmt::format("the {} {} holds control characters", what, base::in_quotes(text)));
  return Done{};
}

Status check_key(const Key& key) {
  if (key.zone.empty()) return base::usage_error("a series without a zone cannot be kept: name one (`# zone: FR`)");
  EBB_TRY_DO(check_text("zone", key.zone));
  EBB_TRY_DO(check_text("source", key.source));
  EBB_TRY_DO(check_text("vintage", key.vintage));
  if (key.step < kShortestStep || key.step > kLongestStep) {
    return base::usage_error(fmt::format("{}: a series with a step of {} cannot be kept: from 1s to ten years",
                                         key.zone, time::text_of(key.step)));
  }
  return Done{};
}

Expected<std::optional<SeriesRow>> find_series(sqlite::Database& database, const Key& key, Role role) {
  static const std::string sql = std::string(kColumns) +
                                 "WHERE zone = ? AND role = ? AND kind = ? AND scope = ? AND source = ? AND vintage = "
                                 "? AND step_ns = ? AND phase_ns = ?";
  EBB_TRY(auto query, database.query(sql));
  bind_key(query, key, role);
  EBB_TRY(const bool found, query.next());
  return found ? std::optional(read_row(query)) : std::nullopt;
}

Expected<SeriesRow> require_series(sqlite::Database& database, const Key& key, Role role) {
  EBB_TRY(auto row, find_series(database, key, role));
  if (row) return *std::move(row);
  return base::no_data(fmt::format("{}: no {} of {}; `ebb grid list` shows what there is", database.path(),
                                   role == Role::kHistory ? "series" : "forecasts", text_of(key)));
}

Expected<SeriesRow> make_series(sqlite::Database& database, const Key& key, Role role, Slots slots) {
  EBB_TRY(auto found, find_series(database, key, role));
  if (found) return *std::move(found);
  EBB_TRY(auto query,
          database.query("INSERT INTO series (zone, role, kind, scope, source, vintage, step_ns, phase_ns, first_slot, "
                         "end_slot, revised) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"));
  bind_key(query, key, role);
  EBB_TRY_DO(query.bind(slots.first).bind(slots.end).run());
  return SeriesRow{database.last_row(), key, slots, 0};
}

Status update_series(sqlite::Database& database, const SeriesRow& row) {
  EBB_TRY(auto query, database.query("UPDATE series SET first_slot = ?, end_slot = ?, revised = ? WHERE id = ?"));
  query.bind(row.slots.first).bind(row.slots.end).bind(static_cast<std::int64_t>(row.revised)).bind(row.id);
  return query.run();
}

Expected<std::vector<SeriesRow>> list_series(sqlite::Database& database, Role role,
                                             const std::optional<std::string>& zone) {
  static const std::string sql = std::string(kColumns) +
                                 "WHERE role = ? AND (? IS NULL OR zone = ? COLLATE NOCASE) "
                                 "ORDER BY zone, kind, scope, source, vintage, step_ns, phase_ns";
  EBB_TRY(auto query, database.query(sql));
  query.bind(static_cast<int>(role)).bind(zone).bind(zone);
  std::vector<SeriesRow> rows;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return rows;
    rows.push_back(read_row(query));
  }
}

}  // namespace ebb::store
