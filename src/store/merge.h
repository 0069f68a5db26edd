#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "store/entry.h"
#include "store/slots.h"

namespace ebb::store {

/// Values of slots in a row.
struct Piece {
  std::int64_t first = 0;
  std::vector<double> values;

  [[nodiscard]] Slots slots() const { return {first, first + static_cast<std::int64_t>(values.size())}; }
};

/// What putting new values over old ones comes to.
struct Merge {
  Piece piece;                ///< old and new; missing where neither has a value
  PutResult counts;           ///< of the new values
  Slots changed;              ///< from the first slot that is not as it was to the last; empty: nothing is
  Piece before;               ///< what stood in `changed`; empty where all of it was missing
  std::vector<Slots> stated;  ///< where the new values say what now stands there, around each change
};

/// Pure. `now` has at least one value.
Merge merge(Piece old, Slots slots, std::span<const double> now);

}  // namespace ebb::store
