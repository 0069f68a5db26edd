#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/imported.h"
#include "formats/issued_forecasts.h"
#include "series/series.h"

namespace ebb::formats {

/// One series that was read.
struct ReadSeries {
  series::Series series;  ///< g/kWh
  Counts counts;
  std::string unit;       ///< as found: "lb/MWh"
  std::string time_zone;  ///< of the times as found: "UTC", "Europe/Berlin"
  std::string licence;    ///< that the format's documentation or the user states; empty: not known
  std::shared_ptr<const IssuedForecasts> issued;  ///< forecast columns beside the values; null where there are none
};

/// One forecast that was read.
struct Forecast {
  std::optional<time::Instant> issued;  ///< nothing: the file does not say when it was issued
  ReadSeries values;
};

/// What files were understood as. Two signals, zones, sources or vintages are never in one series.
struct Understood {
  std::string format;  ///< a name of formats()
  std::vector<ReadSeries> series;
  std::vector<Forecast> forecasts;
  std::vector<std::string> notes;  ///< what the user should know, sentences

  /// Over all series and forecasts.
  [[nodiscard]] Counts counts() const;
};

}  // namespace ebb::formats
