#include "series/resample.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "time/text.h"

namespace ebb::series {
namespace {

Series finer(const Series& series, time::Duration step, std::size_t factor) {
  std::vector<double> values;
  values.reserve(series.size() * factor);
  for (const double value : series.values()) values.insert(values.end(), factor, value);
  return {series.provenance(), series.begin(), step, std::move(values)};
}

Series coarser(const Series& series, time::Duration step, std::size_t factor) {
  // Slots on the clock (12:00, 12:15) where the old edges allow it.
  const std::int64_t phase = ((series.begin().time_since_epoch() % step) + step).count() % step.count();
  const bool on_clock = phase % series.step().count() == 0;
  const std::size_t skipped =
      on_clock && phase != 0 ? static_cast<std::size_t>((step.count() - phase) / series.step().count()) : 0;
  std::vector<double> values;
  for (std::size_t slot = skipped; slot + factor <= series.size(); slot += factor) {
    double sum = 0.0;
    for (std::size_t i = 0; i < factor; ++i) sum += series[slot + i];
    values.push_back(sum / static_cast<double>(factor));
  }
  return {series.provenance(), series.time_of(skipped), step, std::move(values)};
}

}  // namespace

base::Expected<Series> resample(const Series& series, time::Duration step) {
  if (step == series.step()) return series;
  if (step.count() > 0 && series.step() % step == time::Duration(0)) {
    return finer(series, step, static_cast<std::size_t>(series.step() / step));
  }
  if (step.count() > 0 && step % series.step() == time::Duration(0)) {
    return coarser(series, step, static_cast<std::size_t>(step / series.step()));
  }
  return base::usage_error(fmt::format("cannot resample a step of {} to {}: one must be a whole multiple of the other",
                                       time::text_of(series.step()), time::text_of(step)));
}

}  // namespace ebb::series
