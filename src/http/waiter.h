#pragma once

#include <functional>

#include "time/clock.h"

namespace ebb::http {

/// How this room waits: injected, so that no test does.
class Waiter {
 public:
  virtual ~Waiter() = default;
  /// Returns after that time; false: at once, since the user wants to stop.
  virtual bool wait(time::Duration length) = 0;
};

/// Waits in the machine's time, asking `stopped` ten times a second.
class RealWaiter final : public Waiter {
 public:
  RealWaiter(const time::Clock& clock, std::function<bool()> stopped) : clock_(clock), stopped_(std::move(stopped)) {}
  bool wait(time::Duration length) override;

 private:
  const time::Clock& clock_;
  std::function<bool()> stopped_;
};

}  // namespace ebb::http
