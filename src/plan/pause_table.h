#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "plan/problem.h"
#include "plan/row_store.h"
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
///
/// Only a block of rows is held at a time (RowStore); trace() fills each block a second time as it walks through it.
class PauseTable {
 public:
  /// `layers`: nothing = any number of pauses; else plans with at most 0, 1, ..., layers - 1 pauses are found.
  PauseTable(const Window& window, const Work& work, const Costs& costs, double tie,
             std::optional<std::size_t> layers = std::nullopt);

  /// Number of states of one layer.
  static double layer_states(const Window& window);

  /// Lowest total with at most `layer` pauses (layer 0 of an unlimited table: any number), ties' charge included;
  /// infinite where there is no plan.
  [[nodiscard]] double best(std::size_t layer) const { return layers_[layer].best; }
  /// A plan of that total: the lexicographically smallest list of cells among those within `tie` / 4 of it.
  [[nodiscard]] std::vector<Placement> trace(std::size_t layer);

 private:
  enum class Mode { kWaiting, kRunning, kPaused };
  struct State {
    Mode mode = Mode::kWaiting;
    std::size_t cell = 0;
    std::size_t idle = 0;
    bool used = false;
    std::size_t layer = 0;

    friend bool operator==(const State&, const State&) = default;
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
  /// The begin of a plan, as trace() walks it.
  struct Path {
    State state;
    double spent = 0.0;
    std::vector<Placement> placements;
    bool done = false;
  };
  /// Values of states, by piece used; rows of cells, columns of idle cells so far.
  using Rows = std::vector<RowStore>;
  struct Layer {
    Rows running;
    Rows paused;
    Rows whole;                 ///< going on with a whole unit ...
    Rows piece;                 ///< ... or with the piece
    std::vector<double> start;  ///< by cell: lowest total when not started before it; of a job not started only
    double best = 0.0;          ///< of the state in which the window begins
  };

  void prepare_cells(const Costs& costs);
  void prepare_units();
  void make_rows(std::size_t layers);
  void fill_all();
  void fill_last_rows();
  void fill_block(std::size_t block);
  void restore_block(std::size_t block);
  template <typename Action>
  void for_all_rows(const Action& action);
  void fill_cell(std::size_t cell);
  void fill_rest(std::size_t cell, std::size_t used);
  void fill_go(std::size_t layer, std::size_t cell, std::size_t used);
  void fill_plain(std::size_t layer, std::size_t cell, std::size_t used);
  void fill_running(std::size_t layer, std::size_t cell, std::size_t used);
  void fill_paused(std::size_t layer, std::size_t cell, std::size_t used);
  void resume_with_unit(const Layer& layer, double* out, std::size_t cell, std::size_t used) const;
  void resume_with_block(std::size_t layer, double* out, std::size_t cell, std::size_t used) const;
  [[nodiscard]] double start_cost(std::size_t layer, std::size_t cell) const;

  [[nodiscard]] std::vector<Step> steps(const State& state) const;
  void run_steps(const State& state, double charge, std::size_t overhead, std::size_t must_run,
                 std::vector<Step>& out) const;
  [[nodiscard]] Path extended(Path path, const Step& step) const;
  void extend(Path path, double bound, std::vector<Path>& out) const;
  [[nodiscard]] double value(const State& state) const;
  /// Where the window begins.
  [[nodiscard]] State begin_state(std::size_t layer) const;
  /// The layer that a pause leads to; null where none is left.
  [[nodiscard]] const Layer* below(std::size_t layer) const;
  [[nodiscard]] std::size_t layer_below(std::size_t layer) const { return limited_ ? layer - 1 : layer; }

  [[nodiscard]] std::size_t done(std::size_t cell, std::size_t idle, bool used) const {
    return cell - idle - (used ? 1 : 0);
  }
  /// Bounds of `idle` at a cell: 0 <= done <= q.
  [[nodiscard]] std::size_t low(std::size_t cell, bool used) const;
  /// One past the highest; 0 where there is none.
  [[nodiscard]] std::size_t end(std::size_t cell, bool used) const;
  [[nodiscard]] std::size_t forms() const { return has_piece() ? 2 : 1; }  ///< piece not used, used
  [[nodiscard]] bool has_piece() const { return window_.piece.count() > 0; }
  [[nodiscard]] bool complete(std::size_t whole_done, bool used) const {
    return whole_done == window_.whole && used == has_piece();
  }
  [[nodiscard]] double whole_cost(std::size_t cell, std::size_t whole_done, bool used) const;
  [[nodiscard]] double piece_cost(std::size_t cell, std::size_t whole_done) const;
  [[nodiscard]] double overhead_cost(std::size_t cell, const UnitEnergy& unit, double unit_seconds) const;
  [[nodiscard]] double block_cost(std::size_t cell, std::size_t idle, bool used, std::size_t wholes) const;

  const Window& window_;
  const Work& work_;
  double tie_;
  bool limited_;
  std::size_t stride_;                 ///< columns of a row: idle() + 1
  std::size_t min_run_;                ///< cells of the first segment
  std::size_t min_run_after_restart_;  ///< cells of work once the restart cells are counted
  std::size_t restart_;                ///< overhead cells after a resume
  std::size_t min_pause_;              ///< whole idle cells after a whole cell: at least 1
  std::size_t min_pause_after_piece_;  ///< whole idle cells after the piece's cell
  bool plain_;                         ///< a resume takes one unit, a pause one cell: two rows at a time
  std::size_t block_;                  ///< rows filled at a time
  double transfer_kwh_;

  // Per cell.
  std::vector<double> blocked_;        ///< infinite where missing
  std::vector<double> blocked_whole_;  ///< ... or too short for a whole unit
  std::vector<double> idle_cost_;      ///< of a pause that covers it
  std::vector<double> piece_tail_;     ///< of the pause from the piece's end to the cell's end
  std::vector<double> resume_cost_;    ///< pause energy and the ties' charge
  std::vector<double> restart_value_;  ///< sum of means x seconds over the restart cells; infinite if blocked
  std::vector<double> pause_block_;    ///< idle_cost_ of min_pause_ cells from it on
  std::vector<double> pause_block_after_piece_;
  std::vector<std::size_t> blocked_before_;  ///< number of cells before it that take no whole unit

  // Per unit of work, in reverse, so that rising idle counts read rising addresses.
  std::array<std::vector<double>, 2> head_reversed_, tail_reversed_;  ///< kWh of whole units, by piece used
  std::array<std::vector<double>, 2> power_reversed_;                 ///< kWh per second of whole units
  std::vector<double> piece_head_reversed_, piece_tail_reversed_;     ///< after q, q - 1, ..., 0 whole units
  std::vector<double> piece_power_reversed_;
  std::vector<double> impossible_;  ///< a row of infinities

  Rows rest_;  ///< cost of the remaining whole units run through; only where there is a minimum run
  std::vector<Layer> layers_;
};

}  // namespace ebb::plan
