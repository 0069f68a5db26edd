#include "grid/series_part.h"

#include <algorithm>

namespace ebb::grid {

std::optional<series::Series> part_of(const series::Series& series, time::Interval when, time::Duration after) {
  if (when.begin < series.begin() || when.end > series.end()) return std::nullopt;
  if (series::is_missing(series.mean_over(when))) return std::nullopt;
  const auto first = series.slot_at(when.begin);
  if (!first) return std::nullopt;
  auto end = when.end + after;
  const auto over = (end - series.begin()) % series.step();
  if (over.count() > 0) end += series.step() - over;
  return series.slice(series.time_of(*first), std::min(end, series.end()));
}

}  // namespace ebb::grid
