#include "measure/jobless_wait.h"

#include <poll.h>

#include <algorithm>
#include <vector>

namespace ebb::measure {

exec::Event wait_without_job(exec::SignalInbox& inbox, const time::Clock& clock, time::Duration deadline,
                             std::span<const int> fds) {
  using Kind = exec::Event::Kind;
  std::vector<pollfd> waiting{{inbox.fd(), POLLIN, 0}};
  for (const int fd : fds) waiting.push_back({fd, POLLIN, 0});
  for (;;) {
    while (const auto signal = inbox.next()) {
      if (signal->signal != SIGCHLD) return {Kind::kSignal, signal->signal, false, -1};
    }
    const auto left = std::max(deadline - clock.steady(), time::Duration(0));
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{static_cast<time_t>(whole.count()), static_cast<long>((left - whole).count())};
    if (::ppoll(waiting.data(), waiting.size(), &timeout, nullptr) <= 0) {
      if (clock.steady() >= deadline) return {};
      continue;
    }
    if (waiting[0].revents != 0) continue;
    const auto readable =
        std::find_if(waiting.begin() + 1, waiting.end(), [](const auto& w) { return w.revents != 0; });
    if (readable != waiting.end()) return {Kind::kReadable, 0, false, readable->fd};
  }
}

}  // namespace ebb::measure
