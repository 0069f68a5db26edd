#include "grid/covering.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "grid/annual.h"
#include "grid/catalogue.h"
#include "grid/cloud_region.h"
#include "grid/covering_error.h"
#include "grid/series_part.h"
#include "grid/slots.h"
#include "grid/typical_year.h"
#include "hardware/names.h"
#include "time/calendar.h"
#include "time/text.h"

namespace ebb::grid {
namespace {

constexpr std::string_view kMarginalZone = "SGIP_CAISO_PGE";
constexpr std::string_view kMarginalGrid = "US-CAL-CISO";
// Years of the real data that a folder may hold: the files are not opened for any other.
constexpr int kRealAverageYear = 2022;
constexpr int kRealMarginalYear = 2020;

bool within_year(time::Interval when, int year) {
  return when.begin >= time::midnight(year, 1, 1) && when.end <= time::midnight(year + 1, 1, 1);
}

int year_of(time::Interval when) { return time::civil_time(when.begin + when.length() / 2).year; }

series::Series scaled(const series::Series& series, double factor, series::Provenance provenance) {
  std::vector<double> values(series.values().begin(), series.values().end());
  for (auto& value : values) value *= factor;
  return {std::move(provenance), series.begin(), series.step(), std::move(values)};
}

/// What the published figures of a year say of each other, as factors.
Factors range_of(const AnnualIntensity& annual) {
  if (units::in_grams_per_kwh(annual.value) <= 0.0) return {1.0, 1.0};
  return {units::as_number(annual.low / annual.value), units::as_number(annual.high / annual.value)};
}

Factors level_factors(const AnnualIntensity& annual, int year) {
  return combined(range_of(annual), year_drift_factors(year - annual.year));
}

void cover_average_with_model(Cover& cover, time::Interval when, time::Duration after) {
  const int year = year_of(when);
  const auto annual = annual_intensity(cover.zone, year);
  if (!annual) return;
  const time::Interval wide{when.begin, when.end + after};
  const auto typical = typical_year(cover.zone, wide);
  if (typical && typical->signal() == annual->signal) {
    auto provenance = typical->provenance();
    provenance.source = fmt::format("{}, at the level of {}", provenance.source, annual->year);
    provenance.vintage = fmt::format("typical-year 2022 at the level of {}", annual->year);
    const auto mean = typical_mean(cover.zone, annual->year);
    cover.average = scaled(*typical, units::as_number(annual->value / *mean), std::move(provenance));
    cover.average_factors = combined(typical_year_factors(cover.zone, when.length()), level_factors(*annual, year));
  } else {
    cover.average = constant_series(*annual, wide);
    cover.average_factors = combined(annual_mean_factors(cover.zone, when.length()), level_factors(*annual, year));
  }
}

/// The mean of California's typical marginal year at every hour of `when`.
series::Series mean_marginal(time::Interval when) {
  const auto typical = typical_marginal_year();
  constexpr auto kStep = std::chrono::hours(1);
  const auto [begin, count] = slots_over(when, kStep);
  auto provenance = typical.provenance();
  provenance.source = "mean of the " + provenance.source;
  return {std::move(provenance), begin, kStep, std::vector<double>(count, typical.mean())};
}

/// What is to be said of a series that is not all measured.
std::string doubt_of(const series::Series& series, const std::string& zone) {
  const auto& from = series.provenance();
  const auto subject = fmt::format("the {} intensity of {}", series::text_of(series.signal()), zone);
  if (from.quality.modelled == 1.0) return fmt::format("{} is modelled, not measured: {}", subject, from.source);
  return fmt::format("{} rests to {:.0f}% on modelled or filled values: {}", subject,
                     100.0 * (from.quality.modelled + from.quality.filled), from.source);
}

void warn(Cover& cover) {
  for (const auto* series : {&cover.average, &cover.marginal}) {
    if (!*series || (*series)->provenance().quality.measured == 1.0) continue;
    cover.warnings.push_back(doubt_of(**series, cover.zone));
  }
  // Factors are those of the typical year.
  if (cover.marginal && cover.marginal_factors) {
    cover.warnings.emplace_back(
        "the marginal intensity stands at its level of 2020: how far that has moved since is not in its interval");
  }
  for (const auto& [series, name, book] : {std::tuple(&cover.average, "average", "attributional"),
                                           std::tuple(&cover.marginal, "marginal", "consequential")}) {
    if (series->has_value()) continue;
    cover.warnings.push_back(
        fmt::format("no {} intensity of {} is known for that time: the {} book is empty (--series FILE fills it)", name,
                    cover.zone, book));
  }
}

std::vector<std::string> every_name() {
  auto names = annual_zones();
  names.emplace_back(kMarginalZone);
  for (const auto& region : cloud_regions()) {
    names.push_back(region.full_name());
    names.push_back(region.region);
  }
  return names;
}

bool has_marginal(const std::string& zone) { return zone == kMarginalGrid; }

}  // namespace

base::Expected<Place> find_place(const std::string& text) {
  const std::string name(base::trimmed(text));
  if (name.find(':') == std::string::npos) {
    const auto annuals = annual_intensities(name);
    if (!annuals.empty()) return Place{annuals.front().zone, {}};
    if (hardware::lower_case(name) == hardware::lower_case(kMarginalZone)) return Place{std::string(kMarginalGrid), {}};
  }
  if (const auto region = find_cloud_region(name)) return Place{region->zone, region->full_name()};
  const auto near = base::nearest_names(name, every_name(), 3);
  return base::no_data(fmt::format(
      "unknown zone or cloud region {}; {}", base::in_quotes(name),
      near.empty() ? std::string("write a zone like FR or US-CAL-CISO, or a region like aws:us-east-1, azure:westus, "
                                 "gcp:us-west1")
                   : fmt::format("nearest are {}", fmt::join(near, ", "))));
}

Cover any_time(const Place& place, time::Duration length, int year) {
  Cover cover{place.zone, place.region, {}, {}, {}, {}, {}};
  const auto begin = time::midnight(year, 1, 1);
  const time::Interval when{begin, begin + std::max(length, time::Duration(std::chrono::hours(1)))};
  if (const auto annual = annual_intensity(cover.zone, year)) {
    cover.average = constant_series(*annual, when);
    cover.average_factors = combined(annual_mean_factors(cover.zone, length), level_factors(*annual, year));
  }
  if (has_marginal(cover.zone)) {
    cover.marginal = mean_marginal(when);
    cover.marginal_factors = annual_mean_factors(cover.zone, length, series::SignalKind::kMarginal);
  }
  warn(cover);
  return cover;
}

base::Expected<Place> Catalogue::place_of(const std::string& name) {
  auto place = find_place(name);
  if (place.ok()) return place;
  // A zone that only the store knows. A broken store says so with the series that is then missing.
  const std::string zone(base::trimmed(name));
  const auto entries = stored_.entries(zone);
  if (entries.ok() && !entries->empty()) return Place{entries->front().key.zone, {}};
  return place;
}

base::Expected<Cover> Catalogue::covering(const std::string& name, time::Interval when, time::Duration after) {
  EBB_TRY(const auto place, place_of(name));
  if (when.end <= when.begin) when.end = when.begin + std::chrono::seconds(1);
  Cover cover{place.zone, place.region, {}, {}, {}, {}, {}};
  cover_from_store(cover, when, after);
  if (!cover.average) EBB_TRY_DO(cover_average(cover, when, after));
  if (!cover.marginal && has_marginal(cover.zone)) EBB_TRY_DO(cover_marginal(cover, when, after));
  warn(cover);
  return cover;
}

void Catalogue::cover_from_store(Cover& cover, time::Interval when, time::Duration after) {
  const auto of_grid = [&](std::optional<series::Series> series) {
    if (!series) return series;
    auto provenance = series->provenance();
    provenance.zone = cover.zone;
    return std::optional(series->with(std::move(provenance)));
  };
  auto books = stored_.covering(cover.zone, when, after);
  if (books.ok()) {
    cover.average = of_grid(std::move(books->average));
    cover.marginal = of_grid(std::move(books->marginal));
    if (cover.marginal || !has_marginal(cover.zone)) return;
    books = stored_.covering(std::string(kMarginalZone), when, after);
    if (books.ok()) cover.marginal = of_grid(std::move(books->marginal));
  }
  // What is known without it is better than nothing: a run is never lost for it.
  if (!books.ok()) cover.warnings.push_back(fmt::format("the local store is left out: {}", books.error().message));
}

base::Status Catalogue::cover_average(Cover& cover, time::Interval when, time::Duration after) {
  if (has_real_data() && within_year(when, kRealAverageYear)) {
    EBB_TRY(const auto* known, hourly());
    for (const auto& series : *known) {
      if (series.zone() == cover.zone) cover.average = part_of(series, when, after);
    }
  }
  if (!cover.average) cover_average_with_model(cover, when, after);
  return base::Done{};
}

base::Status Catalogue::cover_marginal(Cover& cover, time::Interval when, time::Duration after) {
  if (has_real_data() && within_year(when, kRealMarginalYear) && !marginal_files().empty()) {
    EBB_TRY(const auto series, marginal_2020());
    if (const auto part = part_of(series, when, after)) {
      auto provenance = part->provenance();
      provenance.zone = cover.zone;
      cover.marginal = part->with(std::move(provenance));
      return base::Done{};
    }
  }
  cover.marginal = typical_marginal_year({when.begin, when.end + after});
  cover.marginal_factors = typical_year_factors(cover.zone, when.length(), series::SignalKind::kMarginal);
  return base::Done{};
}

}  // namespace ebb::grid
