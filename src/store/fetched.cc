#include <algorithm>

#include "store/store_parts.h"

namespace ebb::store {
namespace {

using base::Done;
using base::Expected;
using base::Status;

std::int64_t nanoseconds(time::Instant at) { return std::int64_t{at.time_since_epoch().count()}; }

void bind_key(sqlite::Query& query, const FetchKey& key) {
  query.bind(key.provider).bind(key.zone).bind(series::text_of(key.signal));
}

Expected<std::vector<time::Interval>> read_fetched(sqlite::Database& database, const FetchKey& key) {
  EBB_TRY(auto query,
          database.query("SELECT begin_ns, end_ns FROM fetched WHERE provider = ? AND zone = ? AND signal = "
                         "? ORDER BY begin_ns"));
  bind_key(query, key);
  std::vector<time::Interval> all;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return all;
    const time::Instant begin{time::Duration(query.integer())};
    all.push_back({begin, time::Instant(time::Duration(query.integer()))});
  }
}

}  // namespace

Status Store::mark_fetched(const FetchKey& key, time::Interval when) {
  if (when.end <= when.begin) return Done{};
  EBB_TRY_DO(check_text("provider", key.provider));
  EBB_TRY_DO(check_text("zone", key.zone));
  EBB_TRY_DO(check_moment("the begin of what was fetched", when.begin));
  EBB_TRY_DO(check_moment("the end of what was fetched", when.end));
  auto& database = parts_->database;
  EBB_TRY(auto transaction, sqlite::Transaction::begin(database));
  EBB_TRY(const auto before, read_fetched(database, key));
  for (const auto& interval : before) {
    if (interval.end < when.begin || interval.begin > when.end) continue;
    when = {std::min(when.begin, interval.begin), std::max(when.end, interval.end)};
    EBB_TRY(auto query, database.query("DELETE FROM fetched WHERE provider = ? AND zone = ? AND signal = ? AND "
                                       "begin_ns = ?"));
    bind_key(query, key);
    EBB_TRY_DO(query.bind(nanoseconds(interval.begin)).run());
  }
  {
    EBB_TRY(auto query,
            database.query("INSERT INTO fetched (provider, zone, signal, begin_ns, end_ns) VALUES (?, ?, ?, ?, ?)"));
    bind_key(query, key);
    EBB_TRY_DO(query.bind(nanoseconds(when.begin)).bind(nanoseconds(when.end)).run());
  }
  return transaction.commit();
}

Expected<std::vector<time::Interval>> Store::fetched(const FetchKey& key) {
  return read_fetched(parts_->database, key);
}

Expected<std::vector<time::Interval>> Store::not_fetched(const FetchKey& key, time::Interval when) {
  EBB_TRY(const auto done, read_fetched(parts_->database, key));
  std::vector<time::Interval> open;
  for (const auto& interval : done) {
    if (interval.end <= when.begin) continue;
    if (interval.begin >= when.end) break;
    if (when.begin < interval.begin) open.push_back({when.begin, interval.begin});
    when.begin = interval.end;
  }
  if (when.begin < when.end) open.push_back(when);
  return open;
}

}  // namespace ebb::store
