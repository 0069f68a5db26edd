#include "study/starts.h"

#include <algorithm>

#include "time/calendar.h"

namespace ebb::study {
namespace {

/// Days 1, 7, 13, 19 and 25 of each month that the series covers, at an hour of UTC: the first edge at or after it.
std::vector<std::uint32_t> monthly_edges(const series::Series& series, std::size_t edges, int hour) {
  std::vector<std::uint32_t> slots;
  const auto first = time::civil_time(series.begin());
  const auto last = time::civil_time(series.end());
  for (int month = first.year * 12 + static_cast<int>(first.month) - 1;
       month <= last.year * 12 + static_cast<int>(last.month) - 1; ++month) {
    for (unsigned day = 1; day <= 25; day += 6) {
      const auto at = time::midnight(month / 12, static_cast<unsigned>(month % 12 + 1), day) + std::chrono::hours(hour);
      if (at < series.begin()) continue;
      const auto slot =
          static_cast<std::size_t>((at - series.begin() + series.step() - time::Duration(1)) / series.step());
      if (slot < edges) slots.push_back(static_cast<std::uint32_t>(slot));
    }
  }
  return slots;
}

}  // namespace

ChosenStarts choose_starts(const Starts& starts, const series::Series& series, const plan::SweepSeries& prepared,
                           const plan::SweepJob& job) {
  const std::size_t edges = plan::count_starts(prepared, job);
  ChosenStarts chosen;
  const auto take = [&](std::size_t slot) {
    if (prepared.any_missing(slot, job.window)) {
      ++chosen.skipped;
    } else {
      chosen.slots.push_back(static_cast<std::uint32_t>(slot));
    }
  };
  if (starts.kind == Starts::Kind::kMonthly5) {
    for (const auto slot : monthly_edges(series, edges, starts.hour)) take(slot);
    return chosen;
  }
  for (std::size_t slot = 0; slot < edges; ++slot) take(slot);
  if (starts.kind == Starts::Kind::kCount && chosen.slots.size() > starts.count) {
    std::vector<std::uint32_t> spaced;
    for (std::size_t i = 0; i < starts.count; ++i)
      spaced.push_back(chosen.slots[i * chosen.slots.size() / starts.count]);
    chosen.slots = std::move(spaced);
  }
  return chosen;
}

}  // namespace ebb::study
