#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "series/series.h"
#include "time/instant.h"

namespace ebb::store {

/// Which series: what differs in any of these is another one (law 5).
struct Key {
  std::string zone;
  series::Signal signal;
  std::string source;
  std::string vintage;
  time::Duration step{0};
  time::Duration phase{0};  ///< how far slots begin after whole multiples of `step` since 1970; mostly 0

  friend bool operator==(const Key&, const Key&) = default;
};

Key key_of(const series::Series& series);
/// "US-CAL-CISO, marginal direct, WattTime, 2025, every 5m": for messages.
std::string text_of(const Key& key);

/// Where values were taken from.
struct Origin {
  std::string licence;   ///< "CC BY 4.0"; empty: not known
  std::string location;  ///< URL without secrets, or file
  time::Instant retrieved_at;

  friend bool operator==(const Origin&, const Origin&) = default;
};

/// What a put did, in slots: they add up to the series'.
struct PutResult {
  std::size_t added = 0;
  std::size_t same = 0;
  std::size_t revised = 0;
  std::size_t missing = 0;  ///< without a value: they change nothing

  friend bool operator==(const PutResult&, const PutResult&) = default;
};

/// What is kept of one series.
struct Entry {
  Key key;
  time::Interval covers;    ///< from the first slot that was put to the last
  std::size_t slots = 0;    ///< of `covers`
  std::size_t missing = 0;  ///< of these
  double mean = 0.0;        ///< g/kWh, of what is not missing; kMissing where all is
  std::size_t revised = 0;  ///< values that were replaced since the first put
  series::DataQuality quality;
  std::vector<std::string> licences;  ///< each once
  time::Instant retrieved_at;         ///< the last of its origins
};

/// Where the values of a time come from.
struct Span {
  time::Interval when;
  Origin origin;
  series::DataQuality quality;
};

/// Values were replaced.
struct Revision {
  time::Instant replaced_at;
  time::Interval when;       ///< from the first slot that changed to the last
  std::size_t replaced = 0;  ///< slots whose value changed; those that were missing before are no revision
};

/// One forecast as it was issued: values for the slots of `series`.
struct Forecast {
  time::Instant issued;
  series::Series series;
  std::optional<double> quantile;  ///< 0.1: a tenth of the outcomes lies below; nothing: the expected value
};

struct ForecastEntry {
  Key key;
  std::size_t forecasts = 0;
  time::Instant first_issued;
  time::Instant last_issued;
  time::Duration longest_horizon{0};  ///< from issue to the end of the last slot
};

/// Whom was asked for what.
struct FetchKey {
  std::string provider;
  std::string zone;
  series::Signal signal;
};

}  // namespace ebb::store
