#pragma once

#include <cstdint>
#include <vector>

#include "plan/sweep.h"
#include "series/series.h"
#include "study/study.h"

namespace ebb::study {

/// The slots at whose edges a job starts, in order, and how many were left out for a missing slot in their window.
struct ChosenStarts {
  std::vector<std::uint32_t> slots;
  std::size_t skipped = 0;
};

ChosenStarts choose_starts(const Starts& starts, const series::Series& series, const plan::SweepSeries& prepared,
                           const plan::SweepJob& job);

}  // namespace ebb::study
