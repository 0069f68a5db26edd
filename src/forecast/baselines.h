#pragma once

#include <memory>

#include "forecast/frame.h"
#include "forecast/point.h"

namespace ebb::forecast {

/// What a forecast must beat. Where a value is missing the repeating ones take the period before, four at most.

/// The same hour of the newest day known.
std::unique_ptr<Point> make_yesterday(const Frame& frame);
/// The same hour a week before.
std::unique_ptr<Point> make_last_week(const Frame& frame);
/// Mean of the same slot of the day over what was seen of the target's month (UTC), in any year; where that is less
/// than 7 days: over the last 28 days.
std::unique_ptr<Point> make_month_climatology(const Frame& frame);
/// A plain ridge regression of every slot ahead on the 72 last hourly means, refitted every day on all that was seen;
/// one penalty (10 pairs), no calendar. Missing until 14 days are known. A missing slot counts as the same one the day
/// before; a pair of which more than a quarter is missing is left out.
std::unique_ptr<Point> make_plain_ridge(const Frame& frame);

}  // namespace ebb::forecast
