#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/issued_forecasts.h"
#include "series/series.h"

namespace ebb::study {

/// What a planner could have foreseen at each slot: the forecasts as issued, carried on beyond their last step and
/// corrected by what was seen before. Strictly causal: a forecast made at slot t rests on the values of slots <= t
/// (that of slot t itself is known) and on what was issued at slots <= t; scrambling the rest changes no bit of it.
///
/// With x the series, A[t, h] as issued at t for t + h, H its last step, and D the slots of a day (days are counted
/// from the series' first slot, as UTC days where it begins at midnight):
/// - climatology M[i]: mean of x at the same slot of the days before, weights 0.93^(days ago); anomaly a = x - M;
/// - cl = M of the target's slot of day as of the newest day known, t + lag, lag = h brought into 1..D by whole days;
/// - forecast(t + h) = cl + sum of beta_p(h, slot of day) z_p, between the lowest (at most 0) and the highest value of
///   the whole days before; the z: A[t, min(h, H)] - M there, a[t], the means of a over the last 3 h and 24 h, a at
///   the target's slot on the newest day known, and cl x (5/7 if the target lies on Saturday or Sunday, else -2/7);
/// - beta: ridge regression (three average days' worth of a[t]^2), refitted at each day's begin on all targets seen,
///   for some 30 steps ahead (linear between) and 8 parts of the target's day (each pooled with its neighbours, linear
///   between their middles). Zero on the first three days: climatology alone.
/// Worked out on the SGIP series of California, 2020; which features, and 0.93, were chosen with that year in view.
///
/// Unknown parts: an anomaly that is not known counts as 0 (that is: climatology). Where there is no climatology, as on
/// the first day: as issued, then its last step carried on; else the present value; else missing.
///
/// Immutable after it was made; safe to read from any thread.
class IssuedForecaster {
 public:
  /// `issued` must share the step and the slot edges of `series` (a programmer's duty); it may begin and end
  /// elsewhere, or be empty. `utc_offset`: local time, for the days of the week; no daylight saving.
  /// O(slots): about 0.3 s for a year of 5 minutes.
  IssuedForecaster(const series::Series& series, formats::IssuedForecasts issued,
                   time::Duration utc_offset = std::chrono::hours(-8));

  /// Made at `slot`, g/kWh: out[0] the slot's own value, out[h] for slot + h, also beyond the series' end.
  void forecast(std::size_t slot, std::span<double> out) const;

  /// The method in a sentence, for a report.
  [[nodiscard]] std::string description() const;
  [[nodiscard]] std::size_t size() const { return series_.size(); }

  /// Forecasts at many slots, cheap in order: keeps the coefficients of the day. One thread owns it.
  class Cursor {
   public:
    /// `horizon` values each time; the forecaster must outlive the cursor.
    Cursor(const IssuedForecaster& forecaster, std::size_t horizon) : forecaster_(&forecaster), values_(horizon) {}
    /// As forecast(); valid until the next call.
    std::span<const double> at(std::size_t slot);

   private:
    const IssuedForecaster* forecaster_;
    std::vector<double> values_;
    std::vector<double> coefficients_;
    std::size_t day_ = static_cast<std::size_t>(-1);
  };

 private:
  static constexpr std::size_t kFeatures = 6;
  using Features = std::array<double, kFeatures>;
  /// Where a slot of the day lies between the middles of two parts of the day.
  struct Between {
    std::size_t below = 0;
    std::size_t above = 0;
    double share = 0.0;  ///< of `above`
  };
  /// A slot forecast from another.
  struct Target {
    std::size_t ahead;
    std::size_t newest;   ///< the climatology's slot: same slot of day, at most a day ahead
    std::size_t of_day;   ///< slot of the target's day
    std::size_t of_week;  ///< slot of the target in weeks from the series' first slot
  };
  struct Fit;

  void make_climate();
  void make_means();
  void make_calendar(time::Duration utc_offset);
  void fit();
  [[nodiscard]] double issued_at(std::size_t slot, std::size_t ahead) const;
  [[nodiscard]] double issued_anomaly(std::size_t slot, std::size_t ahead) const;
  [[nodiscard]] Target target_of(std::size_t slot, std::size_t ahead) const;
  void advance(Target& target, std::size_t slot) const;
  [[nodiscard]] Features features(std::size_t slot, const Target& target) const;
  [[nodiscard]] std::vector<double> coefficients(std::size_t day, std::size_t horizon) const;
  void fill(std::size_t slot, std::span<const double> coefficients, std::span<double> out) const;
  [[nodiscard]] double without_climate(std::size_t slot, std::size_t ahead) const;

  series::Series series_;
  formats::IssuedForecasts issued_;
  std::int64_t issued_offset_ = 0;  ///< row of the series' first slot
  std::size_t day_slots_;           ///< D
  std::size_t parts_;               ///< of the day
  std::vector<std::size_t> nodes_;  ///< steps ahead that have coefficients of their own, rising
  std::vector<double> climate_;     ///< M, a day longer than the series; missing where nothing was seen
  std::vector<double> anomaly_;     ///< a, 0 where not known
  std::vector<double> mean_3h_;
  std::vector<double> mean_24h_;
  std::vector<double> weekend_;   ///< the factor of cl, by slot of a week from the series' first slot
  std::vector<Between> between_;  ///< by slot of day
  std::vector<double> betas_;     ///< [day][part][node][feature]
  std::vector<double> lowest_;    ///< by day
  std::vector<double> highest_;
};

}  // namespace ebb::study
