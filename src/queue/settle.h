#pragma once

#include <optional>

#include "queue/job.h"
#include "series/series.h"

namespace ebb::queue {

/// The time over which the grid's figures are needed to say what a job's plan came to: from its submission to its
/// deadline or its end, whatever is later.
time::Interval settling_window(const Job& job);

/// What a job that has ended came to on what the grid did: its real runs, at its mean power; the same running time run
/// through from its submission; and the best of its strategy with hindsight within the same window, where pauses cost
/// what they were planned with. Nothing where the series does not cover it, or a slot that matters is missing.
std::optional<Saved> settle(const Job& job, const series::Series& actual);

}  // namespace ebb::queue
