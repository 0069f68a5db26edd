#include "providers/pieces.h"

#include <algorithm>

#include "base/check.h"

namespace ebb::providers {
namespace {

time::Instant floor_to(time::Instant at, time::Duration step) {
  const auto since = at.time_since_epoch();
  return at - (since % step + step) % step;
}

}  // namespace

std::vector<time::Interval> pieces_of(time::Interval whole, time::Duration longest) {
  CHECK(longest > time::Duration{0});
  const time::Duration day = std::chrono::days(1);
  const bool whole_days = longest % day == time::Duration{0};
  std::vector<time::Interval> pieces;
  for (auto at = whole.begin; at < whole.end;) {
    auto end = at + longest;
    if (whole_days && end < whole.end) end = floor_to(end, day);
    end = std::min(end, whole.end);
    pieces.push_back({at, end});
    at = end;
  }
  return pieces;
}

time::Interval in_whole_hours(time::Interval when) {
  const time::Duration hour = std::chrono::hours(1);
  const auto end = floor_to(when.end, hour);
  return {floor_to(when.begin, hour), end == when.end ? end : end + hour};
}

time::Interval settled_part(time::Interval piece, time::Instant now) {
  return {piece.begin,
          std::max(piece.begin, std::min(piece.end, floor_to(now - kMayBeRevised, std::chrono::hours(1))))};
}

}  // namespace ebb::providers
