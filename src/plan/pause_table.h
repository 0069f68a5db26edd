#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "plan/problem.h"
#include "plan/schedule.h"
#include "plan/window.h"
#include "plan/work.h"

namespace ebb::plan {

/// The exact optimum of pause-resume by dynamic programming, backward in time.
///
/// A state is (cell i, work done, piece used, running or paused). Work done = i - d - (piece used), where d counts the
/// cells left without work so far; d <= Window::idle(), so the table is window x slack, not window x window. Minimum
/// run, minimum pause and restart time are blocks of cells that are taken at once, so they need no timers in the
/// state. `pauses left` is a layer of its own: layer k may fall back on layer k - 1 only; an unlimited table has one
/// layer that falls back on itself.
///
/// Each pause also costs `tie` (far below any real difference): among equal totals the fewest pauses win, and
/// trace() prefers the earlier cell among what is then still equal.
class PauseTable {
 public:
  PauseTable(const Window& window, const Work& work, const Costs& costs, double tie);

  /// Number of states of one layer; two doubles each are held.
  static double layer_states(const Window& window);

  /// Computes the single layer of a table without a limit on pauses.
  void solve_unlimited();
  /// Adds the layer of plans with at most (number of layers so far) pauses.
  void add_layer();

  /// Lowest total with at most `layer` pauses (layer 0 of an unlimited table: any number), ties' charge included;
  /// infinite where there is no plan.
  [[nodiscard]] double best(std::size_t layer) const { return layers_[layer].start[0]; }
  /// A plan of that total: the lexicographically smallest list of cells among those within `tie` / 4 of it.
  [[nodiscard]] std::vector<Placement> trace(std::size_t layer) const;

 private:
  using Row = double*;
  enum class Mode { kWaiting, kRunning, kPaused };
  struct State {
    Mode mode = Mode::kWaiting;
    std::size_t cell = 0;
    std::size_t idle = 0;
    bool used = false;
    std::size_t layer = 0;
  };
  /// One way on from a state: what it costs now, what is placed, where it leads.
  struct Step {
    double cost = 0.0;
    State next;
    bool done = false;
    std::size_t overhead = 0;  ///< restart cells before the units
    std::size_t wholes = 0;
    bool piece = false;
  };
  struct Layer {
    std::array<std::unique_ptr<double[]>, 2> running;  ///< by piece used; rows of cells, columns of idle
    std::array<std::unique_ptr<double[]>, 2> paused;
    std::vector<double> start;  ///< by cell: lowest total when not started before it
  };

  void fill(Layer& layer, const Layer* previous);
  void fill_running(Layer& layer, const Layer* previous, std::size_t cell, bool used);
  void fill_paused(Layer& layer, std::size_t cell, bool used);
  void resume_with_unit(Row out, std::size_t cell, bool used) const;
  void resume_with_block(const Layer& layer, Row out, std::size_t cell, bool used) const;
  void fill_blocks();
  void go_row(const Layer& layer, const Layer* previous, std::size_t cell, bool used, Row whole, Row piece) const;
  [[nodiscard]] double start_cost(const Layer& layer, std::size_t cell) const;

  [[nodiscard]] std::vector<Step> steps(const State& state) const;
  void run_steps(const State& state, double charge, std::size_t overhead, std::size_t must_run,
                 std::vector<Step>& out) const;
  [[nodiscard]] double value(const State& state) const;
  [[nodiscard]] const Layer* below(std::size_t layer) const;

  [[nodiscard]] std::size_t done(std::size_t cell, std::size_t idle, bool used) const {
    return cell - idle - (used ? 1 : 0);
  }
  /// Bounds of `idle` at a cell: 0 <= done <= q.
  [[nodiscard]] std::size_t low(std::size_t cell, bool used) const;
  [[nodiscard]] std::ptrdiff_t high(std::size_t cell, bool used) const;
  [[nodiscard]] bool has_piece() const { return window_.piece.count() > 0; }
  [[nodiscard]] bool complete(std::size_t whole_done, bool used) const {
    return whole_done == window_.whole && used == has_piece();
  }
  [[nodiscard]] Row row(const std::unique_ptr<double[]>& table, std::size_t cell) const {
    return table.get() + cell * stride_;
  }
  [[nodiscard]] double* ring_row(std::vector<double>& ring, std::size_t cell) const {
    return ring.data() + cell % (restart_ + 1) * stride_;
  }
  [[nodiscard]] const double* ring_row(const std::vector<double>& ring, std::size_t cell) const {
    return ring.data() + cell % (restart_ + 1) * stride_;
  }
  [[nodiscard]] double whole_cost(std::size_t cell, std::size_t whole_done, bool used) const;
  [[nodiscard]] double piece_cost(std::size_t cell, std::size_t whole_done) const;
  [[nodiscard]] double overhead_cost(std::size_t cell, const UnitEnergy& unit, double unit_seconds) const;
  [[nodiscard]] double block_cost(std::size_t cell, std::size_t idle, bool used, std::size_t wholes) const;

  const Window& window_;
  const Work& work_;
  double tie_;
  std::size_t stride_;                  ///< columns of a row: idle() + 1
  std::size_t min_run_;                 ///< cells of the first segment
  std::size_t min_run_after_restart_;   ///< cells of work once the restart cells are counted
  std::size_t restart_;                 ///< overhead cells after a resume
  std::size_t min_pause_;               ///< whole idle cells after a whole cell: at least 1
  std::size_t min_pause_after_piece_;   ///< whole idle cells after the piece's cell
  bool limited_ = false;
  double transfer_kwh_;
  std::vector<double> blocked_;         ///< per cell: infinite where missing
  std::vector<double> blocked_whole_;   ///< ... or too short for a whole unit
  std::vector<double> idle_cost_;       ///< per cell: of a pause that covers it
  std::vector<double> piece_tail_;      ///< per cell: of the pause from the piece's end to the cell's end
  std::vector<double> resume_cost_;     ///< per cell: pause energy and the ties' charge
  std::vector<double> restart_value_;   ///< per cell: sum of means x seconds over the restart cells; infinite if blocked
  std::vector<double> pause_block_;     ///< per cell: idle_cost_ of min_pause_ cells from it on
  std::vector<double> pause_block_after_piece_;
  std::vector<std::size_t> blocked_before_;  ///< number of cells before it that take no whole unit
  std::array<std::vector<double>, 2> rest_;  ///< cost of the remaining whole units run through; rows, columns as above
  /// Unit energies in reverse, so that rising `idle` reads rising addresses.
  std::array<std::vector<double>, 2> head_reversed_, tail_reversed_, power_reversed_;
  std::vector<double> piece_power_reversed_;  ///< kWh per second of the piece after q, q - 1, ..., 0 whole units
  /// go_row() of the cell being filled and of the `restart_` cells behind it, in a ring.
  std::array<std::vector<double>, 2> ring_whole_, ring_piece_;
  std::vector<Layer> layers_;
};

}  // namespace ebb::plan
