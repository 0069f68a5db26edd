#include <algorithm>
#include <vector>

#include "store/origin_rows.h"
#include "store/store_parts.h"

namespace ebb::store {
namespace {

using base::Done;
using base::Expected;
using base::Status;

/// One put, chunk by chunk. Neighbouring chunks give one row of `spans`, and one of `changes` where nothing stood.
class Put {
 public:
  Put(Shelf shelf, SeriesRow& series, time::Instant at) : shelf_(shelf), series_(series), at_(at) {}

  Status put_chunk(std::int64_t chunk, Slots slots, std::span<const double> values) {
    EBB_TRY(auto old, read_chunk(shelf_, series_, chunk));
    auto merged = merge(std::move(old), slots, values);
    counts_.added += merged.counts.added;
    counts_.same += merged.counts.same;
    counts_.revised += merged.counts.revised;
    counts_.missing += merged.counts.missing;
    if (merged.changed.empty()) return Done{};
    EBB_TRY_DO(write_chunk(shelf_, series_, chunk, merged.piece));
    for (const auto& run : merged.stated) join(stated_, run);
    if (merged.before.values.empty()) {
      join(new_, merged.changed);
      return Done{};
    }
    return write_change(shelf_, series_, at_, merged.changed, merged.counts.revised, merged.before);
  }

  Status finish(const Origin& origin, const series::DataQuality& quality) {
    for (const auto& slots : new_) EBB_TRY_DO(write_change(shelf_, series_, at_, slots, 0, {}));
    if (stated_.empty()) return Done{};
    EBB_TRY(const auto origin_id, make_origin(shelf_.database, origin, quality));
    for (const auto& slots : stated_) EBB_TRY_DO(set_span(shelf_.database, series_.id, slots, origin_id));
    return Done{};
  }

  [[nodiscard]] const PutResult& counts() const { return counts_; }

 private:
  static void join(std::vector<Slots>& runs, Slots run) {
    if (!runs.empty() && runs.back().end == run.first) {
      runs.back().end = run.end;
    } else {
      runs.push_back(run);
    }
  }

  Shelf shelf_;
  SeriesRow& series_;
  time::Instant at_;
  PutResult counts_;
  std::vector<Slots> stated_;
  std::vector<Slots> new_;  ///< changed, and nothing stood there
};

/// When the change is said to be made: never before one that was made earlier, whatever the clock showed.
Expected<time::Instant> moment_of_change(sqlite::Database& database, std::int64_t series_id, time::Instant retrieved) {
  EBB_TRY(auto query, database.query("SELECT max(at_ns) FROM changes WHERE series_id = ?"));
  query.bind(series_id);
  EBB_TRY(const bool found, query.next());
  const auto last = found ? query.maybe_integer() : std::nullopt;
  return last ? std::max(retrieved, time::Instant(time::Duration(*last))) : retrieved;
}

}  // namespace

Expected<PutResult> Store::put(const series::Series& series, const Origin& origin) {
  if (series.size() == 0) return PutResult{};
  EBB_TRY_DO(check_series(series));
  EBB_TRY_DO(check_origin(origin));
  auto& database = parts_->database;
  const auto key = key_of(series);
  const auto all = slots_of(key, series);
  EBB_TRY(auto transaction, sqlite::Transaction::begin(database));
  EBB_TRY(auto row, make_series(database, key, Role::kHistory, all));
  EBB_TRY(const auto at, moment_of_change(database, row.id, origin.retrieved_at));
  Put put(parts_->shelf(), row, at);
  for (auto slots = all; !slots.empty(); slots.first = std::min(all.end, slots.end), slots.end = all.end) {
    const auto chunk = floor_divide(slots.first, kChunkSlots);
    slots.end = std::min(all.end, (chunk + 1) * kChunkSlots);
    EBB_TRY_DO(put.put_chunk(chunk, slots,
                             series.values().subspan(static_cast<std::size_t>(slots.first - all.first),
                                                     static_cast<std::size_t>(slots.count()))));
  }
  EBB_TRY_DO(put.finish(origin, series.provenance().quality));
  row.slots = {std::min(row.slots.first, all.first), std::max(row.slots.end, all.end)};
  row.revised += put.counts().revised;
  EBB_TRY_DO(update_series(database, row));
  EBB_TRY_DO(transaction.commit());
  return put.counts();
}

}  // namespace ebb::store
