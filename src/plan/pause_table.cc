#include "plan/pause_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace ebb::plan {
namespace {

constexpr double kImpossible = std::numeric_limits<double>::infinity();

// The rows of the table are plain vector arithmetic; wide registers are used where the machine has them. No fused
// multiply-add, so that every machine gives the same bits. (Sanitizers run before the clones can be resolved.)
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define EBB_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define EBB_WIDE
#endif

/// out = head x a + tail x b + next + charge
EBB_WIDE void add_units(std::size_t n, const double* head, const double* tail, double a, double b, const double* next,
                        double charge, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = head[i] * a + tail[i] * b + (next[i] + charge);
}

/// out = min(out, in + charge)
EBB_WIDE void min_with(std::size_t n, const double* in, double charge, double* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double other = in[i] + charge;
    out[i] = other < out[i] ? other : out[i];
  }
}

/// out = min(out, in + power x factor + charge)
EBB_WIDE void min_with_power(std::size_t n, const double* in, const double* power, double factor, double charge,
                             double* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double other = in[i] + (power[i] * factor + charge);
    out[i] = other < out[i] ? other : out[i];
  }
}

/// out = min(out, (from - to) + next + power x factor + charge)
EBB_WIDE void min_with_block(std::size_t n, const double* from, const double* to, const double* next,
                             const double* power, double factor, double charge, double* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double other = (from[i] - to[i]) + next[i] + (power[i] * factor + charge);
    out[i] = other < out[i] ? other : out[i];
  }
}

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

}  // namespace

PauseTable::PauseTable(const Window& window, const Work& work, const Costs& costs, double tie)
    : window_(window),
      work_(work),
      tie_(tie),
      stride_(window.idle() + 1),
      min_run_(window.in_cells(costs.min_run)),
      restart_(window.in_cells(costs.pause_time)),
      min_pause_(std::max<std::size_t>(1, window.in_cells(costs.min_pause))),
      min_pause_after_piece_(window.in_cells(costs.min_pause)),
      transfer_kwh_(units::in_kwh(costs.transfer_energy)) {
  min_run_after_restart_ = min_run_ > restart_ ? min_run_ - restart_ : 0;
  const double pause_kwh = units::in_kwh(costs.pause_energy);
  const double pause_kwh_per_second = units::in_watts(costs.pause_power) / units::kJoulesPerKwh;
  const bool pause_draws = pause_kwh_per_second > 0.0;
  std::vector<double> restart_values;
  blocked_before_.push_back(0);
  for (std::size_t cell = 0; cell < window.cells; ++cell) {
    const bool missing = window.missing[cell] != 0;
    const auto length = window.cell_length(cell);
    blocked_.push_back(missing ? kImpossible : 0.0);
    blocked_whole_.push_back(window.fits_whole(cell) ? 0.0 : kImpossible);
    blocked_before_.push_back(blocked_before_.back() + (window.fits_whole(cell) ? 0 : 1));
    const auto pause_over = [&](time::Duration from) {
      if (!pause_draws) return 0.0;
      return missing ? kImpossible : pause_kwh_per_second * window.integral(cell, from, length);
    };
    idle_cost_.push_back(pause_over(time::Duration(0)));
    piece_tail_.push_back(has_piece() ? pause_over(std::min(window.piece, length)) : 0.0);
    resume_cost_.push_back(missing ? kImpossible : pause_kwh * window.mean[cell] + tie_);
    restart_values.push_back(blocked_whole_.back() + window.mean[cell] * time::in_seconds(window.step));
  }
  restart_value_ = block_sums(restart_values, restart_);
  pause_block_ = block_sums(idle_cost_, min_pause_);
  pause_block_after_piece_ = block_sums(idle_cost_, min_pause_after_piece_);
  for (const bool used : {false, true}) {
    if (used && !has_piece()) break;
    for (std::size_t done = window.whole; done-- > 0;) {
      head_reversed_[used].push_back(work.whole(done, used).head);
      tail_reversed_[used].push_back(work.whole(done, used).tail);
      power_reversed_[used].push_back(work.whole(done, used).total() / time::in_seconds(window.step));
    }
    ring_whole_[used].resize((restart_ + 1) * stride_);
    ring_piece_[used].resize((restart_ + 1) * stride_);
  }
  for (std::size_t done = window.whole + 1; has_piece() && done-- > 0;) {
    piece_power_reversed_.push_back(work.piece(done).total() / time::in_seconds(window.piece));
  }
  if (min_run_ > 0) fill_blocks();
}

double PauseTable::layer_states(const Window& window) {
  return static_cast<double>(window.cells + 1) * static_cast<double>(window.idle() + 1) *
         (window.piece.count() > 0 ? 2.0 : 1.0);
}

std::size_t PauseTable::low(std::size_t cell, bool used) const {
  const std::size_t reach = window_.whole + (used ? 1 : 0);
  return cell > reach ? cell - reach : 0;
}

std::ptrdiff_t PauseTable::high(std::size_t cell, bool used) const {
  const auto most = static_cast<std::ptrdiff_t>(cell) - (used ? 1 : 0);
  return std::min(most, static_cast<std::ptrdiff_t>(stride_) - 1);
}

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
  return rest[cell * stride_ + idle] - rest[(cell + wholes) * stride_ + idle];
}

void PauseTable::fill_blocks() {
  for (const bool used : {false, true}) {
    if (used && !has_piece()) break;
    auto& rest = rest_[used ? 1 : 0];
    rest.assign((window_.cells + 1) * stride_, 0.0);
    for (std::size_t cell = window_.cells; cell-- > 0;) {
      for (std::ptrdiff_t d = static_cast<std::ptrdiff_t>(low(cell, used)); d <= high(cell, used); ++d) {
        const auto idle = static_cast<std::size_t>(d);
        const std::size_t whole_done = done(cell, idle, used);
        if (whole_done == window_.whole) continue;
        rest[cell * stride_ + idle] =
            cost_of(work_.whole(whole_done, used), window_, cell) + rest[(cell + 1) * stride_ + idle];
      }
    }
  }
}

const PauseTable::Layer* PauseTable::below(std::size_t layer) const {
  if (!limited_) return &layers_[layer];
  return layer == 0 ? nullptr : &layers_[layer - 1];
}

void PauseTable::solve_unlimited() {
  CHECK(layers_.empty());
  layers_.emplace_back();
  fill(layers_.back(), &layers_.back());
}

void PauseTable::add_layer() {
  limited_ = true;
  layers_.emplace_back();
  fill(layers_.back(), below(layers_.size() - 1));
}

void PauseTable::fill(Layer& layer, const Layer* previous) {
  const std::size_t rows = window_.cells + 1;
  for (const std::size_t used : {0U, 1U}) {
    if (used == 1 && !has_piece()) break;
    // Only states within their bounds are ever written or read.
    layer.running[used].reset(new double[rows * stride_]);
    layer.paused[used].reset(new double[rows * stride_]);
    for (std::ptrdiff_t d = static_cast<std::ptrdiff_t>(low(window_.cells, used != 0)); d <= high(window_.cells, used != 0);
         ++d) {
      const auto idle = static_cast<std::size_t>(d);
      const bool ended = complete(done(window_.cells, idle, used != 0), used != 0);
      row(layer.running[used], window_.cells)[idle] = ended ? 0.0 : kImpossible;
      row(layer.paused[used], window_.cells)[idle] = kImpossible;
    }
  }
  layer.start.assign(rows, kImpossible);
  for (std::size_t cell = window_.cells; cell-- > 0;) {
    for (const bool used : {false, true}) {
      if (used && !has_piece()) break;
      fill_running(layer, previous, cell, used);
    }
    for (const bool used : {false, true}) {
      if (used && !has_piece()) break;
      fill_paused(layer, cell, used);
    }
    layer.start[cell] = layer.start[cell + 1];
    if (cell < stride_) layer.start[cell] = std::min(layer.start[cell], start_cost(layer, cell));
  }
}

/// For each idle count of a row: going on with a whole unit, and with the piece.
void PauseTable::go_row(const Layer& layer, const Layer* previous, std::size_t cell, bool used, Row whole,
                        Row piece) const {
  const std::size_t first = low(cell, used);
  const std::ptrdiff_t last = high(cell, used);
  if (last < static_cast<std::ptrdiff_t>(first)) return;
  std::fill(whole + first, whole + last + 1, kImpossible);
  std::fill(piece + first, piece + last + 1, kImpossible);
  // The lowest idle count may be the one with all whole units done.
  std::size_t with_work = first;
  if (done(cell, first, used) == window_.whole) ++with_work;
  if (static_cast<std::ptrdiff_t>(with_work) <= last && blocked_whole_[cell] == 0.0) {
    const std::size_t at = window_.whole - 1 - done(cell, with_work, used);
    add_units(static_cast<std::size_t>(last) + 1 - with_work, head_reversed_[used].data() + at,
              tail_reversed_[used].data() + at, window_.head_value[cell], window_.tail_value[cell],
              row(layer.running[used], cell + 1) + with_work, 0.0, whole + with_work);
  }
  if (used || !has_piece() || !window_.fits_piece(cell)) return;
  const std::size_t landing = cell + 1 + min_pause_after_piece_;
  for (std::size_t idle = first; static_cast<std::ptrdiff_t>(idle) <= last; ++idle) {
    const std::size_t whole_done = done(cell, idle, used);
    if (whole_done == window_.whole) {
      piece[idle] = piece_cost(cell, whole_done);
    } else if (previous != nullptr && landing <= window_.cells && idle + min_pause_after_piece_ < stride_) {
      piece[idle] = piece_cost(cell, whole_done) + piece_tail_[cell] + pause_block_after_piece_[cell + 1] +
                    row(previous->paused[1], landing)[idle + min_pause_after_piece_];
    }
  }
}

void PauseTable::fill_running(Layer& layer, const Layer* previous, std::size_t cell, bool used) {
  const std::size_t first = low(cell, used);
  const std::ptrdiff_t last = high(cell, used);
  if (last < static_cast<std::ptrdiff_t>(first)) return;
  const Row whole = ring_row(ring_whole_[used], cell);
  const Row piece = ring_row(ring_piece_[used], cell);
  go_row(layer, previous, cell, used, whole, piece);
  const Row out = row(layer.running[used], cell);
  for (std::size_t idle = first; static_cast<std::ptrdiff_t>(idle) <= last; ++idle) {
    out[idle] = std::min(whole[idle], piece[idle]);
  }
  if (previous != nullptr && cell + min_pause_ <= window_.cells && std::isfinite(pause_block_[cell])) {
    const auto end = std::min(last + 1, static_cast<std::ptrdiff_t>(stride_) - static_cast<std::ptrdiff_t>(min_pause_));
    if (end > static_cast<std::ptrdiff_t>(first)) {
      min_with(static_cast<std::size_t>(end) - first,
               row(previous->paused[used], cell + min_pause_) + first + min_pause_, pause_block_[cell], out + first);
    }
  }
  if (complete(done(cell, first, used), used)) out[first] = 0.0;
}

void PauseTable::fill_paused(Layer& layer, std::size_t cell, bool used) {
  const std::size_t first = low(cell, used);
  const std::ptrdiff_t last = high(cell, used);
  if (last < static_cast<std::ptrdiff_t>(first)) return;
  const Row out = row(layer.paused[used], cell);
  std::fill(out + first, out + last + 1, kImpossible);
  const auto stay_end = std::min(last + 1, static_cast<std::ptrdiff_t>(stride_) - 1);
  if (stay_end > static_cast<std::ptrdiff_t>(first)) {
    min_with(static_cast<std::size_t>(stay_end) - first, row(layer.paused[used], cell + 1) + first + 1,
             idle_cost_[cell], out + first);
  }
  if (!std::isfinite(resume_cost_[cell]) || cell + restart_ >= window_.cells) return;
  if (!std::isfinite(restart_value_[cell])) return;
  if (min_run_after_restart_ == 0) {
    resume_with_unit(out, cell, used);
  } else {
    resume_with_block(layer, out, cell, used);
  }
}

/// Resumes for every idle count of a row where one unit is enough.
void PauseTable::resume_with_unit(Row out, std::size_t cell, bool used) const {
  const std::size_t first = low(cell, used);
  const auto end = std::min(high(cell, used) + 1, static_cast<std::ptrdiff_t>(stride_ - std::min(stride_, restart_)));
  if (end <= static_cast<std::ptrdiff_t>(first)) return;
  const std::size_t count = static_cast<std::size_t>(end) - first;
  const double* whole = ring_row(ring_whole_[used], cell + restart_) + first + restart_;
  const double* piece = ring_row(ring_piece_[used], cell + restart_) + first + restart_;
  if (restart_ == 0) {
    min_with(count, whole, resume_cost_[cell], out + first);
    if (has_piece() && !used) min_with(count, piece, resume_cost_[cell], out + first);
    return;
  }
  const std::size_t most_done = done(cell, first, used);  // falls by one with each idle cell more
  const std::size_t skip = most_done == window_.whole ? 1 : 0;
  if (count > skip) {
    min_with_power(count - skip, whole + skip,
                   power_reversed_[used].data() + (window_.whole - 1 - (most_done - skip)), restart_value_[cell],
                   resume_cost_[cell], out + first + skip);
  }
  if (has_piece() && !used) {
    min_with_power(count, piece, piece_power_reversed_.data() + (window_.whole - most_done), restart_value_[cell],
                   resume_cost_[cell], out + first);
  }
}

/// Resumes for every idle count of a row where a minimum run follows.
void PauseTable::resume_with_block(const Layer& layer, Row out, std::size_t cell, bool used) const {
  const std::size_t first = low(cell, used);
  const auto end = std::min(high(cell, used) + 1, static_cast<std::ptrdiff_t>(stride_ - std::min(stride_, restart_)));
  const std::size_t run = min_run_after_restart_;
  const std::size_t from = cell + restart_;
  const std::size_t most_done = done(cell, first, used);
  // Those with less work left than the block run to the job's end: few, one by one.
  const std::size_t most_for_block = window_.whole >= run ? window_.whole - run : 0;
  std::size_t full = first;
  if (window_.whole < run) {
    full = static_cast<std::size_t>(std::max<std::ptrdiff_t>(end, 0));
  } else if (most_done > most_for_block) {
    full = first + (most_done - most_for_block);
  }
  std::vector<Step> ways;
  const auto layer_index = static_cast<std::size_t>(&layer - layers_.data());
  for (std::size_t idle = first; idle < full && static_cast<std::ptrdiff_t>(idle) < end; ++idle) {
    if (complete(done(cell, idle, used), used)) continue;
    ways.clear();
    run_steps({Mode::kPaused, cell, idle, used, layer_index}, resume_cost_[cell], restart_, run, ways);
    for (const auto& way : ways) out[idle] = std::min(out[idle], way.cost + (way.done ? 0.0 : value(way.next)));
  }
  if (static_cast<std::ptrdiff_t>(full) >= end || from + run > window_.cells ||
      blocked_before_[from + run] != blocked_before_[from]) {
    return;
  }
  const double* rest = rest_[used ? 1 : 0].data();
  min_with_block(static_cast<std::size_t>(end) - full, rest + from * stride_ + full + restart_,
                 rest + (from + run) * stride_ + full + restart_,
                 row(layer.running[used], from + run) + full + restart_,
                 power_reversed_[used].data() + (window_.whole - 1 - done(cell, full, used)),
                 restart_ == 0 ? 0.0 : restart_value_[cell], resume_cost_[cell], out + full);
}

double PauseTable::start_cost(const Layer& layer, std::size_t cell) const {
  std::vector<Step> ways;
  const auto layer_index = static_cast<std::size_t>(&layer - layers_.data());
  run_steps({Mode::kWaiting, cell, cell, false, layer_index}, blocked_[cell] + transfer_kwh_ * window_.mean[cell], 0,
            min_run_, ways);
  double best = kImpossible;
  for (const auto& way : ways) best = std::min(best, way.cost + (way.done ? 0.0 : value(way.next)));
  return best;
}

double PauseTable::value(const State& state) const {
  const Layer& layer = layers_[state.layer];
  switch (state.mode) {
    case Mode::kWaiting: return layer.start[state.cell];
    case Mode::kRunning: return row(layer.running[state.used ? 1 : 0], state.cell)[state.idle];
    case Mode::kPaused: return row(layer.paused[state.used ? 1 : 0], state.cell)[state.idle];
  }
  return kImpossible;
}

/// The ways to run from a state: `overhead` restart cells, then at least `must_run` whole units unless the job ends.
void PauseTable::run_steps(const State& state, double charge, std::size_t overhead, std::size_t must_run,
                           std::vector<Step>& out) const {
  const std::size_t cell = state.cell + overhead;
  const std::size_t idle = state.idle + overhead;
  if (cell >= window_.cells || idle >= stride_) return;
  const std::size_t whole_done = done(cell, idle, state.used);
  const std::size_t left = window_.whole - whole_done;
  const double step_seconds = time::in_seconds(window_.step);
  const auto before_whole = [&] {
    return charge + (overhead == 0 ? 0.0 : overhead_cost(state.cell, work_.whole(whole_done, state.used), step_seconds));
  };
  const auto before_piece = [&](std::size_t at) {
    const double seconds = time::in_seconds(window_.piece);
    return charge + (overhead == 0 ? 0.0 : overhead_cost(state.cell, work_.piece(at), seconds));
  };
  const bool piece_left = has_piece() && !state.used;
  if (left > 0 && must_run <= 1) {
    const State next{Mode::kRunning, cell + 1, idle, state.used, state.layer};
    if (next.cell <= window_.cells) {
      out.push_back({before_whole() + whole_cost(cell, whole_done, state.used), next, false, overhead, 1, false});
    }
  } else if (left > 0) {
    const std::size_t run = std::min(left, must_run);
    const double cost = before_whole() + block_cost(cell, idle, state.used, run);
    if (left >= must_run) {
      out.push_back({cost, {Mode::kRunning, cell + run, idle, state.used, state.layer}, false, overhead, run, false});
    } else if (!piece_left) {
      out.push_back({cost, {}, true, overhead, run, false});
    } else if (cell + run < window_.cells) {
      out.push_back({cost + piece_cost(cell + run, window_.whole), {}, true, overhead, run, true});
    }
  }
  if (!piece_left) return;
  if (left == 0) {
    out.push_back({before_piece(whole_done) + piece_cost(cell, whole_done), {}, true, overhead, 0, true});
    return;
  }
  const std::size_t landing = cell + 1 + min_pause_after_piece_;
  const bool may_pause = below(state.layer) != nullptr;
  if (must_run == 0 && may_pause && landing <= window_.cells && idle + min_pause_after_piece_ < stride_) {
    const std::size_t layer = limited_ ? state.layer - 1 : state.layer;
    out.push_back({before_piece(whole_done) + piece_cost(cell, whole_done) + piece_tail_[cell] +
                       pause_block_after_piece_[cell + 1],
                   {Mode::kPaused, landing, idle + min_pause_after_piece_, true, layer},
                   false,
                   overhead,
                   0,
                   true});
  }
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
        out.push_back({pause_block_[state.cell],
                       {Mode::kPaused, state.cell + min_pause_, state.idle + min_pause_, state.used,
                        limited_ ? state.layer - 1 : state.layer}});
      }
      break;
    case Mode::kPaused:
      run_steps(state, resume_cost_[state.cell], restart_, min_run_after_restart_, out);
      if (state.idle + 1 < stride_) {
        out.push_back({idle_cost_[state.cell],
                       {Mode::kPaused, state.cell + 1, state.idle + 1, state.used, state.layer}});
      }
      break;
  }
  return out;
}

std::vector<Placement> PauseTable::trace(std::size_t layer) const {
  CHECK(std::isfinite(best(layer)));
  std::vector<Placement> placements;
  const double bound = best(layer) + tie_ / 4;
  double spent = 0.0;
  State state{Mode::kWaiting, 0, 0, false, layer};
  for (;;) {
    if (state.mode == Mode::kRunning &&
        complete(done(state.cell, state.idle, state.used), state.used)) {
      return placements;
    }
    const auto ways = steps(state);
    CHECK(!ways.empty());
    const auto total = [&](const Step& way) { return spent + way.cost + (way.done ? 0.0 : value(way.next)); };
    // The first way that is as good as the best (earlier cells come first), else, by rounding, the best.
    auto chosen = std::find_if(ways.begin(), ways.end(), [&](const Step& way) { return total(way) <= bound; });
    if (chosen == ways.end()) {
      chosen = std::min_element(ways.begin(), ways.end(),
                                [&](const Step& a, const Step& b) { return total(a) < total(b); });
    }
    std::size_t cell = state.cell;
    for (std::size_t i = 0; i < chosen->overhead; ++i) placements.push_back({cell++, Placement::Kind::kOverhead});
    for (std::size_t i = 0; i < chosen->wholes; ++i) placements.push_back({cell++, Placement::Kind::kWhole});
    if (chosen->piece) placements.push_back({cell, Placement::Kind::kPiece});
    if (chosen->done) return placements;
    spent += chosen->cost;
    state = chosen->next;
  }
}

}  // namespace ebb::plan
