#include "time/instant.h"

#include <cmath>
#include <cstdint>

#include "base/check.h"

namespace ebb::time {

Duration from_seconds(double seconds) {
  CHECK(std::fabs(seconds) < 9.2e9);
  // Whole seconds apart from the rest: a double holds 1e15 ns exactly, a year has 3e16.
  const double whole = std::floor(seconds);
  const auto rest = static_cast<std::int64_t>(std::llround((seconds - whole) * 1e9));
  return std::chrono::seconds(static_cast<std::int64_t>(whole)) + Duration(rest);
}

}  // namespace ebb::time
