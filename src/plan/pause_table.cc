#include "plan/pause_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/check.h"
#include "plan/row_kernels.h"

namespace ebb::plan {
namespace {

constexpr double kImpossible = std::numeric_limits<double>::infinity();

/// Sum of `count` values from each place on; infinite where that would leave the list.
std::vector<double> block_sums(const std::vector<double>& values, std::size_t count) {
  std::vector<double> sums(values.size() + 1, count == 0 ? 0.0 : kImpossible);
  for (std::size_t first = 0; first + count <= values.size() && count > 0; ++first) {
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i) sum += values[first + i];
    sums[first] = sum;
  }
  return sums;
}

std::size_t minus_or_zero(std::size_t a, std::size_t b) { return a > b ? a - b : 0; }

}  // namespace

PauseTable::PauseTable(const Window& window, const Work& work, const Costs& costs, double tie,
                       std::optional<std::size_t> layers)
    : window_(window),
      work_(work),
      tie_(tie),
      limited_(layers.has_value()),
      stride_(window.idle() + 1),
      min_run_(window.in_cells(costs.min_run)),
      restart_(window.in_cells(costs.pause_time)),
      min_pause_(std::max<std::size_t>(1, window.in_cells(costs.min_pause))),
      min_pause_after_piece_(window.in_cells(costs.min_pause)),
      transfer_kwh_(units::in_kwh(costs.transfer_energy)) {
  min_run_after_restart_ = minus_or_zero(min_run_, restart_);
  plain_ = restart_ == 0 && min_run_ == 0 && min_pause_ == 1;
  prepare_cells(costs);
  prepare_units();
  make_rows(layers.value_or(1));
  fill_all();
}

void PauseTable::prepare_cells(const Costs& costs) {
  const double pause_kwh = units::in_kwh(costs.pause_energy);
  const double pause_kwh_per_second = units::in_watts(costs.pause_power) / units::kJoulesPerKwh;
  std::vector<double> restart_values;
  blocked_before_.push_back(0);
  for (std::size_t cell = 0; cell < window_.cells; ++cell) {
    const bool missing = window_.missing[cell] != 0;
    const auto length = window_.cell_length(cell);
    const auto pause_over = [&](time::Duration from) {
      if (pause_kwh_per_second == 0.0) return 0.0;
      return missing ? kImpossible : pause_kwh_per_second * window_.integral(cell, from, length);
    };
    blocked_.push_back(missing ? kImpossible : 0.0);
    blocked_whole_.push_back(window_.fits_whole(cell) ? 0.0 : kImpossible);
    blocked_before_.push_back(blocked_before_.back() + (window_.fits_whole(cell) ? 0 : 1));
    idle_cost_.push_back(pause_over(time::Duration(0)));
    piece_tail_.push_back(has_piece() ? pause_over(std::min(window_.piece, length)) : 0.0);
    resume_cost_.push_back(missing ? kImpossible : pause_kwh * window_.mean[cell] + tie_);
    restart_values.push_back(blocked_whole_.back() + window_.mean[cell] * time::in_seconds(window_.step));
  }
  restart_value_ = block_sums(restart_values, restart_);
  pause_block_ = block_sums(idle_cost_, min_pause_);
  pause_block_after_piece_ = block_sums(idle_cost_, min_pause_after_piece_);
}

void PauseTable::prepare_units() {
  for (std::size_t used = 0; used < forms(); ++used) {
    for (std::size_t done = window_.whole; done-- > 0;) {
      const UnitEnergy& unit = work_.whole(done, used != 0);
      head_reversed_[used].push_back(unit.head);
      tail_reversed_[used].push_back(unit.tail);
      power_reversed_[used].push_back(unit.total() / time::in_seconds(window_.step));
    }
  }
  for (std::size_t done = window_.whole + 1; has_piece() && done-- > 0;) {
    const UnitEnergy& unit = work_.piece(done);
    piece_head_reversed_.push_back(unit.head);
    piece_tail_reversed_.push_back(unit.tail);
    piece_power_reversed_.push_back(unit.total() / time::in_seconds(window_.piece));
  }
  impossible_.assign(stride_, kImpossible);
}

void PauseTable::make_rows(std::size_t layers) {
  // How many rows ahead a row reads in each table.
  const std::size_t pause_reach = std::max(min_pause_, min_pause_after_piece_ + 1) + 1;
  const std::size_t run_reach = restart_ + std::max<std::size_t>(1, min_run_) + 1;
  const double reach = static_cast<double>(std::max(pause_reach, run_reach));
  block_ = std::max<std::size_t>(32, static_cast<std::size_t>(std::sqrt(static_cast<double>(window_.cells) * reach)));
  const auto add = [&](Rows& rows, std::size_t held, std::size_t ahead) {
    for (std::size_t used = 0; used < forms(); ++used) {
      rows.emplace_back(stride_, held, ahead, window_.cells / block_ + 2);
    }
  };
  if (min_run_ > 0) add(rest_, block_, run_reach);
  layers_.resize(layers);
  for (auto& layer : layers_) {
    add(layer.running, block_, run_reach);
    add(layer.paused, block_, pause_reach);
    add(layer.whole, 0, restart_ + 1);
    add(layer.piece, 0, restart_ + 1);
    layer.start.assign(window_.cells + 1, kImpossible);
  }
}

double PauseTable::layer_states(const Window& window) {
  return static_cast<double>(window.cells + 1) * static_cast<double>(window.idle() + 1) *
         (window.piece.count() > 0 ? 2.0 : 1.0);
}

std::size_t PauseTable::low(std::size_t cell, bool used) const {
  return minus_or_zero(cell, window_.whole + (used ? 1 : 0));
}

std::size_t PauseTable::end(std::size_t cell, bool used) const { return std::min(cell + (used ? 0 : 1), stride_); }

double PauseTable::whole_cost(std::size_t cell, std::size_t whole_done, bool used) const {
  return blocked_whole_[cell] + cost_of(work_.whole(whole_done, used), window_, cell);
}

double PauseTable::piece_cost(std::size_t cell, std::size_t whole_done) const {
  if (!window_.fits_piece(cell)) return kImpossible;
  return cost_of(work_.piece(whole_done), window_, cell);
}

double PauseTable::overhead_cost(std::size_t cell, const UnitEnergy& unit, double unit_seconds) const {
  return restart_ == 0 ? 0.0 : unit.total() / unit_seconds * restart_value_[cell];
}

double PauseTable::block_cost(std::size_t cell, std::size_t idle, bool used, std::size_t wholes) const {
  if (cell + wholes > window_.cells || blocked_before_[cell + wholes] != blocked_before_[cell]) return kImpossible;
  const auto& rest = rest_[used ? 1 : 0];
  return rest.row(cell)[idle] - rest.row(cell + wholes)[idle];
}

const PauseTable::Layer* PauseTable::below(std::size_t layer) const {
  if (!limited_) return &layers_[layer];
  return layer == 0 ? nullptr : &layers_[layer - 1];
}

template <typename Action>
void PauseTable::for_all_rows(const Action& action) {
  for (auto& rows : rest_) action(rows);
  for (auto& layer : layers_) {
    for (auto* kind : {&layer.running, &layer.paused, &layer.whole, &layer.piece}) {
      for (auto& rows : *kind) action(rows);
    }
  }
}

/// At the window's end only a job that is done has a value.
void PauseTable::fill_last_rows() {
  const std::size_t cell = window_.cells;
  for (std::size_t used = 0; used < forms(); ++used) {
    if (min_run_ > 0) std::fill_n(rest_[used].row(cell), stride_, 0.0);
    for (auto& layer : layers_) {
      for (std::size_t idle = low(cell, used != 0); idle < end(cell, used != 0); ++idle) {
        layer.running[used].row(cell)[idle] = complete(done(cell, idle, used != 0), used != 0) ? 0.0 : kImpossible;
        layer.paused[used].row(cell)[idle] = kImpossible;
      }
    }
  }
}

void PauseTable::fill_all() {
  fill_last_rows();
  const std::size_t blocks = window_.cells / block_ + 1;
  for (std::size_t block = blocks; block-- > 0;) {
    fill_block(block);
    for_all_rows([&](RowStore& rows) { rows.keep(block, block * block_); });
  }
  for (std::size_t index = 0; index < layers_.size(); ++index) layers_[index].best = value(begin_state(index));
}

void PauseTable::fill_block(std::size_t block) {
  for (std::size_t cell = std::min(window_.cells, (block + 1) * block_); cell-- > block * block_;) fill_cell(cell);
}

/// Fills the rows of a block again, from those kept of the block behind it.
void PauseTable::restore_block(std::size_t block) {
  if ((block + 1) * block_ > window_.cells) {
    fill_last_rows();
  } else {
    for_all_rows([&](RowStore& rows) { rows.restore(block + 1, (block + 1) * block_); });
  }
  fill_block(block);
}

void PauseTable::fill_cell(std::size_t cell) {
  for (std::size_t used = 0; used < forms() && min_run_ > 0; ++used) fill_rest(cell, used);
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    for (std::size_t used = 0; used < forms(); ++used) {
      if (low(cell, used != 0) >= end(cell, used != 0)) continue;
      fill_go(index, cell, used);
      if (plain_) {
        fill_plain(index, cell, used);
      } else {
        fill_running(index, cell, used);
        fill_paused(index, cell, used);
      }
    }
    if (window_.standing != Standing::kNotStarted) continue;
    auto& start = layers_[index].start;
    start[cell] = start[cell + 1];
    if (cell < stride_) start[cell] = std::min(start[cell], start_cost(index, cell));
  }
}

void PauseTable::fill_rest(std::size_t cell, std::size_t used) {
  std::size_t first = low(cell, used != 0);
  const std::size_t last = end(cell, used != 0);
  if (first >= last) return;
  if (done(cell, first, used != 0) == window_.whole) rest_[used].row(cell)[first++] = 0.0;
  if (first >= last) return;
  const std::size_t at = window_.whole - 1 - done(cell, first, used != 0);
  add_units(last - first, head_reversed_[used].data() + at, tail_reversed_[used].data() + at, window_.head_value[cell],
            window_.tail_value[cell], rest_[used].row(cell + 1) + first, 0.0, rest_[used].row(cell) + first);
}

/// For each idle count of a row: going on with a whole unit, and with the piece.
void PauseTable::fill_go(std::size_t index, std::size_t cell, std::size_t used) {
  Layer& layer = layers_[index];
  const std::size_t first = low(cell, used != 0);
  const std::size_t last = end(cell, used != 0);
  double* whole = layer.whole[used].row(cell);
  double* piece = layer.piece[used].row(cell);
  // The lowest idle count may be the one with all whole units done.
  const std::size_t with_work = first + (done(cell, first, used != 0) == window_.whole ? 1 : 0);
  if (with_work != first || blocked_whole_[cell] != 0.0) std::fill(whole + first, whole + last, kImpossible);
  if (with_work < last && blocked_whole_[cell] == 0.0) {
    const std::size_t at = window_.whole - 1 - done(cell, with_work, used != 0);
    add_units(last - with_work, head_reversed_[used].data() + at, tail_reversed_[used].data() + at,
              window_.head_value[cell], window_.tail_value[cell], layer.running[used].row(cell + 1) + with_work, 0.0,
              whole + with_work);
  }
  std::fill(piece + first, piece + last, kImpossible);
  if (used != 0 || !has_piece() || !window_.fits_piece(cell)) return;
  // With all whole units done the piece ends the job; else a pause follows it.
  if (with_work != first) piece[first] = piece_cost(cell, window_.whole);
  const Layer* previous = below(index);
  const std::size_t landing = cell + 1 + min_pause_after_piece_;
  const std::size_t piece_end = std::min(last, minus_or_zero(stride_, min_pause_after_piece_));
  if (previous == nullptr || landing > window_.cells || with_work >= piece_end) return;
  const double charge = piece_tail_[cell] + pause_block_after_piece_[cell + 1];
  if (!std::isfinite(charge)) return;
  const std::size_t at = window_.whole - done(cell, with_work, used != 0);
  add_units(piece_end - with_work, piece_head_reversed_.data() + at, piece_tail_reversed_.data() + at,
            window_.head_value[cell], window_.tail_value[cell],
            previous->paused[1].row(landing) + with_work + min_pause_after_piece_, charge, piece + with_work);
}

/// Both rows of a cell at once in the common case.
void PauseTable::fill_plain(std::size_t index, std::size_t cell, std::size_t used) {
  Layer& layer = layers_[index];
  const Layer* previous = below(index);
  const std::size_t first = low(cell, used != 0);
  const std::size_t last = end(cell, used != 0);
  const double* whole = layer.whole[used].row(cell);
  const double* piece = layer.piece[used].row(cell);
  double* running = layer.running[used].row(cell);
  double* paused = layer.paused[used].row(cell);
  const std::size_t stay_end = std::min(last, stride_ - 1);
  if (first < stay_end) {
    const double* begin_pause =
        previous == nullptr ? impossible_.data() : previous->paused[used].row(cell + 1) + first + 1;
    fill_plain_row(stay_end - first, whole + first, piece + first, layer.paused[used].row(cell + 1) + first + 1,
                   begin_pause, idle_cost_[cell], resume_cost_[cell], running + first, paused + first);
  }
  if (stay_end < last) {  // no idle cell is left: a pause is over only by going on
    running[stay_end] = std::min(whole[stay_end], piece[stay_end]);
    paused[stay_end] = running[stay_end] + resume_cost_[cell];
  }
  if (complete(done(cell, first, used != 0), used != 0)) running[first] = 0.0;
}

void PauseTable::fill_running(std::size_t index, std::size_t cell, std::size_t used) {
  Layer& layer = layers_[index];
  const Layer* previous = below(index);
  const std::size_t first = low(cell, used != 0);
  const std::size_t last = end(cell, used != 0);
  double* out = layer.running[used].row(cell);
  min_of(last - first, layer.whole[used].row(cell) + first, layer.piece[used].row(cell) + first, out + first);
  const std::size_t pause_end = std::min(last, minus_or_zero(stride_, min_pause_));
  if (previous != nullptr && cell + min_pause_ <= window_.cells && first < pause_end) {
    min_with(pause_end - first, previous->paused[used].row(cell + min_pause_) + first + min_pause_, pause_block_[cell],
             out + first);
  }
  if (complete(done(cell, first, used != 0), used != 0)) out[first] = 0.0;
}

void PauseTable::fill_paused(std::size_t index, std::size_t cell, std::size_t used) {
  const Layer& layer = layers_[index];
  const std::size_t first = low(cell, used != 0);
  const std::size_t last = end(cell, used != 0);
  double* out = layer.paused[used].row(cell);
  std::fill(out + first, out + last, kImpossible);
  const std::size_t stay_end = std::min(last, stride_ - 1);
  if (first < stay_end) {
    min_with(stay_end - first, layer.paused[used].row(cell + 1) + first + 1, idle_cost_[cell], out + first);
  }
  if (!std::isfinite(resume_cost_[cell]) || cell + restart_ >= window_.cells) return;
  if (!std::isfinite(restart_value_[cell])) return;
  if (min_run_after_restart_ == 0) {
    resume_with_unit(layer, out, cell, used);
  } else {
    resume_with_block(index, out, cell, used);
  }
}

/// Resumes for every idle count of a row where one unit is enough.
void PauseTable::resume_with_unit(const Layer& layer, double* out, std::size_t cell, std::size_t used) const {
  const std::size_t first = low(cell, used != 0);
  const std::size_t last = std::min(end(cell, used != 0), minus_or_zero(stride_, restart_));
  if (first >= last) return;
  const double* whole = layer.whole[used].row(cell + restart_) + first + restart_;
  const double* piece = layer.piece[used].row(cell + restart_) + first + restart_;
  if (restart_ == 0) {
    min_with(last - first, whole, resume_cost_[cell], out + first);
    min_with(last - first, piece, resume_cost_[cell], out + first);
    return;
  }
  const std::size_t most_done = done(cell, first, used != 0);  // falls by one with each idle cell more
  const std::size_t skip = most_done == window_.whole ? 1 : 0;
  if (first + skip < last) {
    min_with_power(last - first - skip, whole + skip,
                   power_reversed_[used].data() + (window_.whole - 1 - (most_done - skip)), restart_value_[cell],
                   resume_cost_[cell], out + first + skip);
  }
  if (has_piece() && used == 0) {
    min_with_power(last - first, piece, piece_power_reversed_.data() + (window_.whole - most_done),
                   restart_value_[cell], resume_cost_[cell], out + first);
  }
}

/// Resumes for every idle count of a row where a minimum run follows.
void PauseTable::resume_with_block(std::size_t index, double* out, std::size_t cell, std::size_t used) const {
  const std::size_t first = low(cell, used != 0);
  const std::size_t last = std::min(end(cell, used != 0), minus_or_zero(stride_, restart_));
  const std::size_t run = min_run_after_restart_;
  const std::size_t from = cell + restart_;
  // Those with less work left than the block run to the job's end: few, one by one.
  std::size_t full = last;
  if (window_.whole >= run)
    full = std::min(last, first + minus_or_zero(done(cell, first, used != 0), window_.whole - run));
  std::vector<Step> ways;
  for (std::size_t idle = first; idle < full; ++idle) {
    if (complete(done(cell, idle, used != 0), used != 0)) continue;
    ways.clear();
    run_steps({Mode::kPaused, cell, idle, used != 0, index}, resume_cost_[cell], restart_, run, ways);
    for (const auto& way : ways) out[idle] = std::min(out[idle], way.cost + (way.done ? 0.0 : value(way.next)));
  }
  if (full >= last || from + run > window_.cells || blocked_before_[from + run] != blocked_before_[from]) return;
  const std::size_t column = full + restart_;
  min_with_block(last - full, rest_[used].row(from) + column, rest_[used].row(from + run) + column,
                 layers_[index].running[used].row(from + run) + column,
                 power_reversed_[used].data() + (window_.whole - 1 - done(cell, full, used != 0)),
                 restart_ == 0 ? 0.0 : restart_value_[cell], resume_cost_[cell], out + full);
}

double PauseTable::start_cost(std::size_t layer, std::size_t cell) const {
  if (!std::isfinite(blocked_[cell])) return kImpossible;
  std::vector<Step> ways;
  run_steps({Mode::kWaiting, cell, cell, false, layer}, transfer_kwh_ * window_.mean[cell], 0, min_run_, ways);
  double best = kImpossible;
  for (const auto& way : ways) best = std::min(best, way.cost + (way.done ? 0.0 : value(way.next)));
  return best;
}

double PauseTable::value(const State& state) const {
  const Layer& layer = layers_[state.layer];
  switch (state.mode) {
    case Mode::kWaiting:
      return layer.start[state.cell];
    case Mode::kRunning:
      return layer.running[state.used ? 1 : 0].row(state.cell)[state.idle];
    case Mode::kPaused:
      return layer.paused[state.used ? 1 : 0].row(state.cell)[state.idle];
  }
  return kImpossible;
}

PauseTable::State PauseTable::begin_state(std::size_t layer) const {
  State state;
  state.layer = layer;
  if (window_.standing == Standing::kRunning) state.mode = Mode::kRunning;
  if (window_.standing == Standing::kPaused) state.mode = Mode::kPaused;
  return state;
}

/// The ways to run from a state: `overhead` restart cells, then at least `must_run` whole units unless the job ends.
void PauseTable::run_steps(const State& state, double charge, std::size_t overhead, std::size_t must_run,
                           std::vector<Step>& out) const {
  const std::size_t cell = state.cell + overhead;
  const std::size_t idle = state.idle + overhead;
  if (cell >= window_.cells || idle >= stride_) return;
  const std::size_t whole_done = done(cell, idle, state.used);
  const std::size_t left = window_.whole - whole_done;
  const bool piece_left = has_piece() && !state.used;
  const auto before = [&](const UnitEnergy& unit, time::Duration length) {
    return charge + (overhead == 0 ? 0.0 : overhead_cost(state.cell, unit, time::in_seconds(length)));
  };
  if (left > 0) {
    const double charged = before(work_.whole(whole_done, state.used), window_.step);
    const std::size_t run = std::min(left, std::max<std::size_t>(1, must_run));
    const double cost =
        charged + (run == 1 ? whole_cost(cell, whole_done, state.used) : block_cost(cell, idle, state.used, run));
    if (left >= must_run) {
      if (cell + run <= window_.cells) {
        out.push_back({cost, {Mode::kRunning, cell + run, idle, state.used, state.layer}, false, overhead, run, false});
      }
    } else if (!piece_left) {
      out.push_back({cost, {}, true, overhead, run, false});
    } else if (cell + run < window_.cells) {
      out.push_back({cost + piece_cost(cell + run, window_.whole), {}, true, overhead, run, true});
    }
  }
  if (!piece_left || (left > 0 && must_run > 0)) return;
  const double cost = before(work_.piece(whole_done), window_.piece) + piece_cost(cell, whole_done);
  if (left == 0) {
    out.push_back({cost, {}, true, overhead, 0, true});
    return;
  }
  const std::size_t landing = cell + 1 + min_pause_after_piece_;
  if (below(state.layer) == nullptr || landing > window_.cells || idle + min_pause_after_piece_ >= stride_) return;
  out.push_back({cost + piece_tail_[cell] + pause_block_after_piece_[cell + 1],
                 {Mode::kPaused, landing, idle + min_pause_after_piece_, true, layer_below(state.layer)},
                 false,
                 overhead,
                 0,
                 true});
}

std::vector<PauseTable::Step> PauseTable::steps(const State& state) const {
  std::vector<Step> out;
  switch (state.mode) {
    case Mode::kWaiting:
      run_steps(state, blocked_[state.cell] + transfer_kwh_ * window_.mean[state.cell], 0, min_run_, out);
      if (state.cell + 1 < stride_) {
        out.push_back({0.0, {Mode::kWaiting, state.cell + 1, state.idle + 1, false, state.layer}});
      }
      break;
    case Mode::kRunning:
      run_steps(state, 0.0, 0, 0, out);
      if (below(state.layer) != nullptr && state.cell + min_pause_ <= window_.cells &&
          state.idle + min_pause_ < stride_) {
        out.push_back(
            {pause_block_[state.cell],
             {Mode::kPaused, state.cell + min_pause_, state.idle + min_pause_, state.used, layer_below(state.layer)}});
      }
      break;
    case Mode::kPaused:
      run_steps(state, resume_cost_[state.cell], restart_, min_run_after_restart_, out);
      if (state.idle + 1 < stride_) {
        out.push_back(
            {idle_cost_[state.cell], {Mode::kPaused, state.cell + 1, state.idle + 1, state.used, state.layer}});
      }
      break;
  }
  return out;
}

/// A path with one step more.
PauseTable::Path PauseTable::extended(Path path, const Step& step) const {
  std::size_t cell = path.state.cell;
  for (std::size_t i = 0; i < step.overhead; ++i) path.placements.push_back({cell++, Placement::Kind::kOverhead});
  for (std::size_t i = 0; i < step.wholes; ++i) path.placements.push_back({cell++, Placement::Kind::kWhole});
  if (step.piece) path.placements.push_back({cell, Placement::Kind::kPiece});
  path.spent += step.cost;
  path.done = step.done || (step.next.mode == Mode::kRunning &&
                            complete(done(step.next.cell, step.next.idle, step.next.used), step.next.used));
  path.state = step.next;
  return path;
}

/// Every way on from a path that is as good as the best plan; where rounding leaves none, the best of them.
void PauseTable::extend(Path path, double bound, std::vector<Path>& out) const {
  auto ways = steps(path.state);
  CHECK(!ways.empty());
  const auto total = [&](const Step& way) { return path.spent + way.cost + (way.done ? 0.0 : value(way.next)); };
  const auto best =
      *std::min_element(ways.begin(), ways.end(), [&](const Step& a, const Step& b) { return total(a) < total(b); });
  ways.erase(std::remove_if(ways.begin(), ways.end(), [&](const Step& way) { return total(way) > bound; }), ways.end());
  if (ways.empty()) ways.push_back(best);
  for (std::size_t i = 0; i + 1 < ways.size(); ++i) out.push_back(extended(path, ways[i]));
  out.push_back(extended(std::move(path), ways.back()));
}

std::vector<Placement> PauseTable::trace(std::size_t layer) {
  CHECK(std::isfinite(best(layer)));
  const double bound = best(layer) + tie_ / 4;
  // All paths that use the same cells so far: the piece may stand in different ones of them.
  std::vector<Path> paths{Path{begin_state(layer), 0.0, {}, false}};
  for (std::size_t cell = 0; cell < window_.cells; ++cell) {
    if (cell % block_ == 0) restore_block(cell / block_);
    std::vector<Path> next;
    for (auto& path : paths) {
      if (!path.done && path.state.cell == cell) {
        extend(std::move(path), bound, next);
      } else {
        next.push_back(std::move(path));
      }
    }
    // An earlier cell used is smaller in the order of lists: where any path uses this cell, only those stay.
    const auto uses = [cell](const Path& path) {
      auto placed = path.placements.rbegin();
      while (placed != path.placements.rend() && placed->cell > cell) ++placed;
      return placed != path.placements.rend() && placed->cell == cell;
    };
    if (std::any_of(next.begin(), next.end(), uses)) {
      next.erase(std::remove_if(next.begin(), next.end(), [&](const Path& path) { return !uses(path); }), next.end());
    }
    paths.clear();
    for (auto& path : next) {
      const bool known =
          std::any_of(paths.begin(), paths.end(), [&](const Path& other) { return path.state == other.state; });
      if (!known) paths.push_back(std::move(path));
    }
    if (paths.front().done) break;
  }
  return paths.front().placements;
}

}  // namespace ebb::plan
