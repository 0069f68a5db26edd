#pragma once

#include <vector>

#include "time/instant.h"

namespace ebb::providers {

/// Values that are younger than this when they are fetched may still be revised
/// by their publisher, so they are fetched again the next time that they are
/// asked for: the one rule for all providers.
inline constexpr time::Duration kMayBeRevised = std::chrono::days(7);

/// An interval in pieces of at most `longest`, in order, joined without a gap.
/// Their inner edges are at midnight UTC where `longest` is whole days, so that
/// pieces of another day's fetch are the same ones.
std::vector<time::Interval> pieces_of(time::Interval whole, time::Duration longest);

/// The smallest interval of whole hours that holds it.
time::Interval in_whole_hours(time::Interval when);

/// The part of a fetched piece that need not be fetched again; empty (begin ==
/// end) where all of it is young.
time::Interval settled_part(time::Interval piece, time::Instant now);

}  // namespace ebb::providers
