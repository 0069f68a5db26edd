#pragma once

#include <cstddef>
#include <vector>

#include "base/expected.h"
#include "plan/problem.h"
#include "series/series.h"

namespace ebb::plan {

/// A job's window cut into cells at T + k x step, and its work cut into whole cells and a piece.
///
/// A cell begins at T + k x step; when T is not on a slot's edge it spans two slots: `head` seconds of one and the
/// rest of the next. The last cell may be short. A cell that touches a missing slot is missing.
struct Window {
  time::Instant begin;            ///< T
  time::Duration step{1};         ///< of the series
  time::Duration length{0};       ///< D + S
  time::Duration head{1};         ///< from a cell's begin to the slot edge inside it; = step when T is on an edge
  time::Duration last_length{1};  ///< of the last cell, 0 < last_length <= step

  Standing standing = Standing::kNotStarted;

  std::size_t cells = 0;    ///< in the window
  std::size_t whole = 0;    ///< q: whole cells of work
  time::Duration piece{0};  ///< r: the rest of the work, 0 <= r < step; takes the first r seconds of a cell

  std::vector<double> head_value;  ///< series value in the head of each cell; 0 where the cell is missing
  std::vector<double> tail_value;  ///< ... and behind it; equal to head_value when T is on an edge
  std::vector<double> mean;        ///< over the cell's own length; 0 where missing
  std::vector<char> missing;

  [[nodiscard]] std::size_t units() const { return whole + (piece.count() > 0 ? 1 : 0); }
  /// Cells that a plan leaves without work.
  [[nodiscard]] std::size_t idle() const { return cells - units(); }
  [[nodiscard]] time::Instant cell_begin(std::size_t cell) const {
    return begin + step * static_cast<std::int64_t>(cell);
  }
  [[nodiscard]] time::Duration cell_length(std::size_t cell) const { return cell + 1 == cells ? last_length : step; }
  [[nodiscard]] time::Interval cell_interval(std::size_t cell) const {
    return {cell_begin(cell), cell_begin(cell) + cell_length(cell)};
  }
  [[nodiscard]] bool fits_whole(std::size_t cell) const { return missing[cell] == 0 && cell_length(cell) == step; }
  [[nodiscard]] bool fits_piece(std::size_t cell) const { return missing[cell] == 0 && cell_length(cell) >= piece; }
  /// Integral of the series over [from, to) inside a cell, `from` and `to` counted from the cell's begin; value x s.
  [[nodiscard]] double integral(std::size_t cell, time::Duration from, time::Duration to) const;
  /// Rounded up to whole cells.
  [[nodiscard]] std::size_t in_cells(time::Duration length_of_time) const;
};

/// kNoData where the series does not cover the window, naming both.
base::Expected<Window> make_window(const Job& job, const series::Series& series);

}  // namespace ebb::plan
