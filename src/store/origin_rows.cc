#include "store/origin_rows.h"

#include <algorithm>

namespace ebb::store {
namespace {

using base::Done;
using base::Expected;
using base::Status;

Status insert_span(sqlite::Database& database, std::int64_t series_id, const SpanRow& span) {
  if (span.slots.empty()) return Done{};
  EBB_TRY(auto query,
          database.query("INSERT INTO spans (series_id, first_slot, end_slot, origin_id) VALUES (?, ?, ?, ?)"));
  return query.bind(series_id).bind(span.slots.first).bind(span.slots.end).bind(span.origin_id).run();
}

Status delete_span(sqlite::Database& database, std::int64_t series_id, std::int64_t first) {
  EBB_TRY(auto query, database.query("DELETE FROM spans WHERE series_id = ? AND first_slot = ?"));
  return query.bind(series_id).bind(first).run();
}

}  // namespace

Expected<std::int64_t> make_origin(sqlite::Database& database, const Origin& origin,
                                   const series::DataQuality& quality) {
  const auto bind = [&](sqlite::Query& query) {
    query.bind(origin.licence).bind(origin.location);
    query.bind(std::int64_t{origin.retrieved_at.time_since_epoch().count()});
    query.bind(quality.measured).bind(quality.modelled).bind(quality.filled);
  };
  {
    EBB_TRY(auto query, database.query("SELECT id FROM origins WHERE licence = ? AND location = ? AND retrieved_ns = ? "
                                       "AND measured = ? AND modelled = ? AND filled = ?"));
    bind(query);
    EBB_TRY(const bool found, query.next());
    if (found) return query.integer();
  }
  EBB_TRY(auto query,
          database.query("INSERT INTO origins (licence, location, retrieved_ns, measured, modelled, filled) "
                         "VALUES (?, ?, ?, ?, ?, ?)"));
  bind(query);
  EBB_TRY_DO(query.run());
  return database.last_row();
}

Expected<std::vector<SpanRow>> find_spans(sqlite::Database& database, std::int64_t series_id, Slots slots) {
  // Spans do not overlap: only the last that begins before `slots` may reach into it.
  EBB_TRY(auto query,
          database.query("SELECT first_slot, end_slot, origin_id FROM spans WHERE series_id = ?1 AND first_slot < ?2 "
                         "AND end_slot > ?3 AND first_slot >= coalesce((SELECT max(first_slot) FROM spans WHERE "
                         "series_id = ?1 AND first_slot <= ?3), ?3) ORDER BY first_slot"));
  query.bind(series_id).bind(slots.end).bind(slots.first);
  std::vector<SpanRow> spans;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) return spans;
    SpanRow span;
    span.slots.first = query.integer();
    span.slots.end = query.integer();
    span.origin_id = query.integer();
    spans.push_back(span);
  }
}

Status set_span(sqlite::Database& database, std::int64_t series_id, Slots slots, std::int64_t origin_id) {
  SpanRow now{slots, origin_id};
  // One slot wider: neighbours of the same origin become one span with it.
  EBB_TRY(const auto touched, find_spans(database, series_id, {slots.first - 1, slots.end + 1}));
  for (const auto& old : touched) {
    const bool joins = old.origin_id == origin_id;
    if (!joins && overlap(old.slots, slots).empty()) continue;
    EBB_TRY_DO(delete_span(database, series_id, old.slots.first));
    if (joins) {
      now.slots = {std::min(now.slots.first, old.slots.first), std::max(now.slots.end, old.slots.end)};
      continue;
    }
    EBB_TRY_DO(
        insert_span(database, series_id, {{old.slots.first, std::min(old.slots.end, slots.first)}, old.origin_id}));
    EBB_TRY_DO(
        insert_span(database, series_id, {{std::max(old.slots.first, slots.end), old.slots.end}, old.origin_id}));
  }
  return insert_span(database, series_id, now);
}

Expected<OriginRow> read_origin(sqlite::Database& database, std::int64_t origin_id) {
  EBB_TRY(auto query, database.query("SELECT licence, location, retrieved_ns, measured, modelled, filled FROM origins "
                                     "WHERE id = ?"));
  query.bind(origin_id);
  EBB_TRY(const bool found, query.next());
  if (!found) return database.damaged("an origin of values is not there");
  OriginRow row;
  row.origin.licence = query.text();
  row.origin.location = query.text();
  row.origin.retrieved_at = time::Instant(time::Duration(query.integer()));
  row.quality.measured = query.real();
  row.quality.modelled = query.real();
  row.quality.filled = query.real();
  return row;
}

Expected<series::DataQuality> quality_over(sqlite::Database& database, std::int64_t series_id, Slots slots) {
  EBB_TRY(auto query,
          database.query("SELECT measured, modelled, filled, sum(min(end_slot, ?2) - max(first_slot, ?3)) FROM spans "
                         "JOIN origins ON origins.id = origin_id WHERE series_id = ?1 AND first_slot < ?2 AND "
                         "end_slot > ?3 GROUP BY measured, modelled, filled ORDER BY 1, 2, 3"));
  query.bind(series_id).bind(slots.end).bind(slots.first);
  series::DataQuality sum{0.0, 0.0, 0.0};
  series::DataQuality only;
  double weights = 0.0;
  int kinds = 0;
  for (;;) {
    EBB_TRY(const bool more, query.next());
    if (!more) break;
    only.measured = query.real();
    only.modelled = query.real();
    only.filled = query.real();
    const double weight = query.real();
    sum.measured += only.measured * weight;
    sum.modelled += only.modelled * weight;
    sum.filled += only.filled * weight;
    weights += weight;
    ++kinds;
  }
  if (kinds <= 1) return only;  // not through a quotient, which could change its last bit
  return series::DataQuality{sum.measured / weights, sum.modelled / weights, sum.filled / weights};
}

}  // namespace ebb::store
