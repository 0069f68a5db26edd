#include "time/clock.h"

#include <ctime>

namespace ebb::time {
namespace {

Duration reading_of(clockid_t id) {
  timespec t{};
  ::clock_gettime(id, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

}  // namespace

Instant SystemClock::now() const { return Instant(reading_of(CLOCK_REALTIME)); }
Duration SystemClock::steady() const { return reading_of(CLOCK_BOOTTIME); }
Duration SystemClock::asleep() const { return reading_of(CLOCK_BOOTTIME) - reading_of(CLOCK_MONOTONIC); }

}  // namespace ebb::time
