#include "exec/pause_wait.h"

#include <poll.h>

#include <algorithm>
#include <chrono>

namespace ebb::exec {

void Waiting::nap(time::Duration at_most, int fd) {
  pollfd change{fd, POLLPRI, 0};
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(std::max(at_most, time::Duration(0)));
  const auto rest = std::max(at_most, time::Duration(0)) - whole;
  const timespec timeout{static_cast<time_t>(whole.count()), static_cast<long>(rest.count())};
  // Woken early by a signal: whoever waits looks again anyway.
  ::ppoll(&change, 1, &timeout, nullptr);
}

}  // namespace ebb::exec
