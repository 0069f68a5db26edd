#include "forecast/frame.h"

#include <fmt/format.h>

#include "time/text.h"

namespace ebb::forecast {

base::Expected<Frame> make_frame(time::Instant begin, time::Duration step, time::Duration horizon) {
  constexpr time::Duration kHour = std::chrono::hours(1);
  constexpr time::Duration kDay = std::chrono::hours(24);
  constexpr time::Duration kFinest = std::chrono::minutes(1);
  const bool fine = step >= kFinest && step <= kHour && kHour % step == time::Duration(0);
  const bool coarse = step > kHour && step <= kDay && kDay % step == time::Duration(0);
  if (!fine && !coarse) {
    return base::usage_error(
        fmt::format("a step of {} cannot be forecast: a step divides the hour, or the day and is a minute at least; "
                    "resample the series first",
                    time::text_of(step)));
  }
  if (horizon <= time::Duration(0) || horizon > kLongestHorizon) {
    return base::usage_error(fmt::format("a horizon of {} is not above zero and at most {}", time::text_of(horizon),
                                         time::text_of(kLongestHorizon)));
  }
  Frame frame{begin, step};
  frame.horizon = static_cast<std::size_t>((horizon + step - time::Duration(1)) / step);
  frame.per_block = fine ? static_cast<std::size_t>(kHour / step) : 1;
  frame.per_day = static_cast<std::size_t>(kDay / step);
  frame.lead_blocks = (frame.horizon + frame.per_block - 1) / frame.per_block;
  return frame;
}

}  // namespace ebb::forecast
