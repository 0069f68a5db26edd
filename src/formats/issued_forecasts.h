#pragma once

#include <cstddef>
#include <vector>

#include "time/instant.h"

namespace ebb::formats {

/// Forecasts as they were published: for each slot of a series, the values foreseen for the next `horizon` slots.
struct IssuedForecasts {
  time::Instant begin;
  time::Duration step{1};
  std::size_t horizon = 0;
  std::vector<float> values;  ///< row-major, g/kWh; NaN where none was issued

  [[nodiscard]] std::size_t rows() const { return horizon == 0 ? 0 : values.size() / horizon; }
  /// Forecast issued at the begin of slot `row` for the slot `ahead` (1..horizon) steps later.
  [[nodiscard]] float at(std::size_t row, std::size_t ahead) const { return values[row * horizon + ahead - 1]; }
};

}  // namespace ebb::formats
