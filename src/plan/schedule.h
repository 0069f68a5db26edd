#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "plan/problem.h"
#include "plan/window.h"
#include "series/series.h"

namespace ebb::plan {

/// One run segment: first `overhead` (restart after a pause, at constant power), then work.
struct Segment {
  time::Instant begin;
  time::Duration overhead{0};
  units::Power overhead_power;
  time::Duration work_from{0};  ///< in the profile's own time
  time::Duration work{0};

  [[nodiscard]] time::Instant end() const { return begin + overhead + work; }
};

/// What to do when: the segments in order, with what the costs need to know of the cells.
///
/// Of a job that has begun a pause may come before the first segment: the one in which it was (maybe of no length any
/// more), or the one that a running job makes by not going on.
struct Schedule {
  std::vector<Segment> segments;
  std::vector<time::Interval> resume_cells;  ///< one a resume, in order: the cell in which its segment begins
  time::Interval first_cell;                 ///< the cell in which the first segment begins
  time::Instant from;                        ///< where the window begins
  Standing standing = Standing::kNotStarted;

  /// The pause from the window's begin to the first segment.
  [[nodiscard]] std::optional<time::Interval> leading_pause() const;
  /// Those that begin at the window's begin or later: a leading one counts where the job was running.
  [[nodiscard]] std::size_t pauses() const { return segments.size() - 1 + (first_is_leading() ? 1 : 0); }
  /// The first segment's: of a job that has begun, when it goes on.
  [[nodiscard]] time::Instant begin() const { return segments.front().begin; }
  [[nodiscard]] time::Instant end() const { return segments.back().end(); }
  [[nodiscard]] time::Duration running() const;
  /// i < pauses(), in order.
  [[nodiscard]] time::Interval pause(std::size_t i) const;
  /// i < resume_cells.size(): a leading pause is the first.
  [[nodiscard]] time::Interval pause_before_resume(std::size_t i) const;

 private:
  [[nodiscard]] bool first_is_leading() const {
    return standing == Standing::kRunning && segments.front().begin > from;
  }
};

/// What one unit of work does in one cell; a plan is a list of these in order.
struct Placement {
  enum class Kind { kWhole, kPiece, kOverhead };
  std::size_t cell = 0;
  Kind kind = Kind::kWhole;
};

/// Joins placements to segments. `placements` in order of cells, a job's whole work.
Schedule make_schedule(const Window& window, const workload::Profile& profile,
                       const std::vector<Placement>& placements);

/// The totals of a schedule on a series: grams on an intensity series, currency on a price series.
struct Score {
  std::vector<double> segments;  ///< one a segment
  double pauses = 0.0;           ///< pause power and pause energy, a leading pause's too
  double transfer = 0.0;

  [[nodiscard]] double total() const;
};

/// Law 1: the sum over slots of energy in the slot x the slot's value, exactly along the profile; plus pauses and
/// transfer. Nothing where the series does not cover the schedule or has a missing slot in what the schedule uses.
std::optional<Score> score(const Schedule& schedule, const workload::Profile& profile, const Costs& costs,
                           const series::Series& series);

}  // namespace ebb::plan
