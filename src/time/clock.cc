#include "time/clock.h"

namespace ebb::time {

Instant SystemClock::now() const { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace ebb::time
