#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "series/series.h"
#include "time/instant.h"

namespace ebb::plan {

/// A series made ready for sweeps over all of its starts: its values as exact integers, their ranks, where they miss.
///
/// Integers, so that sums slide without drift: multiples of a power of two so small that half of it, times the slots
/// of the longest window, is below 1e-12 of the largest value. Equal values stay equal. Immutable; safe to read from
/// any thread. O(n log n) to make.
class SweepSeries {
 public:
  /// Without ranks run-now and flexible-start can be swept, pause-resume cannot; saves the sorting.
  enum class Ranks { kYes, kNo };
  explicit SweepSeries(const series::Series& series, Ranks ranks = Ranks::kYes);

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] time::Duration step() const { return step_; }
  [[nodiscard]] const std::vector<std::int64_t>& values() const { return values_; }
  /// Sum of values before each slot; one more than slots.
  [[nodiscard]] const std::vector<std::int64_t>& prefix() const { return prefix_; }
  [[nodiscard]] double unit() const { return unit_; }  ///< what an integer 1 stands for

  /// A stretch of slots ranked among themselves by (value, time), from 1; missing slots last.
  struct Ranked {
    std::size_t first = 0;             ///< slot
    std::vector<std::uint32_t> ranks;  ///< by slot - first
    std::vector<std::uint32_t> slots;  ///< by rank; slot - first

    [[nodiscard]] std::size_t size() const { return ranks.size(); }
  };
  /// Stretches of 2 x kStride slots, one every kStride: windows of up to kStride slots see neighbours in rank close by.
  [[nodiscard]] const std::vector<Ranked>& stretches() const { return stretches_; }
  /// All slots as one stretch, for longer windows.
  [[nodiscard]] const Ranked& whole() const { return whole_; }
  static constexpr std::size_t kStride = 4096;

  [[nodiscard]] bool any_missing(std::size_t first, std::size_t count) const {
    return missing_before_[first + count] != missing_before_[first];
  }

 private:
  void rank(const series::Series& series);

  time::Duration step_;
  double unit_ = 1.0;
  std::vector<std::int64_t> values_;
  std::vector<std::int64_t> prefix_;
  Ranked whole_;
  std::vector<Ranked> stretches_;
  std::vector<std::uint32_t> missing_before_;
};

/// A job of flat power that may start at any slot edge, and its window in slots.
struct SweepJob {
  SweepJob(time::Duration job_duration, time::Duration job_slack, time::Duration series_step);

  time::Duration duration;
  time::Duration slack;
  time::Duration step;
  std::size_t whole;           ///< q: whole slots of work
  time::Duration piece;        ///< r: the rest
  std::size_t window;          ///< slots that the window touches
  std::size_t full;            ///< slots that lie wholly inside it
  std::size_t last_delay;      ///< latest start, in slots
  time::Duration last_length;  ///< of the window's part of a slot behind the full ones; may be 0
};

/// One result for each slot edge whose window lies inside the series; those whose window touches a missing slot hold
/// nothing of meaning (see SweepSeries::any_missing).
struct SweepResult {
  /// Mean intensity that the job meets, g per kWh of its energy.
  std::vector<double> intensity;
  /// When it ends, as a rank: 2e = after e slots, 2e - 1 = with the piece, in slot e (counted from 1).
  std::vector<std::uint32_t> end_key;
  std::vector<std::uint32_t> pauses;

  [[nodiscard]] std::size_t starts() const { return intensity.size(); }
};

/// Number of slot edges whose whole window lies inside the series.
std::size_t count_starts(const SweepSeries& series, const SweepJob& job);
/// From an end_key to the delay behind run-now.
time::Duration delay_of(const SweepJob& job, std::uint32_t end_key);

/// run-now at every start. O(slots).
void sweep_run_now(const SweepSeries& series, const SweepJob& job, SweepResult& out);
/// flexible-start at every start, ties to the earliest: prefix sums and a sliding minimum. O(slots).
void sweep_flexible_start(const SweepSeries& series, const SweepJob& job, SweepResult& out);
/// pause-resume with free pauses at every start: the sum of the q smallest values of a sliding window over unique
/// ranks, kept by a threshold that moves by at most one occupied rank a slide, and the piece on the next one. Ties go
/// to the earlier slot (pauses are counted so; the emissions are the same). O(slots), whatever the duration.
void sweep_pause_resume(const SweepSeries& series, const SweepJob& job, SweepResult& out);

}  // namespace ebb::plan
