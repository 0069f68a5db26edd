#include "http/waiter.h"

#include <poll.h>

#include <algorithm>

namespace ebb::http {

bool RealWaiter::wait(time::Duration length) {
  const auto until = clock_.steady() + length;
  for (;;) {
    if (stopped_ && stopped_()) return false;
    const auto left = until - clock_.steady();
    if (left <= time::Duration{0}) return true;
    const auto step = std::min<time::Duration>(left, std::chrono::milliseconds(100));
    ::poll(nullptr, 0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(step).count()));
  }
}

}  // namespace ebb::http
