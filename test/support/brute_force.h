#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "plan/problem.h"
#include "series/series.h"

/// Every plan of a small problem, straight from the definitions of docs/planning.md, sharing no code with plan/:
/// what the planner must agree with.
namespace ebb::test {

struct BrutePlan {
  std::vector<std::size_t> cells;  ///< used ones, in order, restart cells included
  double total = 0.0;
  std::size_t pauses = 0;
};

class BruteForce {
 public:
  BruteForce(const plan::Job& job, const plan::Costs& costs, const series::Series& series)
      : job_(job), costs_(costs), series_(series), step_(series.step()) {
    const auto window = job.window();
    for (auto at = window.begin; at < window.end; at += step_) {
      cells_.push_back({at, std::min(at + step_, window.end)});
      missing_.push_back(touches_missing(cells_.back()));
    }
    whole_ = job.profile.duration() / step_;
    piece_ = job.profile.duration() % step_;
    restart_ = ceil_cells(costs.pause_time);
  }

  /// The winner by total, then pauses, then cells; nothing where no plan is possible.
  std::optional<BrutePlan> best() {
    plans_.clear();
    place(0, 0, false, {});
    if (plans_.empty()) return std::nullopt;
    double lowest = std::numeric_limits<double>::infinity();
    for (const auto& plan : plans_) lowest = std::min(lowest, plan.total);
    const double bound = lowest + plan::kTie * std::fabs(lowest);
    std::optional<BrutePlan> winner;
    for (const auto& plan : plans_) {
      if (plan.total > bound) continue;
      if (!winner || plan.pauses < winner->pauses || (plan.pauses == winner->pauses && plan.cells < winner->cells)) {
        winner = plan;
      }
    }
    return winner;
  }

  /// Straight through from cell k, a paused job behind its restart; nothing where that touches a missing cell or does
  /// not fit, or where a running job would have to be paused for it.
  std::optional<double> straight(std::size_t k) {
    if (job_.standing == plan::Standing::kPaused) return resumed_straight(k);
    if (job_.standing == plan::Standing::kRunning && k > 0) return std::nullopt;
    const time::Interval run{cells_[k].begin, cells_[k].begin + job_.profile.duration()};
    if (run.end > job_.window().end) return std::nullopt;
    for (std::size_t c = k; c < cells_.size() && cells_[c].begin < run.end; ++c) {
      if (missing_[c]) return std::nullopt;
    }
    return work_total(run.begin, time::Duration(0), job_.profile.duration()) + transfer_total(k);
  }
  [[nodiscard]] std::size_t starts() const { return static_cast<std::size_t>(job_.slack / step_) + 1; }
  [[nodiscard]] const std::vector<BrutePlan>& plans() const { return plans_; }

 private:
  enum class Use { kWhole, kPiece, kRestart };
  struct Used {
    std::size_t cell;
    Use use;
  };
  struct Run {
    time::Instant begin;
    time::Instant end;
    std::size_t first_cell;
    std::int64_t restarts = 0;
    time::Duration work{0};
    bool ends_with_piece = false;
  };

  [[nodiscard]] bool touches_missing(time::Interval interval) const {
    for (std::size_t slot = 0; slot < series_.size(); ++slot) {
      if (series_.time_of(slot) < interval.end && series_.time_of(slot + 1) > interval.begin &&
          series::is_missing(series_[slot])) {
        return true;
      }
    }
    return false;
  }
  [[nodiscard]] std::int64_t ceil_cells(time::Duration d) const {
    return (d.count() + step_.count() - 1) / step_.count();
  }

  /// Integral of value over time, value x seconds.
  [[nodiscard]] double integral(time::Interval interval) const {
    double sum = 0.0;
    for (std::size_t slot = 0; slot < series_.size(); ++slot) {
      const auto from = std::max(interval.begin, series_.time_of(slot));
      const auto to = std::min(interval.end, series_.time_of(slot + 1));
      if (from < to) sum += series_[slot] * time::in_seconds(to - from);
    }
    return sum;
  }
  /// Emissions of the work [from, from + length) of the profile when it runs at `begin`: cut at every edge of the
  /// profile and of the series.
  [[nodiscard]] double work_total(time::Instant begin, time::Duration from, time::Duration length) const {
    double sum = 0.0;
    time::Duration piece_begin{0};
    for (const auto& piece : job_.profile.pieces()) {
      const auto a = std::max(piece_begin, from);
      const auto b = std::min(piece.end, from + length);
      if (a < b) sum += units::in_watts(piece.power) * integral({begin + (a - from), begin + (b - from)}) / 3.6e6;
      piece_begin = piece.end;
    }
    return sum;
  }
  [[nodiscard]] double mean_of_cell(std::size_t cell) const {
    return integral(cells_[cell]) / time::in_seconds(cells_[cell].length());
  }
  /// The best of the plans that resume a paused job in cell k and have no other pause.
  std::optional<double> resumed_straight(std::size_t k) {
    if (plans_.empty()) place(0, 0, false, {});
    std::optional<double> total;
    for (const auto& plan : plans_) {
      if (plan.cells.front() == k && plan.pauses == 0) total = plan.total;
    }
    return total;
  }
  [[nodiscard]] double transfer_total(std::size_t cell) const {
    if (job_.standing != plan::Standing::kNotStarted) return 0.0;
    return units::in_kwh(costs_.transfer_energy) * mean_of_cell(cell);
  }
  [[nodiscard]] double profile_energy(time::Duration from, time::Duration length) const {
    double joules = 0.0;
    time::Duration piece_begin{0};
    for (const auto& piece : job_.profile.pieces()) {
      const auto a = std::max(piece_begin, from);
      const auto b = std::min(piece.end, from + length);
      if (a < b) joules += units::in_watts(piece.power) * time::in_seconds(b - a);
      piece_begin = piece.end;
    }
    return joules;
  }

  void place(std::size_t cell, std::int64_t done, bool used, std::vector<Used> so_far) {
    if (done == whole_ && used == (piece_.count() > 0)) {
      judge(so_far);
      return;
    }
    if (cell == cells_.size()) return;
    place(cell + 1, done, used, so_far);
    if (missing_[cell]) return;
    const auto with = [&](Use use) {
      auto more = so_far;
      more.push_back({cell, use});
      return more;
    };
    const bool full = cells_[cell].length() == step_;
    if (full && done < whole_) place(cell + 1, done + 1, used, with(Use::kWhole));
    if (!used && piece_.count() > 0 && cells_[cell].length() >= piece_) {
      place(cell + 1, done, true, with(Use::kPiece));
    }
    if (full && restart_ > 0) place(cell + 1, done, used, with(Use::kRestart));
  }

  /// Segments of a placement; empty where the restart cells stand anywhere but at the begin of a later segment.
  [[nodiscard]] std::vector<Run> runs_of(const std::vector<Used>& placed) const {
    std::vector<Run> runs;
    for (const auto& used : placed) {
      const auto begin = cells_[used.cell].begin;
      if (runs.empty() || runs.back().end != begin) runs.push_back({begin, begin, used.cell});
      Run& run = runs.back();
      if (used.use == Use::kRestart) {
        if (run.work.count() > 0) return {};
        ++run.restarts;
      }
      const auto length = used.use == Use::kPiece ? piece_ : step_;
      run.end += length;
      if (used.use != Use::kRestart) run.work += length;
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (runs[i].restarts != (is_resume(runs, i) ? restart_ : 0) || runs[i].work.count() == 0) return {};
    }
    return runs;
  }

  [[nodiscard]] bool is_resume(const std::vector<Run>& runs, std::size_t i) const {
    if (i > 0 || job_.standing == plan::Standing::kPaused) return true;
    return job_.standing == plan::Standing::kRunning && runs[0].begin > job_.start;
  }

  void judge(const std::vector<Used>& placed) {
    const auto runs = runs_of(placed);
    if (runs.empty()) return;
    const bool pauses_at_once = job_.standing == plan::Standing::kRunning && runs[0].begin > job_.start;
    const std::size_t pauses = runs.size() - 1 + (pauses_at_once ? 1 : 0);
    if (costs_.max_pauses && static_cast<std::int64_t>(pauses) > *costs_.max_pauses) return;
    double total = transfer_total(runs.front().first_cell);
    time::Duration done{0};
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const Run& run = runs[i];
      const bool goes_on = i == 0 && job_.standing == plan::Standing::kRunning && !pauses_at_once;
      if (i + 1 < runs.size() && !goes_on && run.end - run.begin < step_ * ceil_cells(costs_.min_run)) return;
      if (run.restarts > 0) {
        // The power of the next unit of work: the piece if it comes first, else a whole cell.
        const auto unit = next_unit(placed, run);
        const double watts = profile_energy(done, unit) / time::in_seconds(unit);
        total += watts * integral({run.begin, run.begin + step_ * run.restarts}) / 3.6e6;
      }
      total += work_total(run.begin + step_ * run.restarts, done, run.work);
      done += run.work;
      if (!is_resume(runs, i)) continue;
      const time::Interval pause{i == 0 ? job_.start : runs[i - 1].end, run.begin};
      const bool older = i == 0 && job_.standing == plan::Standing::kPaused;
      if (!older && pause.length() < step_ * ceil_cells(costs_.min_pause)) return;
      if (costs_.pause_power > units::Power{}) {
        for (std::size_t c = 0; c < cells_.size(); ++c) {
          if (missing_[c] && cells_[c].begin < pause.end && cells_[c].end > pause.begin) return;
        }
        total += units::in_watts(costs_.pause_power) * integral(pause) / 3.6e6;
      }
      total += units::in_kwh(costs_.pause_energy) * mean_of_cell(run.first_cell);
    }
    BrutePlan plan;
    plan.total = total;
    plan.pauses = pauses;
    for (const auto& used : placed) plan.cells.push_back(used.cell);
    plans_.push_back(std::move(plan));
  }

  [[nodiscard]] time::Duration next_unit(const std::vector<Used>& placed, const Run& run) const {
    for (const auto& used : placed) {
      if (cells_[used.cell].begin >= run.begin && used.use != Use::kRestart) {
        return used.use == Use::kPiece ? piece_ : step_;
      }
    }
    return step_;
  }

  const plan::Job& job_;
  const plan::Costs& costs_;
  const series::Series& series_;
  time::Duration step_;
  std::vector<time::Interval> cells_;
  std::vector<bool> missing_;
  std::int64_t whole_ = 0;
  time::Duration piece_{0};
  std::int64_t restart_ = 0;
  std::vector<BrutePlan> plans_;
};

}  // namespace ebb::test
