#pragma once

#include <optional>
#include <string>

#include "base/expected.h"
#include "grid/catalogue.h"
#include "policy/decide.h"
#include "series/signal.h"
#include "time/instant.h"

namespace ebb::outlook {

struct Wish {
  std::string zone;                          ///< a grid zone or a cloud region
  std::optional<series::SignalKind> kind{};  ///< nothing: marginal where the store has it, else average
  time::Duration horizon = std::chrono::hours(48);
  time::Duration stale = std::chrono::hours(6);  ///< an older forecast of a provider is not used
};

/// What ebb foresees of a zone at `now`, from the best that is on this machine; no network.
///
/// 1. A provider's forecast as issued (`ebb grid fetch --forecast`), not older than `stale`; where it ends before the
///    horizon, ours goes on behind it if both have one step.
/// 2. ebb's own forecast (forecast/) from the store's history, where that ends within a week before `now`.
/// 3. The typical year laid on these days: modelled, and said so; without quantiles.
/// Nothing where there is none of these. `past`: the last 30 days of the history of 1 and 2.
/// kNoData: an unknown zone, with the nearest names; the store's errors where it cannot be read.
/// 1 and 3 take milliseconds, 2 about half a second of CPU.
base::Expected<std::optional<policy::Outlook>> look_ahead(grid::Catalogue& catalogue, const Wish& wish,
                                                          time::Instant now);

/// What was measured over a time, of the signal that look_ahead() foresees there; nothing where the store does not hold
/// all of it.
base::Expected<std::optional<series::Series>> look_back(grid::Catalogue& catalogue, const Wish& wish,
                                                        time::Interval when);

}  // namespace ebb::outlook
