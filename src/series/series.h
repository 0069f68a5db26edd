#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "series/signal.h"
#include "time/instant.h"

namespace ebb::series {

/// How much of a result rests on what; the three add up to 1.
struct DataQuality {
  double measured = 1.0;
  double modelled = 0.0;
  double filled = 0.0;

  friend bool operator==(const DataQuality&, const DataQuality&) = default;
};

/// Where a series comes from. Empty text = not known.
struct Provenance {
  std::string zone;  ///< grid area, "US-CAL-CISO"
  Signal signal;
  std::string source;   ///< who published it, with its licence where known
  std::string vintage;  ///< version or date of the model behind it; two vintages are never mixed (law 5)
  DataQuality quality;
};

/// The value of a slot without data. Law 4: never zero, never the best hour.
inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
inline bool is_missing(double value) { return std::isnan(value); }

/// No intensity or price comes near it; a larger value in a file is a mistake, and sums of these never overflow.
inline constexpr double kLargestValue = 1e12;
inline bool is_plausible(double value) { return std::fabs(value) <= kLargestValue; }

/// Values at a fixed step in UTC; slot i is [begin + i x step, begin + (i + 1) x step) and its value holds for all of
/// it. Mostly intensities in g/kWh; a price series uses the same shape in currency/kWh.
///
/// A value is finite or missing. Immutable after it was made, so copies share the values and are cheap; reading is safe
/// from any thread.
class Series {
 public:
  /// step > 0 (a programmer's duty). values: g/kWh (or currency/kWh), kMissing where there is none.
  Series(Provenance provenance, time::Instant begin, time::Duration step, std::vector<double> values);

  [[nodiscard]] const Provenance& provenance() const { return provenance_; }
  [[nodiscard]] const std::string& zone() const { return provenance_.zone; }
  [[nodiscard]] const Signal& signal() const { return provenance_.signal; }
  [[nodiscard]] time::Instant begin() const { return begin_; }
  [[nodiscard]] time::Instant end() const { return time_of(size()); }
  [[nodiscard]] time::Interval covers() const { return {begin(), end()}; }
  [[nodiscard]] time::Duration step() const { return step_; }
  [[nodiscard]] std::size_t size() const { return values_->size(); }
  [[nodiscard]] std::span<const double> values() const { return *values_; }
  [[nodiscard]] double operator[](std::size_t slot) const { return (*values_)[slot]; }
  [[nodiscard]] std::size_t missing_count() const;

  /// Begin of slot i.
  [[nodiscard]] time::Instant time_of(std::size_t slot) const {
    return begin_ + step_ * static_cast<std::int64_t>(slot);
  }
  /// The slot that holds the moment; nothing where the series does not cover it.
  [[nodiscard]] std::optional<std::size_t> slot_at(time::Instant moment) const;

  /// Mean over an interval inside the series, weighted by time; kMissing where the interval touches a missing slot.
  [[nodiscard]] double mean_over(time::Interval interval) const;
  /// Mean of what is not missing; kMissing where nothing is there.
  [[nodiscard]] double mean() const;

  /// The part inside [from, to): whole slots only. May be empty.
  [[nodiscard]] Series slice(time::Instant from, time::Instant to) const;
  [[nodiscard]] Series with(Provenance provenance) const;

 private:
  Provenance provenance_;
  time::Instant begin_;
  time::Duration step_;
  std::shared_ptr<const std::vector<double>> values_;
};

}  // namespace ebb::series
