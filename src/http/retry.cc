#include "http/retry.h"

#include <algorithm>

#include "http/http_date.h"

namespace ebb::http {
namespace {

time::Duration back_off(int attempt, std::uint64_t random, const RetryRules& rules) {
  auto wait = rules.base;
  for (int i = 1; i < attempt && wait < rules.longest; ++i) wait *= 2;
  wait = std::min(wait, rules.longest);
  const double share = static_cast<double>(random >> 11U) * 0x1p-53;  // [0, 1)
  return wait / 2 + time::Duration(static_cast<std::int64_t>(static_cast<double>((wait / 2).count()) * share));
}

}  // namespace

bool is_passing(const Answer& answer) {
  switch (answer.fault) {
    case Fault::kUnreachable:
    case Fault::kSlow:
    case Fault::kCut:
      return true;
    case Fault::kNone:
      break;
    case Fault::kNoLibrary:
    case Fault::kTooLarge:
    case Fault::kUntrusted:
    case Fault::kStopped:
    case Fault::kRefused:
      return false;
  }
  switch (answer.status) {
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

Verdict verdict_on(const Answer& answer, int attempt, time::Instant now, std::uint64_t random,
                   const RetryRules& rules) {
  Verdict verdict;
  verdict.asked = parse_retry_after(answer.header("retry-after"), now);
  if (attempt >= rules.attempts || !is_passing(answer)) return verdict;
  if (verdict.asked) {
    if (*verdict.asked <= rules.longest_asked) verdict.wait = verdict.asked;
    return verdict;
  }
  verdict.wait = back_off(attempt, random, rules);
  return verdict;
}

}  // namespace ebb::http
