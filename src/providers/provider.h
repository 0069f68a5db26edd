#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "series/series.h"
#include "time/instant.h"

namespace ebb::providers {

/// What one request is about.
struct Question {
  std::string zone;  ///< as the provider names it
  series::Signal signal;
  time::Interval when;
};

/// What an answer said.
struct Reading {
  std::vector<series::Series> series;   ///< of one zone and signal; several where
                                        ///< the vintage or the step changes
  std::optional<time::Instant> issued;  ///< of a forecast, where the answer says it
  std::size_t duplicates = 0;           ///< points that came twice with the same value
  std::vector<std::string> warnings;
};

/// What is fixed about a provider.
struct Facts {
  std::string name;                     ///< "watttime": for --provider
  std::string title;                    ///< "WattTime"
  std::string licence;                  ///< of its data
  std::vector<std::string> secrets;     ///< names of the variables that it needs; empty: none
  std::string registration;             ///< where to get them
  std::vector<series::Signal> signals;  ///< what it offers; the first is the default
  time::Duration longest_piece{0};      ///< of history, in one request
  time::Duration latest_reach{0};       ///< how far back the newest values are looked for
  time::Duration longest_forecast{0};   ///< 0: it has none
};

/// A web service with series of grids. Errors of every call: kService where it
/// cannot be reached, refuses or fails (after the attempts of http/patient.h);
/// kBadData where its answer is not what it documents; kNoData where it does
/// not know the zone; each with what it said and what to do. Never holds a
/// secret in a message. Thread safety: none.
class Provider {
 public:
  virtual ~Provider() = default;
  [[nodiscard]] virtual const Facts& facts() const = 0;
  /// One piece of the past, at most Facts::longest_piece long; what the answer
  /// holds outside it is the caller's to leave out. A reading without series:
  /// there is nothing in that time.
  virtual base::Expected<Reading> history(const Question& question) = 0;
  /// The newest values.
  virtual base::Expected<Reading> latest(const std::string& zone, const series::Signal& signal) = 0;
  /// As issued last, at least `horizon` far where the provider goes that far.
  virtual base::Expected<Reading> forecast(const std::string& zone, const series::Signal& signal,
                                           time::Duration horizon) = 0;
  /// The names that `zone` may be.
  virtual base::Expected<std::vector<std::string>> zones() = 0;
};

}  // namespace ebb::providers
