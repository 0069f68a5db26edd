#include "providers/bodies.h"

#include <fmt/format.h>

#include "base/text.h"
#include "formats/eia930.h"
#include "formats/electricity_maps_api.h"
#include "formats/neso.h"
#include "formats/watttime.h"

namespace ebb::providers {
namespace {

constexpr const char* kUk = "The Carbon Intensity API";

/// What an answer must be about.
struct Asked {
  const char* title;
  const std::string& zone;
  const series::Signal& signal;
};

/// An answer about something else is refused whole: a provider that falls back
/// to another zone does so silently.
base::Status check(const series::Series& series, const Asked& asked) {
  const auto other = [&](std::string_view what, const std::string& wanted, const std::string& got) {
    return base::bad_data(fmt::format("{} was asked for {} {} and answers with {}; nothing of it is kept", asked.title,
                                      what, base::in_quotes(wanted), base::in_quotes(got)));
  };
  if (series.zone() != asked.zone) return other("zone", asked.zone, series.zone());
  if (series.signal() != asked.signal) {
    return other("signal", series::text_of(asked.signal), series::text_of(series.signal()));
  }
  return base::Done{};
}

/// An empty list is nothing, and no error: it is what services answer for a
/// time that they do not have.
base::Expected<Reading> reading_of(base::Expected<formats::Understood> understood, const Asked& asked) {
  Reading reading;
  if (!understood) {
    if (understood.error().kind == base::ErrorKind::kNoData) return reading;
    return base::bad_data(understood.error().message + "; nothing of it is kept");
  }
  reading.duplicates = understood->counts().duplicates;
  reading.warnings = understood->notes;
  for (const auto& one : understood->series) reading.series.push_back(one.series);
  for (const auto& one : understood->forecasts) {
    reading.series.push_back(one.values.series);
    if (one.issued) reading.issued = one.issued;
  }
  for (const auto& series : reading.series) EBB_TRY_DO(check(series, asked));
  return reading;
}

/// Answers of the past that carry the time of their making read like a
/// forecast: what was asked for decides.
base::Expected<Reading> as_past(base::Expected<Reading> reading) {
  if (!reading || !reading->issued) return reading;
  for (auto& series : reading->series) {
    auto provenance = series.provenance();
    provenance.quality = {};
    series = series.with(provenance);
  }
  reading->issued.reset();
  return reading;
}

}  // namespace

base::Expected<Reading> watttime_reading(std::string_view body, const std::string& zone, const series::Signal& signal) {
  return reading_of(formats::parse_watttime_v3(body, "WattTime's answer"), {"WattTime", zone, signal});
}

base::Expected<Reading> watttime_past(std::string_view body, const std::string& zone, const series::Signal& signal) {
  return as_past(watttime_reading(body, zone, signal));
}

base::Expected<Reading> electricity_maps_reading(std::string_view body, const std::string& zone,
                                                 const series::Signal& signal) {
  formats::Options options;
  options.signal = signal;
  return reading_of(formats::parse_electricity_maps(body, "Electricity Maps' answer", options),
                    {"Electricity Maps", zone, signal});
}

base::Expected<Reading> uk_past(std::string_view body, const std::string& zone, const series::Signal& signal) {
  auto understood = formats::parse_neso(body, "The Carbon Intensity API's answer");
  if (understood && zone == "GB") understood->forecasts.clear();
  EBB_TRY(auto reading, reading_of(std::move(understood), {kUk, zone, signal}));
  if (zone != "GB" && !reading.series.empty()) {
    reading.warnings.push_back(fmt::format("{}: a region has no measured values: these are the model's", zone));
  }
  return reading;
}

base::Expected<Reading> uk_forecast(std::string_view body, const std::string& zone, const series::Signal& signal) {
  auto understood = formats::parse_neso(body, "The Carbon Intensity API's answer");
  if (understood) understood->series.clear();
  return reading_of(std::move(understood), {kUk, zone, signal});
}

base::Expected<Reading> eia_reading(const std::vector<std::string>& pages, const std::string& zone,
                                    const series::Signal& signal) {
  formats::Options options;
  options.signal = signal;
  const std::vector<std::string_view> bodies(pages.begin(), pages.end());
  return reading_of(formats::parse_eia930(bodies, "EIA's answer", options), {"EIA", zone, signal});
}

}  // namespace ebb::providers
