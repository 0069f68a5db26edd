#include "cli/grid_show.h"
#include "time/text.h"

namespace ebb::cli {
namespace {

using report::Json;

Json json_of(const grid::CloudRegion& region) {
  return {{"name", region.full_name()},
          {"place", region.place},
          {"country", region.country},
          {"zone", region.zone},
          {"latitude", report::value_or_null(region.latitude)},
          {"longitude", report::value_or_null(region.longitude)},
          {"basis", region.basis}};
}

Json json_of(const Shifting& shifting) {
  const auto share = [&](double saved) { return shifting.baseline > 0.0 ? Json(saved / shifting.baseline) : Json(); };
  return {{"duration_seconds", time::in_seconds(shifting.duration)},
          {"slack_seconds", time::in_seconds(shifting.slack)},
          {"foresight", "perfect"},
          {"starts", shifting.starts},
          {"skipped_starts", shifting.skipped},
          {"baseline_g_per_kwh", shifting.baseline},
          {"flexible_start_saved_g_per_kwh", shifting.flexible_start},
          {"flexible_start_saved_fraction", share(shifting.flexible_start)},
          {"pause_resume_saved_g_per_kwh", shifting.pause_resume},
          {"pause_resume_saved_fraction", share(shifting.pause_resume)}};
}

Json months_of(const grid::Portrait& portrait) {
  Json months = Json::array();
  for (const auto& month : portrait.months) {
    months.push_back({{"year", month.year == 0 ? Json() : Json(month.year)},
                      {"month", month.month},
                      {"mean_g_per_kwh", month.mean},
                      {"mean_by_hour_g_per_kwh", month.means}});
  }
  return months;
}

Json gaps_of(const grid::Portrait& portrait) {
  Json gaps = Json::array();
  for (const auto& gap : portrait.gaps) {
    gaps.push_back(
        {{"begin", time::text_of(gap.when.begin)}, {"end", time::text_of(gap.when.end)}, {"slots", gap.slots}});
  }
  return gaps;
}

/// A time that stands beside a value which may not be known.
Json time_beside(double value, time::Instant at) {
  return series::is_missing(value) ? Json() : Json(time::text_of(at));
}

}  // namespace

Json zone_json(const ZoneView& view) {
  const auto& series = view.series;
  const auto& from = series.provenance();
  const auto& portrait = view.portrait;
  Json region = view.region ? json_of(*view.region) : Json();
  if (view.region) {
    region["pue"] = view.pue ? Json(view.pue->value) : Json();
    region["pue_source"] = view.pue ? Json(view.pue->source) : Json();
  }
  return {{"zone", view.zone},
          {"name", report::text_or_null(view.name)},
          {"region", std::move(region)},
          {"signal", report::json_of(series.signal())},
          {"source", report::text_or_null(from.source)},
          {"vintage", report::text_or_null(from.vintage)},
          {"data_quality", report::json_of(from.quality)},
          {"constant", view.constant},
          {"step_seconds", time::in_seconds(series.step())},
          {"begin", time::text_of(series.begin())},
          {"end", time::text_of(series.end())},
          {"slots", series.size()},
          {"missing", portrait.missing},
          {"gaps", gaps_of(portrait)},
          {"mean_g_per_kwh", portrait.mean},
          {"lowest_g_per_kwh", portrait.lowest},
          {"lowest_at", time_beside(portrait.lowest, portrait.lowest_at)},
          {"highest_g_per_kwh", portrait.highest},
          {"highest_at", time_beside(portrait.highest, portrait.highest_at)},
          {"daily_spread_g_per_kwh", portrait.daily_spread},
          {"whole_days", portrait.whole_days},
          {"months", months_of(portrait)},
          {"shifting", view.shifting && !view.constant ? json_of(*view.shifting) : Json()}};
}

Json near_json(double latitude, double longitude, const std::vector<grid::NearRegion>& near) {
  Json regions = Json::array();
  for (const auto& [region, kilometres] : near) {
    auto entry = json_of(region);
    entry["kilometres"] = kilometres;
    regions.push_back(std::move(entry));
  }
  return {{"latitude", latitude},
          {"longitude", longitude},
          {"basis", "the nearest known places; their grid may be another one"},
          {"regions", std::move(regions)}};
}

}  // namespace ebb::cli
