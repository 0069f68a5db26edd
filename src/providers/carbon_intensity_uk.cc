#include "providers/carbon_intensity_uk.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "http/url.h"
#include "providers/bodies.h"
#include "time/text.h"

namespace ebb::providers {
namespace {

constexpr int kRegions = 17;
constexpr time::Duration kHalfHour = std::chrono::minutes(30);

/// "2018-01-20T12:00Z": the API's minutes.
std::string minute_text(time::Instant at) { return time::text_of(at).substr(0, 16) + "Z"; }

std::vector<std::string> zone_names() {
  std::vector<std::string> names{"GB"};
  for (int region = 1; region <= kRegions; ++region) names.push_back(fmt::format("GB-{}", region));
  return names;
}

/// Where a zone's values are: its folder and what follows the times.
struct Place {
  std::string folder;
  std::string tail;
};
base::Expected<Place> place_of(const std::string& zone) {
  const auto names = zone_names();
  const auto found = std::find(names.begin(), names.end(), zone);
  if (found == names.end()) {
    return base::no_data(
        fmt::format("the Carbon Intensity API does not know zone {}: GB is the country, "
                    "GB-1 to GB-{} "
                    "are its regions (`ebb grid fetch --provider uk --list-zones`)",
                    base::in_quotes(zone), kRegions));
  }
  if (zone == "GB") return Place{"/intensity/", ""};
  return Place{"/regional/intensity/", "/regionid/" + zone.substr(3)};
}

}  // namespace

const Facts& CarbonIntensityUk::static_facts() {
  static const Facts facts{"uk",
                           "The Carbon Intensity API",
                           "CC BY 4.0",
                           {},
                           "",
                           {{series::SignalKind::kAverage, series::SignalScope::kDirect}},
                           std::chrono::days(14),
                           std::chrono::hours(6),
                           std::chrono::hours(48)};
  return facts;
}

CarbonIntensityUk::CarbonIntensityUk(http::Patient& http, const time::Clock& clock, std::string base)
    : http_(http), clock_(clock), base_(std::move(base)) {}

base::Expected<std::string> CarbonIntensityUk::ask(const std::string& path, const std::string& zone) {
  http::Request request;
  request.url = base_ + path;
  request.headers = {{"Accept", "application/json"}};
  auto answer = http_.get(request);
  return body_of(request, std::move(answer), http_.attempts(),
                 {facts().title, facts().name, zone, "it needs no account: something between refuses"});
}

base::Expected<Reading> CarbonIntensityUk::history(const Question& question) {
  EBB_TRY(const auto place, place_of(question.zone));
  // A minute late: exactly at an edge the half hour before it comes too.
  const auto from = minute_text(question.when.begin + std::chrono::minutes(1));
  EBB_TRY(const auto body,
          ask(fmt::format("{}{}/{}{}", place.folder, from, minute_text(question.when.end), place.tail), question.zone));
  return uk_past(body, question.zone, question.signal);
}

base::Expected<Reading> CarbonIntensityUk::latest(const std::string& zone, const series::Signal& signal) {
  const auto now = std::chrono::floor<std::chrono::hours>(clock_.now());
  return history({zone, signal, {now - facts().latest_reach, now + std::chrono::hours(1)}});
}

base::Expected<Reading> CarbonIntensityUk::forecast(const std::string& zone, const series::Signal& signal,
                                                    time::Duration horizon) {
  EBB_TRY_DO(check_horizon(facts(), horizon));
  EBB_TRY(const auto place, place_of(zone));
  const auto now = clock_.now();
  const char* length = horizon <= std::chrono::hours(24) ? "fw24h" : "fw48h";
  EBB_TRY(const auto body, ask(fmt::format("{}{}/{}{}", place.folder, minute_text(now), length, place.tail), zone));
  EBB_TRY(auto reading, uk_forecast(body, zone, signal));
  for (auto& series : reading.series) series = series.slice(now - kHalfHour, series.end());
  return reading;
}

base::Expected<std::vector<std::string>> CarbonIntensityUk::zones() { return zone_names(); }

}  // namespace ebb::providers
