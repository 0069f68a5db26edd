#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "cli/common.h"
#include "cli/grid_show.h"
#include "grid/annual.h"
#include "hardware/pue.h"
#include "time/calendar.h"

namespace ebb::cli {
namespace {

constexpr auto kDuration = std::chrono::hours(6);
constexpr auto kSlack = std::chrono::hours(24);
constexpr std::size_t kNearest = 5;

struct Found {
  series::Series series;
  bool constant = false;
};

/// The series of a zone; where there is none, its newest yearly mean.
base::Expected<Found> find_series(grid::Catalogue& catalogue, const std::string& zone,
                                  std::optional<series::SignalKind> kind) {
  auto series = catalogue.find(zone, kind);
  if (series.ok()) return Found{*std::move(series), false};
  if (series.error().kind != base::ErrorKind::kNoData || kind == series::SignalKind::kMarginal) return series.error();
  const auto years = grid::annual_intensities(zone);
  if (years.empty()) return series.error();
  const int year = years.back().year;
  return Found{grid::constant_series(years.back(), {time::midnight(year, 1, 1), time::midnight(year + 1, 1, 1)}), true};
}

PueView pue_of(const grid::CloudRegion& region) {
  if (region.pue) return {*region.pue, region.pue_source + ", of this site"};
  auto pue = hardware::find_pue(region.provider);
  if (!pue.ok()) pue = hardware::find_pue("unknown");
  return {pue->value, fmt::format("{}, {}, mean of the provider's sites", pue->name, pue->vintage)};
}

base::Expected<series::Series> cut(const series::Series& series, const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto from, time_option(arguments, "--from", context.clock));
  EBB_TRY(const auto to, time_option(arguments, "--to", context.clock));
  if (!from && !to) return series;
  auto part = series.slice(from.value_or(series.begin()), to.value_or(series.end()));
  if (part.size() > 0) return part;
  return base::no_data(fmt::format("the series of {} has no whole slot between --from and --to", series.zone()));
}

base::Expected<int> show_zone(const std::string& name, const Arguments& arguments, const Context& context) {
  auto catalogue = open_catalogue(arguments, context);
  EBB_TRY(const auto kind, signal_option(arguments));
  EBB_TRY(const auto place, catalogue.place_of(name));
  EBB_TRY(auto found, find_series(catalogue, place.zone, kind));
  EBB_TRY(auto series, cut(found.series, arguments, context));
  const auto annual = grid::annual_intensities(place.zone);
  ZoneView view{place.zone, annual.empty() ? "" : annual.back().name, {}, {}, std::move(series), found.constant, {},
                {}};
  if (!place.region.empty()) {
    view.region = grid::find_cloud_region(place.region);
    view.pue = pue_of(*view.region);
  }
  view.portrait = grid::portrait_of(view.series);
  if (!view.constant) view.shifting = shifting_of(view.series, kDuration, kSlack);
  context.out(arguments.has("--json") ? report::dump(zone_json(view), 1) + "\n"
                                      : zone_text(view, wants_colour(arguments, context)));
  return 0;
}

base::Expected<int> show_near(const std::string& text, const Arguments& arguments, const Context& context) {
  const auto parts = base::split(text, ',');
  const auto latitude = base::parse_number(base::trimmed(parts.front()));
  const auto longitude = parts.size() == 2 ? base::parse_number(base::trimmed(parts.back())) : std::nullopt;
  if (!latitude || !longitude || std::fabs(*latitude) > 90.0 || std::fabs(*longitude) > 180.0) {
    return base::usage_error(
        fmt::format("--at: {} is no place: write latitude and longitude in degrees like 52.52,13.40 (south and west "
                    "negative)",
                    base::in_quotes(text)));
  }
  const auto near = grid::nearest_regions(*latitude, *longitude, kNearest);
  context.out(arguments.has("--json") ? report::dump(near_json(*latitude, *longitude, near), 1) + "\n"
                                      : near_text(*latitude, *longitude, near));
  return 0;
}

base::Expected<int> run_show(const Arguments& arguments, const Context& context) {
  const auto name = arguments.get("ZONE");
  const auto at = arguments.get("--at");
  if (name.has_value() == at.has_value()) {
    return base::usage_error("name a zone or cloud region (`ebb grid show FR`), or a place (--at LAT,LON)");
  }
  return at ? show_near(*at, arguments, context) : show_zone(*name, arguments, context);
}

}  // namespace

const Command& grid_show_command() {
  static const Command command{
      "grid show",
      "what a zone's series looks like, and what shifting work there can save",
      "Draws a zone's intensity by month and hour of day, with its gaps, mean, range and daily spread, and says what "
      "shifting six hours of work within a day can save at most: grams first, so that it is seen where it is "
      "pointless. "
      "Takes a zone (FR, US-CAL-CISO) or a cloud region (azure:westus), whose zone, coordinates and PUE it shows.",
      {{"ZONE", "", "a grid zone or a cloud region", false, true},
       {"--at", "LAT,LON", "instead of a zone: the cloud regions nearest to a place, and their zones"},
       {"--from", "T", "only from this time on"},
       {"--to", "T", "only until this time"},
       option_rows::kSignal,
       option_rows::kGridData},
      {"ebb grid show FR", "ebb grid show azure:westus --json", "ebb grid show --at 52.52,13.40"},
      run_show,
      false};
  return command;
}

}  // namespace ebb::cli
