#pragma once

#include "time/clock.h"

namespace ebb::exec {

/// How pausing waits: one place for the time it takes, so that tests bring their own (a FakeClock, and nap()
/// overridden). Thread safety: none.
class Waiting {
 public:
  explicit Waiting(const time::Clock& clock) : clock_(&clock) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  virtual ~Waiting() = default;

  [[nodiscard]] time::Duration steady() const { return clock_->steady(); }
  /// Returns when the kernel says that the file has changed (POLLPRI, as cgroup.events does), or `at_most` has gone by.
  /// `fd` -1: no file.
  virtual void nap(time::Duration at_most, int fd);

 private:
  const time::Clock* clock_;
};

}  // namespace ebb::exec
