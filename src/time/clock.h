#pragma once

#include "time/instant.h"

namespace ebb::time {

/// Where "now" comes from. A constructor argument of everything that needs it; only app/ makes the real one.
class Clock {
 public:
  virtual ~Clock() = default;
  /// UTC, for joining with the grid and for printing.
  [[nodiscard]] virtual Instant now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

/// A clock that shows what it is told, for tests.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant now) : now_(now) {}
  [[nodiscard]] Instant now() const override { return now_; }
  void advance(Duration by) { now_ += by; }

 private:
  Instant now_;
};

}  // namespace ebb::time
