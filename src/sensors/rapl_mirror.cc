#include "sensors/rapl_mirror.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace ebb::sensors {
namespace {

constexpr int kMoves = 3;
constexpr int kMostLooks = 2000;

struct Pair {
  std::uint64_t a;
  std::uint64_t b;
};
enum class Look { kBoth, kMovedBetween, kFailed };

/// Both at one moment: b stands between two equal looks at a.
Look look_at(RawSource& a, RawSource& b, Pair& pair) {
  const auto before = a.read(time::Duration(0)).value;
  const auto other = b.read(time::Duration(0)).value;
  const auto after = a.read(time::Duration(0)).value;
  if (!before || !other || !after) return Look::kFailed;
  pair = {*after, *other};
  return before == after ? Look::kBoth : Look::kMovedBetween;
}

bool is_twin(RaplCounter& earlier, RaplCounter& later) {
  return earlier.domain == later.domain && earlier.package == later.package &&
         mirrored(*earlier.raw.source, *later.raw.source, later.since_boot);
}

}  // namespace

bool mirrored(RawSource& a, RawSource& b, bool since_boot) {
  std::optional<Pair> first;
  std::uint64_t last = 0;
  int moves = 0;
  for (int looks = 0; looks < kMostLooks; ++looks) {
    Pair now{};
    const Look look = look_at(a, b, now);
    if (look == Look::kFailed) return false;
    if (look == Look::kMovedBetween) continue;
    if (!first) {
      if (since_boot && now.a != now.b) return false;
      first = now;
      last = now.a;
    }
    if (now.a - first->a != now.b - first->b) return false;
    if (now.a == last) continue;
    last = now.a;
    if (++moves == kMoves) return true;
  }
  return since_boot && first && first->a != 0;
}

void drop_mirrors(RaplFound& found) {
  std::vector<RaplCounter> kept;
  for (auto& counter : found.counters) {
    const auto twin = std::find_if(kept.begin(), kept.end(), [&](auto& earlier) { return is_twin(earlier, counter); });
    if (twin == kept.end()) {
      kept.push_back(std::move(counter));
    } else {
      found.warnings.push_back(
          fmt::format("{} mirrors the counter of {}: counted once", counter.raw.channel.name, twin->raw.channel.name));
    }
  }
  found.counters = std::move(kept);
}

}  // namespace ebb::sensors
