#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "series/series.h"
#include "store/entry.h"
#include "time/instant.h"

namespace ebb::store {

/// The store's file in the data folder.
inline constexpr const char* kFileName = "grid.db";

enum class Access { kRead, kWrite };

/// The local store of grid series: one SQLite file (docs/grid-store.md).
///
/// What it keeps it gives back to the last bit. A series is what one source says of one zone and signal by one model
/// vintage at one step; no call mixes two of them (law 5). Values that change leave what they replace behind, so that
/// any read can be asked as of an earlier moment. Forecasts stay as they were issued.
///
/// Every change is one transaction: done when the call has returned, else not at all, whatever is killed when. Several
/// processes may read while one writes, each through a Store of its own; a call waits for other writers.
/// After a power loss the newest changes may be missing, none is half there.
/// Errors of every call: kService where the file system refuses (disk full, no permission, locked); kBadData where the
/// file is no store, is damaged (naming series and time), or was written by a newer ebb.
/// Thread safety: none; no use across fork().
class Store {
 public:
  /// kWrite makes the file, for its user only, where there is none, and brings an older one to this version's tables.
  /// kRead changes nothing, and works in a folder that may not be written; kNoData where there is no file.
  /// `wait`: how long a call may wait for others.
  static base::Expected<Store> open(const std::string& path, Access access,
                                    time::Duration wait = std::chrono::seconds(10));

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// Adds the values of a series. One that differs from what is there replaces it, and the old one is kept as a
  /// revision of `origin.retrieved_at`; a missing one never replaces a value. kUsage: a zone without a name, a text
  /// that is too long or holds control characters, a time outside 1900-2150, an infinite value.
  base::Expected<PutResult> put(const series::Series& series, const Origin& origin);

  /// Everything that is kept, by zone, signal, source, vintage, step.
  base::Expected<std::vector<Entry>> list();
  /// Of one zone; whatever the case.
  base::Expected<std::vector<Entry>> list(const std::string& zone);

  /// The slots that touch `when`, as far as the series goes; their quality is that of these slots. kNoData: no such
  /// series, or none of it in that time.
  base::Expected<series::Series> read(const Key& key, time::Interval when);
  /// All of it.
  base::Expected<series::Series> read(const Key& key);
  /// The same as it stood at a moment: what was put later is undone; a slot that was not known yet is missing.
  base::Expected<series::Series> read_as_known_at(const Key& key, time::Interval when, time::Instant known_at);

  /// Each time that values were replaced, oldest first.
  base::Expected<std::vector<Revision>> revisions(const Key& key);
  /// Where the values of a time come from, in order of time.
  base::Expected<std::vector<Span>> origins(const Key& key, time::Interval when);

  /// Keeps forecasts as issued, all or none. One that is there already with the same values is fine; with other values
  /// it is kUsage: what was issued is never overwritten. Gives back how many were added.
  base::Expected<std::size_t> put_forecasts(const std::vector<Forecast>& forecasts, const Origin& origin);
  base::Expected<std::size_t> put_forecast(const Forecast& forecast, const Origin& origin);
  /// What forecasts there are.
  base::Expected<std::vector<ForecastEntry>> list_forecasts();
  /// Those issued in [issued.begin, issued.end), by issue and quantile. Empty where there is none.
  base::Expected<std::vector<Forecast>> forecasts(const Key& key, time::Interval issued);
  /// The one issued last at or before a moment, of that quantile (nothing: the expected value).
  base::Expected<std::optional<Forecast>> latest_forecast(const Key& key, time::Instant at_or_before,
                                                          std::optional<double> quantile = std::nullopt);

  /// Remembers that a provider was asked for that time: what it did not give is known to be missing there.
  base::Status mark_fetched(const FetchKey& key, time::Interval when);
  /// What was asked for, joined, in order.
  base::Expected<std::vector<time::Interval>> fetched(const FetchKey& key);
  /// The parts of `when` that were not asked for yet.
  base::Expected<std::vector<time::Interval>> not_fetched(const FetchKey& key, time::Interval when);

  /// Forgets a series with its revisions and forecasts. kNoData where there is none. The file does not shrink; its
  /// room is used again.
  base::Status remove(const Key& key);

  /// Reads the whole file, every chunk of it, and says what is wrong: kBadData.
  base::Status check();

 private:
  struct Parts;
  explicit Store(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace ebb::store
