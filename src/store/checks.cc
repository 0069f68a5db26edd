#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "store/store_parts.h"
#include "time/calendar.h"

namespace ebb::store {

using base::Done;
using base::Status;

Status check_moment(std::string_view what, time::Instant moment) {
  if (moment >= time::midnight(1900, 1, 1) && moment < time::midnight(2151, 1, 1)) return Done{};
  return base::usage_error(fmt::format("{} is outside of the years 1900 to 2150", what));
}

Status check_origin(const Origin& origin) {
  EBB_TRY_DO(check_text("licence", origin.licence));
  EBB_TRY_DO(check_text("location", origin.location));
  return check_moment("the time of retrieval", origin.retrieved_at);
}

Status check_series(const series::Series& series) {
  EBB_TRY_DO(check_key(key_of(series)));
  EBB_TRY_DO(check_moment(fmt::format("the begin of the series of {}", series.zone()), series.begin()));
  EBB_TRY_DO(check_moment(fmt::format("the end of the series of {}", series.zone()), series.end() - series.step()));
  const auto values = series.values();
  if (std::any_of(values.begin(), values.end(), [](double value) { return std::isinf(value); })) {
    return base::usage_error(fmt::format("the series of {} holds an infinite value", series.zone()));
  }
  return Done{};
}

}  // namespace ebb::store
