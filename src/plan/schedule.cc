#include "plan/schedule.h"

#include <algorithm>
#include <numeric>

namespace ebb::plan {
namespace {

bool covers(const series::Series& series, time::Interval interval) {
  return interval.begin >= series.begin() && interval.end <= series.end();
}

/// Sum over slots of energy x value; NaN where a slot with energy is missing. `energy_between` takes moments.
template <typename EnergyBetween>
double priced(const series::Series& series, time::Interval interval, const EnergyBetween& energy_between) {
  double sum = 0.0;
  const auto first = static_cast<std::size_t>((interval.begin - series.begin()) / series.step());
  for (std::size_t slot = first; slot < series.size() && series.time_of(slot) < interval.end; ++slot) {
    const auto from = std::max(interval.begin, series.time_of(slot));
    const auto to = std::min(interval.end, series.time_of(slot + 1));
    sum += units::in_kwh(energy_between(from, to)) * series[slot];
  }
  return sum;
}

double priced_constant(const series::Series& series, time::Interval interval, units::Power power) {
  if (power == units::Power{} || interval.begin == interval.end) return 0.0;
  return priced(series, interval,
                [power](time::Instant from, time::Instant to) { return power * time::as_quantity(to - from); });
}

double score_segment(const Segment& segment, const workload::Profile& profile, const series::Series& series) {
  const auto work_begin = segment.begin + segment.overhead;
  const double overhead = priced_constant(series, {segment.begin, work_begin}, segment.overhead_power);
  const double work = priced(series, {work_begin, segment.end()}, [&](time::Instant from, time::Instant to) {
    return profile.energy_between(segment.work_from + (from - work_begin), segment.work_from + (to - work_begin));
  });
  return overhead + work;
}

}  // namespace

time::Duration Schedule::running() const {
  time::Duration sum{0};
  for (const auto& segment : segments) sum += segment.end() - segment.begin;
  return sum;
}

std::optional<time::Interval> Schedule::leading_pause() const {
  if (standing == Standing::kPaused || first_is_leading()) return time::Interval{from, segments.front().begin};
  return std::nullopt;
}

time::Interval Schedule::pause_before_resume(std::size_t i) const {
  if (const auto leading = leading_pause()) {
    if (i == 0) return *leading;
    --i;
  }
  return {segments[i].end(), segments[i + 1].begin};
}

time::Interval Schedule::pause(std::size_t i) const {
  return pause_before_resume(standing == Standing::kPaused ? i + 1 : i);
}

double Score::total() const { return std::accumulate(segments.begin(), segments.end(), 0.0) + pauses + transfer; }

Schedule make_schedule(const Window& window, const workload::Profile& profile,
                       const std::vector<Placement>& placements) {
  CHECK(!placements.empty());
  const auto offset = [&](std::size_t done, bool piece_used) {
    return window.step * static_cast<std::int64_t>(done) + (piece_used ? window.piece : time::Duration(0));
  };
  Schedule schedule;
  schedule.first_cell = window.cell_interval(placements.front().cell);
  schedule.from = window.begin;
  schedule.standing = window.standing;
  std::size_t done = 0;
  bool piece_used = false;
  std::size_t overhead_cells = 0;
  for (const auto& placement : placements) {
    const auto begin = window.cell_begin(placement.cell);
    if (schedule.segments.empty() ||
        schedule.segments.back().end() + window.step * static_cast<std::int64_t>(overhead_cells) != begin) {
      const bool is_first = schedule.segments.empty();
      schedule.segments.push_back(
          {begin, time::Duration(0), units::Power{}, offset(done, piece_used), time::Duration(0)});
      const bool is_resume = !is_first || schedule.leading_pause();
      if (is_resume) schedule.resume_cells.push_back(window.cell_interval(placement.cell));
      overhead_cells = 0;
    }
    if (placement.kind == Placement::Kind::kOverhead) {
      ++overhead_cells;
      continue;
    }
    const bool is_piece = placement.kind == Placement::Kind::kPiece;
    const auto length = is_piece ? window.piece : window.step;
    auto& segment = schedule.segments.back();
    if (overhead_cells > 0) {
      const auto from = offset(done, piece_used);
      segment.overhead = window.step * static_cast<std::int64_t>(overhead_cells);
      segment.overhead_power = profile.energy_between(from, from + length) / time::as_quantity(length);
      overhead_cells = 0;
    }
    segment.work += length;
    is_piece ? void(piece_used = true) : void(++done);
  }
  return schedule;
}

std::optional<Score> score(const Schedule& schedule, const workload::Profile& profile, const Costs& costs,
                           const series::Series& series) {
  if (!covers(series, {schedule.begin(), schedule.end()})) return std::nullopt;
  Score result;
  for (const auto& segment : schedule.segments) result.segments.push_back(score_segment(segment, profile, series));
  for (std::size_t i = 0; i < schedule.resume_cells.size(); ++i) {
    const auto pause = schedule.pause_before_resume(i);
    if (costs.pause_power != units::Power{} && !covers(series, pause)) return std::nullopt;
    result.pauses += priced_constant(series, pause, costs.pause_power);
    if (costs.pause_energy == units::Energy{}) continue;
    if (!covers(series, schedule.resume_cells[i])) return std::nullopt;
    result.pauses += units::in_kwh(costs.pause_energy) * series.mean_over(schedule.resume_cells[i]);
  }
  if (schedule.standing == Standing::kNotStarted && costs.transfer_energy != units::Energy{}) {
    if (!covers(series, schedule.first_cell)) return std::nullopt;
    result.transfer = units::in_kwh(costs.transfer_energy) * series.mean_over(schedule.first_cell);
  }
  if (series::is_missing(result.total())) return std::nullopt;
  return result;
}

}  // namespace ebb::plan
