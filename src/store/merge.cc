#include "store/merge.h"

#include <algorithm>
#include <cmath>

#include "series/series.h"

namespace ebb::store {
namespace {

/// The same piece, made wide enough to hold those slots.
void widen(Piece& piece, Slots slots) {
  if (piece.values.empty()) {
    piece.first = slots.first;
    piece.values.assign(static_cast<std::size_t>(slots.count()), series::kMissing);
    return;
  }
  if (slots.first < piece.first) {
    piece.values.insert(piece.values.begin(), static_cast<std::size_t>(piece.first - slots.first), series::kMissing);
    piece.first = slots.first;
  }
  if (slots.end > piece.slots().end) {
    piece.values.resize(static_cast<std::size_t>(slots.end - piece.first), series::kMissing);
  }
}

void widen(Slots& range, std::int64_t slot) {
  if (range.empty()) range.first = slot;
  range.end = slot + 1;
}

/// Gathers the runs in which the new values say what stands there, each cut down to its changes.
class Stated {
 public:
  void keeps_old() {
    if (!run_.empty()) runs_.push_back(run_);
    run_ = {};
  }
  void changes(std::int64_t slot) { widen(run_, slot); }
  std::vector<Slots> take() {
    keeps_old();
    return std::move(runs_);
  }

 private:
  Slots run_;
  std::vector<Slots> runs_;
};

Piece part_of(const Piece& piece, Slots slots) {
  const auto* from = piece.values.data() + (slots.first - piece.first);
  return {slots.first, std::vector<double>(from, from + slots.count())};
}

bool all_missing(const Piece& piece) {
  return std::all_of(piece.values.begin(), piece.values.end(), series::is_missing);
}

}  // namespace

Merge merge(Piece old, Slots slots, std::span<const double> now) {
  Merge result;
  widen(old, slots);
  result.piece = std::move(old);
  double* stands = result.piece.values.data() + (slots.first - result.piece.first);
  Stated stated;
  std::vector<double> before(stands, stands + slots.count());
  for (std::size_t i = 0; i < now.size(); ++i) {
    const auto slot = slots.first + static_cast<std::int64_t>(i);
    const bool was_missing = series::is_missing(before[i]);
    if (series::is_missing(now[i])) {
      ++result.counts.missing;
      if (!was_missing) stated.keeps_old();
      continue;
    }
    // 0.0 and -0.0 are one number, and no revision of each other.
    if (now[i] == before[i]) {
      ++result.counts.same;
      continue;
    }
    ++(was_missing ? result.counts.added : result.counts.revised);
    stands[i] = now[i];
    widen(result.changed, slot);
    stated.changes(slot);
  }
  result.stated = stated.take();
  if (result.changed.empty()) return result;
  result.before = part_of({slots.first, std::move(before)}, result.changed);
  if (all_missing(result.before)) result.before = {};
  return result;
}

}  // namespace ebb::store
