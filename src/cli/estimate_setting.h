#pragma once

#include <optional>
#include <string>

#include "base/expected.h"
#include "cli/command.h"
#include "grid/covering.h"
#include "time/instant.h"

/// When and where an estimated job runs.
namespace ebb::cli {

/// When and for how long.
struct When {
  time::Duration length{0};
  std::optional<time::Instant> start;
  int year = 0;  ///< that the figures are for

  /// From the start; without one from the begin of the year.
  [[nodiscard]] time::Interval interval() const;
};

/// --hours or --duration, and --start. kUsage: none, both, no length above 0, more than 366 days from one start.
base::Expected<When> when_of(const Arguments& arguments, const Context& context);

/// --region or --zone, else $EBB_ZONE; without any of them a place without a zone. kNoData for an unknown one.
base::Expected<grid::Place> place_of(const Arguments& arguments, const Context& context);

/// A PUE with the range of what is published.
struct PueRange {
  double low = 1.0;
  double value = 1.0;
  double high = 1.0;
  std::string source;
};

/// --pue; else that of the region's site; else of the region's or the instance's `provider`; else none: the boundary
/// ends at the equipment. kUsage where the region is of another provider than the instance.
base::Expected<PueRange> pue_of(const Arguments& arguments, const grid::Place& place, const std::string& provider);

}  // namespace ebb::cli
