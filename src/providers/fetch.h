#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "providers/provider.h"
#include "store/entry.h"
#include "store/store.h"
#include "time/clock.h"

namespace ebb::providers {

/// What a fetch needs besides a provider. The references must outlive the call.
struct Fetching {
  store::Store& store;
  const time::Clock& clock;
  std::string location;  ///< the service's address, without a query: kept as the
                         ///< values' origin
  /// Told after each piece: how many are done, of how many, and up to when. May
  /// be empty.
  std::function<void(std::size_t done, std::size_t total, time::Instant up_to)> progress;
  std::function<bool()> stopped;  ///< asked between pieces; may be empty
};

/// What a fetch did. What the store had before was not asked for.
struct Fetched {
  std::size_t pieces = 0;                  ///< requests' worth that were asked for
  time::Duration known{0};                 ///< of the time asked for: what was fetched before and is settled
  store::PutResult slots;                  ///< over all pieces
  std::size_t duplicates = 0;              ///< points that came twice
  std::size_t empty_pieces = 0;            ///< that held nothing
  std::vector<store::Key> keys;            ///< the series that values went to, each once
  std::vector<store::Forecast> forecasts;  ///< that were kept, as issued
  std::optional<series::Series> newest;    ///< of latest()
  std::vector<std::string> warnings;
  bool stopped = false;  ///< before the last piece; what came is kept
};

/// The past, piece by piece; each is kept as it comes, so that a fetch that
/// ends early goes on where it stopped.
///
/// What was fetched before is not asked for again, save what was younger than
/// kMayBeRevised then, or where `refresh` is set. The time is widened to whole
/// hours and ends now at the latest. A piece of which nothing came is asked for
/// again the next time. kNoData where nothing is known of all that time; else
/// the first piece's error, with how much was kept before it.
base::Expected<Fetched> fetch_history(Provider& provider, const Question& question, bool refresh,
                                      const Fetching& fetching);

/// The newest values; kNoData where there are none.
base::Expected<Fetched> fetch_latest(Provider& provider, const std::string& zone, const series::Signal& signal,
                                     const Fetching& fetching);

/// The forecast that was issued last. Where the answer does not say when, it
/// was now.
base::Expected<Fetched> fetch_forecast(Provider& provider, const std::string& zone, const series::Signal& signal,
                                       time::Duration horizon, const Fetching& fetching);

}  // namespace ebb::providers
