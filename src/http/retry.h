#pragma once

#include <cstdint>
#include <optional>

#include "http/client.h"
#include "time/instant.h"

namespace ebb::http {

/// When a request is sent again.
struct RetryRules {
  int attempts = 5;                                        ///< in all, the first one too
  time::Duration base = std::chrono::seconds(1);           ///< wait after the first; each later one is twice as long
  time::Duration longest = std::chrono::minutes(1);        ///< of a wait that this program chooses
  time::Duration longest_asked = std::chrono::minutes(5);  ///< of one that the service asks for
};

/// Whether the same request may succeed later: no whole answer for reasons of the network, or 408, 425, 429, 500, 502,
/// 503, 504.
bool is_passing(const Answer& answer);

/// What to do after an answer that is_passing().
struct Verdict {
  std::optional<time::Duration> wait;   ///< send it again after this; nothing: give up
  std::optional<time::Duration> asked;  ///< what the service asked for, where it did
};

/// Retry-After is obeyed where it is not above `longest_asked` (above: give up at once, so that a person decides).
/// Else exponential: base x 2^(attempt - 1), at most `longest`, less a random part of at most half, so that many
/// clients do not come back in step. `attempt`: how many were made, from 1. `random`: 64 random bits.
Verdict verdict_on(const Answer& answer, int attempt, time::Instant now, std::uint64_t random, const RetryRules& rules);

}  // namespace ebb::http
