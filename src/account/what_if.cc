#include "account/what_if.h"

#include <algorithm>

#include "account/measured.h"
#include "carbon/books.h"

namespace ebb::account {
namespace {

using std::chrono::hours;

bool comparable(const series::Series& a, const series::Series& b) {
  return a.signal() == b.signal() && a.provenance().source == b.provenance().source &&
         a.provenance().vintage == b.provenance().vintage;
}

std::string word_for(const series::Signal& signal) {
  return signal.kind == series::SignalKind::kMarginal ? "avoided" : "allocated";
}

std::optional<WhatIf> what_if(const RunRecord& record, const series::Series& series, time::Duration later) {
  const auto operational = operational_at(record, series, later);
  if (!operational) return std::nullopt;
  WhatIf one;
  one.kind = later.count() > 0 ? "later" : "zone";
  one.zone = series.zone();
  one.signal = series.signal();
  one.source = series.provenance().source;
  one.later = later;
  one.operational = *operational;
  one.difference = record.own_book()->operational - *operational;
  one.word = word_for(series.signal());
  return one;
}

}  // namespace

std::optional<units::Emissions> operational_at(const RunRecord& record, const series::Series& series,
                                               time::Duration later) {
  units::Emissions sum;
  for (const auto& slot : record.slots) {
    if (slot.energy == units::Energy{}) continue;
    // As price() does: the part of the slot that the run touches.
    const time::Interval part{std::max(slot.begin, record.when.begin) + later,
                              std::min(slot.begin + kSlot, record.when.end) + later};
    if (part.end <= part.begin || part.begin < series.begin() || part.end > series.end()) return std::nullopt;
    const double value = series.mean_over(part);
    if (series::is_missing(value)) return std::nullopt;
    sum += slot.energy * units::grams_per_kwh(value);
  }
  return sum * record.pue;
}

std::vector<WhatIf> what_ifs(const RunRecord& record, const series::Series& own,
                             const std::vector<series::Series>& zones, std::size_t most_zones) {
  std::vector<WhatIf> all;
  if (record.own_book() == nullptr) return all;
  if (auto six = what_if(record, own, hours(6))) all.push_back(std::move(*six));
  std::optional<WhatIf> best;
  for (auto later = kSlot; later <= hours(24); later += kSlot) {
    auto one = what_if(record, own, later);
    if (one && (!best || one->operational < best->operational)) best = std::move(one);
  }
  const bool told = !all.empty() && best && best->later == all.front().later;
  if (best && best->difference > units::Emissions{} && !told) all.push_back(std::move(*best));
  std::vector<WhatIf> others;
  for (const auto& zone : zones) {
    if (zone.zone() == own.zone() || !comparable(zone, own)) continue;
    if (auto one = what_if(record, zone, time::Duration{0})) others.push_back(std::move(*one));
  }
  std::stable_sort(others.begin(), others.end(),
                   [](const auto& a, const auto& b) { return a.operational < b.operational; });
  if (others.size() > most_zones) others.resize(most_zones);
  all.insert(all.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
  return all;
}

}  // namespace ebb::account
