#include "account/measured.h"

#include <algorithm>
#include <limits>

namespace ebb::account {
namespace {

// Bins of the chart: twice as many as a wide screen shows, so that halving leaves enough.
constexpr std::size_t kMostBins = 2048;

std::int64_t floor_slot(time::Instant moment) {
  const auto since = moment.time_since_epoch();
  auto slot = since / kSlot;
  if (since < slot * kSlot) --slot;
  return slot;
}

}  // namespace

time::Interval Measured::when() const {
  if (nodes.empty()) return {header.utc, header.utc};
  time::Interval all = nodes.front().when;
  for (const auto& node : nodes) {
    all.begin = std::min(all.begin, node.when.begin);
    all.end = std::max(all.end, node.when.end);
  }
  return all;
}

void MeasuredBuilder::add(const trace::Record& record) {
  std::visit([this](const auto& one) { on(one); }, record);
}

Measured MeasuredBuilder::finish() {
  end_trace();
  measured_.power.bin = bin_;
  for (std::size_t c = 0; c < timeline_.size(); ++c) {
    std::vector<units::Power> watts;
    for (std::size_t i = 0; i < timeline_[c].size(); ++i) {
      const auto over = timeline_of_[c][i];
      watts.push_back(over.count() > 0 ? timeline_[c][i] / time::as_quantity(over)
                                       : units::watts(std::numeric_limits<double>::quiet_NaN()));
    }
    measured_.power.by_component.push_back(std::move(watts));
  }
  return std::move(measured_);
}

void MeasuredBuilder::seen(time::Duration steady) {
  last_ = std::max(last_, steady);
  auto& node = measured_.nodes.back();
  node.when.end = std::max(node.when.end, utc_of(last_));
}

void MeasuredBuilder::on(const trace::Header& header) {
  end_trace();
  if (measured_.nodes.empty()) {
    measured_.header = header;
    measured_.power.begin = header.utc;
  }
  utc_offset_ = header.utc.time_since_epoch() - header.steady;
  begin_ = last_ = header.steady;
  numbers_.clear();
  measured_.nodes.push_back({header.node, {header.utc, header.utc}, std::nullopt});
  in_trace_ = true;
}

void MeasuredBuilder::end_trace() {
  if (!in_trace_) return;
  while (!open_.empty()) close_region(last_, true);
  if (paused_since_) measured_.paused += last_ - *paused_since_;
  paused_since_.reset();
  measured_.job_cpu += job_cpu_;
  measured_.meter_cpu += meter_cpu_;
  job_cpu_ = meter_cpu_ = {};
  in_trace_ = false;
}

void MeasuredBuilder::on(const trace::Component& component) {
  const auto& node = measured_.nodes.back().name;
  auto& all = measured_.components;
  const auto known = std::find_if(all.begin(), all.end(), [&](const auto& other) {
    return other.node == node && other.component.name == component.name && other.component.method == component.method;
  });
  numbers_.push_back(static_cast<std::size_t>(known - all.begin()));
  if (known == all.end()) {
    Measured::ComponentSum sum;
    sum.component = component;
    sum.node = node;
    all.push_back(std::move(sum));
    timeline_.emplace_back();
    timeline_of_.emplace_back();
  }
}

void MeasuredBuilder::spread(SlotEnergies& into, units::Energy energy, time::Duration from, time::Duration to) const {
  const auto begin = utc_of(from);
  const auto end = utc_of(to);
  if (end <= begin) {
    into[floor_slot(begin)] += energy;
    return;
  }
  units::Energy rest = energy;
  auto at = begin;
  for (auto slot = floor_slot(begin); at < end; ++slot) {
    const auto edge = std::min(slot_begin(slot + 1), end);
    // The last piece is what is left, so that the pieces add up to the whole.
    const auto piece = edge == end ? rest : energy * (time::in_seconds(edge - at) / time::in_seconds(end - begin));
    into[slot] += piece;
    rest -= piece;
    at = edge;
  }
}

void MeasuredBuilder::halve_timeline() {
  for (std::size_t c = 0; c < timeline_.size(); ++c) {
    const std::size_t half = (timeline_[c].size() + 1) / 2;
    for (std::size_t i = 0; i < half; ++i) {
      const bool pair = 2 * i + 1 < timeline_[c].size();
      timeline_[c][i] = timeline_[c][2 * i] + (pair ? timeline_[c][2 * i + 1] : units::Energy{});
      timeline_of_[c][i] = timeline_of_[c][2 * i] + (pair ? timeline_of_[c][2 * i + 1] : time::Duration{0});
    }
    timeline_[c].resize(half);
    timeline_of_[c].resize(half);
  }
  bin_ *= 2;
}

void MeasuredBuilder::draw(std::size_t component, units::Energy energy, time::Duration from, time::Duration to) {
  const auto zero = measured_.power.begin;
  const auto begin = std::max(utc_of(from), zero) - zero;
  const auto end = std::max(utc_of(to), zero) - zero;
  if (end <= begin) return;
  while (static_cast<std::size_t>((end - time::Duration(1)) / bin_) >= kMostBins) halve_timeline();
  auto& bins = timeline_[component];
  auto& of = timeline_of_[component];
  const auto last = static_cast<std::size_t>((end - time::Duration(1)) / bin_);
  if (bins.size() <= last) {
    bins.resize(last + 1);
    of.resize(last + 1);
  }
  for (auto at = begin; at < end;) {
    const auto bin = static_cast<std::size_t>(at / bin_);
    const auto edge = std::min(end, bin_ * static_cast<std::int64_t>(bin + 1));
    bins[bin] += energy * (time::in_seconds(edge - at) / time::in_seconds(end - begin));
    of[bin] += edge - at;
    at = edge;
  }
}

void MeasuredBuilder::on(const trace::Interval& interval) {
  seen(interval.to);
  for (const auto& part : interval.energies) {
    if (part.component >= numbers_.size()) continue;  // its Component record was damaged: nothing to add it to
    const auto number = numbers_[part.component];
    auto& sum = measured_.components[number];
    sum.job += part.job;
    sum.job_idle += part.job_idle;
    sum.idle += part.idle;
    sum.others += part.others;
    sum.covered += std::max(time::Duration{0}, part.to - std::max(part.from, begin_));
    const auto own = part.job + part.job_idle;
    spread(sum.by_slot, own, part.from, part.to);
    draw(number, own, part.from, part.to);
    for (auto& region : open_) {
      region.energy += own;
      spread(measured_.regions[region.region].by_slot, own, std::max(part.from, region.since), part.to);
    }
  }
  job_cpu_ += interval.job_cpu;
  meter_cpu_ += interval.meter_cpu;
  measured_.machine_cpu += interval.machine_busy;
}

void MeasuredBuilder::on(const trace::Gap& gap) {
  seen(gap.to);
  std::string component;
  if (gap.component && *gap.component < numbers_.size()) {
    component = measured_.components[numbers_[*gap.component]].component.name;
  }
  const time::Interval when{utc_of(gap.from), utc_of(gap.to)};
  for (auto known = measured_.gaps.rbegin(); known != measured_.gaps.rend(); ++known) {
    // Neighbours of one cause are one stretch; a second between them is still the same trouble.
    if (known->component == component && known->cause == gap.cause && known->recovered == gap.recovered &&
        when.begin <= known->when.end + std::chrono::seconds(2) && when.begin >= known->when.begin) {
      known->when.end = std::max(known->when.end, when.end);
      ++known->count;
      return;
    }
  }
  measured_.gaps.push_back({component, gap.cause, gap.detail, when, 1, gap.recovered});
}

void MeasuredBuilder::on(const trace::Mark& mark) {
  seen(mark.steady);
  if (mark.kind == trace::Mark::Kind::kEnd) {
    const auto named = [&](const OpenRegion& region) {
      const auto& path = measured_.regions[region.region].path;
      return path == mark.name || path.ends_with("/" + mark.name);
    };
    // Ending an outer region ends what is open inside it.
    if (std::none_of(open_.begin(), open_.end(), named)) return;
    while (!named(open_.back())) close_region(mark.steady, false);
    close_region(mark.steady, false);
    return;
  }
  const std::string path = open_.empty() ? mark.name : measured_.regions[open_.back().region].path + "/" + mark.name;
  auto& regions = measured_.regions;
  auto known = std::find_if(regions.begin(), regions.end(), [&](const auto& region) { return region.path == path; });
  if (known == regions.end()) {
    Measured::Region region;
    region.path = path;
    known = regions.insert(regions.end(), std::move(region));
  }
  open_.push_back({static_cast<std::size_t>(known - regions.begin()), mark.steady, {}});
}

void MeasuredBuilder::close_region(time::Duration at, bool open) {
  const auto region = open_.back();
  open_.pop_back();
  auto& known = measured_.regions[region.region];
  known.passages.push_back({at - region.since, region.energy});
  known.open = open;
}

void MeasuredBuilder::on(const trace::PauseEdge& edge) {
  seen(edge.steady);
  if (edge.paused && !paused_since_) {
    paused_since_ = edge.steady;
    ++measured_.pauses;
  } else if (!edge.paused && paused_since_) {
    measured_.paused += edge.steady - *paused_since_;
    paused_since_.reset();
  }
}

void MeasuredBuilder::on(const trace::Anchor& anchor) {
  utc_offset_ = anchor.utc.time_since_epoch() - anchor.steady;
  seen(anchor.steady);
}

void MeasuredBuilder::on(const trace::Note& note) {
  auto& notes = measured_.notes;
  if (std::find(notes.begin(), notes.end(), note.text) == notes.end()) notes.push_back(note.text);
}

void MeasuredBuilder::on(const trace::End& end) {
  seen(end.steady);
  measured_.nodes.back().exit_code = end.exit_code;
  // The final figures hold what no interval saw (children reaped at the very end).
  job_cpu_ = std::max(job_cpu_, end.job_cpu);
  meter_cpu_ = std::max(meter_cpu_, end.meter_cpu);
}

}  // namespace ebb::account
