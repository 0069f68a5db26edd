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
struct Schedule {
  std::vector<Segment> segments;
  std::vector<time::Interval> resume_cells;  ///< one a pause: the cell in which segment i + 1 begins
  time::Interval first_cell;                 ///< the cell in which the first segment begins

  [[nodiscard]] std::size_t pauses() const { return segments.size() - 1; }
  [[nodiscard]] time::Instant begin() const { return segments.front().begin; }
  [[nodiscard]] time::Instant end() const { return segments.back().end(); }
  [[nodiscard]] time::Duration running() const;
  [[nodiscard]] time::Interval pause(std::size_t i) const { return {segments[i].end(), segments[i + 1].begin}; }
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
  double pauses = 0.0;           ///< pause power and pause energy
  double transfer = 0.0;

  [[nodiscard]] double total() const;
};

/// Law 1: the sum over slots of energy in the slot x the slot's value, exactly along the profile; plus pauses and
/// transfer. Nothing where the series does not cover the schedule or has a missing slot in what the schedule uses.
std::optional<Score> score(const Schedule& schedule, const workload::Profile& profile, const Costs& costs,
                           const series::Series& series);

}  // namespace ebb::plan
