#pragma once

#include "time/instant.h"

namespace ebb::time {

/// Where "now" comes from. A constructor argument of everything that needs it; only app/ makes the real one.
class Clock {
 public:
  virtual ~Clock() = default;
  /// UTC, for joining with the grid and for printing. May be stepped by whoever sets the machine's clock.
  [[nodiscard]] virtual Instant now() const = 0;
  /// Since an arbitrary moment, never stepped, the machine's sleep included: to integrate over.
  [[nodiscard]] virtual Duration steady() const = 0;
  /// How long of that the machine slept; it grows only across a suspend.
  [[nodiscard]] virtual Duration asleep() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] Duration steady() const override;
  [[nodiscard]] Duration asleep() const override;
};

/// A clock that shows what it is told, for tests.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant now) : now_(now) {}
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] Duration steady() const override { return steady_; }
  [[nodiscard]] Duration asleep() const override { return asleep_; }
  /// Time goes by.
  void advance(Duration by) {
    now_ += by;
    steady_ += by;
  }
  /// Somebody sets the machine's clock.
  void step(Duration by) { now_ += by; }
  /// The machine sleeps.
  void sleep(Duration by) {
    advance(by);
    asleep_ += by;
  }

 private:
  Instant now_;
  Duration steady_{0};
  Duration asleep_{0};
};

}  // namespace ebb::time
