#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "http/client.h"
#include "http/retry.h"
#include "http/waiter.h"
#include "time/clock.h"

namespace ebb::http {

/// Where a redirect may lead. A request with secrets never leaves its origin, whatever is chosen here.
enum class Redirects { kSameOrigin, kAnywhere };

/// Asks as a guest should: no faster than the service allows, again after what passes, and where it was sent to.
///
/// - Two requests begin at least `spacing` apart.
/// - What is_passing() is sent again by the rules of http/retry.h.
/// - Redirects are followed, five at most, never from https to http; a request with secrets only within its origin.
/// - A request with secrets is not sent at all over http, but to this machine.
/// Thread safety: none.
class Patient {
 public:
  struct Settings {
    RetryRules retry;
    time::Duration spacing = std::chrono::milliseconds(100);
    std::uint64_t seed = 1;                     ///< of the random part of waits
    std::optional<time::Duration> total_limit;  ///< in place of each request's own
    /// Told before each wait of a second and more, for stderr: "api.eia.gov answers 429: again in 30 s".
    std::function<void(const std::string&)> note;
  };
  Patient(Client& client, Waiter& waiter, const time::Clock& clock, Settings settings);

  /// The last answer, whole or not: after a success, after what does not pass, or after the last attempt.
  Answer get(const Request& request, Redirects redirects = Redirects::kSameOrigin);

  /// Requests sent since it was made.
  [[nodiscard]] std::size_t sent() const { return sent_; }
  /// How often the last get() sent its request, redirects not counted.
  [[nodiscard]] int attempts() const { return attempts_; }

 private:
  Answer once(Request request, Redirects redirects);
  Answer spaced(const Request& request);
  std::uint64_t next_random();

  Client& client_;
  Waiter& waiter_;
  const time::Clock& clock_;
  Settings settings_;
  time::Duration next_start_{0};
  std::uint64_t random_;
  std::size_t sent_ = 0;
  int attempts_ = 0;
};

/// Why a request did not succeed, as a clause: "api.eia.gov answers 500 (said: ...)", "api.eia.gov cannot be reached
/// (no such host)". Names the host, never the query.
std::string failure_text(const Request& request, const Answer& answer);

}  // namespace ebb::http
