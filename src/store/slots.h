#pragma once

#include <algorithm>
#include <cstdint>

#include "store/entry.h"
#include "time/instant.h"

namespace ebb::store {

/// Slots [first, end), counted from 1970.
struct Slots {
  std::int64_t first = 0;
  std::int64_t end = 0;

  [[nodiscard]] std::int64_t count() const { return end - first; }
  [[nodiscard]] bool empty() const { return end <= first; }
  friend bool operator==(const Slots&, const Slots&) = default;
};

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

inline std::int64_t slot_of(const Key& key, time::Instant at) {
  return floor_divide((at.time_since_epoch() - key.phase).count(), key.step.count());
}
inline time::Instant time_of(const Key& key, std::int64_t slot) { return time::Instant(key.phase + key.step * slot); }

inline time::Interval interval_of(const Key& key, Slots slots) {
  return {time_of(key, slots.first), time_of(key, slots.end)};
}
/// Those that a time touches.
inline Slots slots_touching(const Key& key, time::Interval when) {
  // Nothing is kept beyond these, and differences of them do not overflow.
  constexpr time::Instant kFar(time::Duration(8'000'000'000'000'000'000));
  constexpr time::Instant kLongAgo(time::Duration(-8'000'000'000'000'000'000));
  when = {std::max(when.begin, kLongAgo), std::min(when.end, kFar)};
  if (when.end <= when.begin) return {};
  return {slot_of(key, when.begin), slot_of(key, when.end - time::Duration(1)) + 1};
}
inline Slots slots_of(const Key& key, const series::Series& series) {
  const auto first = slot_of(key, series.begin());
  return {first, first + static_cast<std::int64_t>(series.size())};
}
inline Slots overlap(Slots a, Slots b) {
  return {a.first > b.first ? a.first : b.first, a.end < b.end ? a.end : b.end};
}

}  // namespace ebb::store
