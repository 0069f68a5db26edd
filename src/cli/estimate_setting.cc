#include "cli/estimate_setting.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/common.h"
#include "grid/cloud_region.h"
#include "hardware/pue.h"
#include "time/calendar.h"

namespace ebb::cli {
namespace {

constexpr auto kLongestDated = std::chrono::hours(24 * 366);  // a job with a start is kept by slots of 5 minutes

/// `--hours 6`, `--hours 1h30m`, `--duration 6h`.
base::Expected<time::Duration> length_of(const Arguments& arguments) {
  if (arguments.has("--hours") && arguments.has("--duration")) {
    return base::usage_error("--hours and --duration say the same: leave one out");
  }
  EBB_TRY(auto length, duration_option(arguments, "--duration"));
  if (const auto text = arguments.get("--hours")) {
    if (const auto number = base::parse_number(*text); number && *number >= 0.0 && *number <= 876000.0) {
      length = time::from_seconds(*number * 3600.0);
    } else {
      EBB_TRY(length, duration_option(arguments, "--hours"));
    }
  }
  if (!length || *length <= time::Duration{0}) {
    return base::usage_error("say how long the job runs, above 0: --hours 6, or --duration 1h30m");
  }
  return *length;
}

base::Expected<PueRange> provider_pue(const std::string& provider) {
  EBB_TRY(const auto pue, hardware::find_pue(provider));
  return PueRange{pue.low, pue.value, pue.high, fmt::format("{}, {}", pue.name, pue.vintage)};
}

}  // namespace

time::Interval When::interval() const {
  const auto begin = start.value_or(time::midnight(year, 1, 1));
  return {begin, begin + length};
}

base::Expected<When> when_of(const Arguments& arguments, const Context& context) {
  When when;
  EBB_TRY(when.length, length_of(arguments));
  EBB_TRY(when.start, time_option(arguments, "--start", context.clock));
  if (when.start && when.length > kLongestDated) {
    return base::usage_error("--start: a job of more than 366 days has no one start: leave it out");
  }
  when.year = time::civil_time(when.start.value_or(context.clock.now())).year;
  return when;
}

base::Expected<grid::Place> place_of(const Arguments& arguments, const Context& context) {
  if (arguments.has("--region") && arguments.has("--zone")) {
    return base::usage_error("--region and --zone say the same: leave one out");
  }
  auto name = arguments.get("--region");
  if (!name) name = arguments.get("--zone");
  if (!name) name = context.environment("EBB_ZONE");
  if (!name || name->empty()) return grid::Place{};
  return grid::find_place(*name);
}

base::Expected<PueRange> pue_of(const Arguments& arguments, const grid::Place& place, const std::string& provider) {
  if (const auto text = arguments.get("--pue")) {
    if (const auto number = base::parse_number(*text)) {
      if (*number < 1.0 || *number > 10.0) return base::usage_error("--pue: a PUE lies between 1 and 10");
      return PueRange{*number, *number, *number, "given"};
    }
    auto pue = provider_pue(*text);
    if (!pue) return in_option(pue.error(), "--pue");
    return pue;
  }
  const auto region = grid::find_cloud_region(place.region);
  if (region && !provider.empty() && region->provider != provider) {
    return base::usage_error(fmt::format("the instance is sold by {}, {} is a region of {}", provider,
                                         region->full_name(), region->provider));
  }
  if (!region && provider.empty()) return PueRange{1.0, 1.0, 1.0, "none given: the boundary ends at the equipment"};
  EBB_TRY(auto pue, provider_pue(region ? region->provider : provider));
  if (region && region->pue) {
    pue.value = *region->pue;
    pue.low = std::min(pue.low, pue.value);
    pue.high = std::max(pue.high, pue.value);
    pue.source = "the site's, " + region->pue_source;
  }
  return pue;
}

}  // namespace ebb::cli
