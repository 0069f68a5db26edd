#pragma once

#include <array>
#include <cstddef>

#include "time/clock.h"

namespace ebb::measure {

/// How long a run ran and how long it did not, whoever is to blame. Thread safety: none.
class RunTime {
 public:
  enum class Cause : std::size_t {
    kStopped,  ///< by somebody else: its user, a scheduler
    kHeld,     ///< by us
    kWaiting,  ///< between two attempts of its command
  };
  explicit RunTime(const time::Clock& clock) : clock_(clock) {}

  /// The command runs from now on.
  void begin() {
    since_ = clock_.steady();
    begun_ = true;
  }
  /// One of the causes comes or goes; whether by that the run was paused, or goes on.
  bool set(Cause cause, bool is) {
    const bool before = is_paused();
    causes_[static_cast<std::size_t>(cause)] = is;
    if (is_paused() == before) return false;
    add_up(before);
    return true;
  }
  [[nodiscard]] bool is_paused() const { return causes_[0] || causes_[1] || causes_[2]; }
  [[nodiscard]] time::Duration ran() { return add_up(is_paused()), ran_; }
  [[nodiscard]] time::Duration paused() { return add_up(is_paused()), paused_; }

 private:
  void add_up(bool was_paused) {
    if (!begun_) return;
    const auto now = clock_.steady();
    (was_paused ? paused_ : ran_) += now - since_;
    since_ = now;
  }
  const time::Clock& clock_;
  bool begun_ = false;
  std::array<bool, 3> causes_{};
  time::Duration since_{0};
  time::Duration ran_{0};
  time::Duration paused_{0};
};

}  // namespace ebb::measure
