#include "providers/electricity_maps.h"

#include <array>
#include <nlohmann/json.hpp>

#include "http/url.h"
#include "providers/bodies.h"
#include "time/text.h"

namespace ebb::providers {
namespace {

constexpr series::Signal kAverageDirect{series::SignalKind::kAverage, series::SignalScope::kDirect};
constexpr std::array kHorizons{6, 24, 48, 72};

}  // namespace

const Facts& ElectricityMaps::static_facts() {
  static const Facts facts{"electricity-maps",
                           "Electricity Maps",
                           "Electricity Maps terms of service",
                           {"ELECTRICITYMAPS_TOKEN"},
                           "https://portal.electricitymaps.com",
                           {series::kAverageLifecycle, kAverageDirect},
                           std::chrono::days(10),
                           std::chrono::hours(24),
                           std::chrono::hours(72)};
  return facts;
}

ElectricityMaps::ElectricityMaps(http::Patient& http, const time::Clock& clock, std::string base, Secret token)
    : http_(http), clock_(clock), base_(std::move(base)), token_(std::move(token)) {}

Advice ElectricityMaps::advice(const std::string& zone) {
  return {"Electricity Maps", "electricity-maps", zone,
          "ELECTRICITYMAPS_TOKEN is wrong or does not reach that zone (`ebb "
          "grid fetch --provider electricity-maps "
          "--list-zones` lists those that it reaches)"};
}

base::Expected<std::string> ElectricityMaps::ask(const std::string& path, Pairs pairs, const std::string& zone,
                                                 const series::Signal* signal) {
  if (!zone.empty()) {
    pairs.insert(pairs.begin(), {"zone", zone});
    pairs.emplace_back("shouldUseFallbackCallerLookup", "false");
  }
  if (signal != nullptr) {
    pairs.emplace_back("emissionFactorType", signal->scope == series::SignalScope::kDirect ? "direct" : "lifecycle");
    pairs.emplace_back("temporalGranularity", "hourly");
  }
  http::Request request;
  request.url = http::with_query(base_ + path, pairs);
  request.headers = {{"auth-token", token_.reveal()}, {"Accept", "application/json"}};
  request.secrets = {token_.reveal()};
  auto answer = http_.get(request);
  return body_of(request, std::move(answer), http_.attempts(), advice(zone));
}

base::Expected<Reading> ElectricityMaps::history(const Question& question) {
  EBB_TRY(const auto body,
          ask("/carbon-intensity/past-range",
              {{"start", time::text_of(question.when.begin)}, {"end", time::text_of(question.when.end)}}, question.zone,
              &question.signal));
  return scrubbed(electricity_maps_reading(body, question.zone, question.signal), {token_.reveal()});
}

base::Expected<Reading> ElectricityMaps::latest(const std::string& zone, const series::Signal& signal) {
  EBB_TRY(const auto body, ask("/carbon-intensity/latest", {}, zone, &signal));
  return scrubbed(electricity_maps_reading(body, zone, signal), {token_.reveal()});
}

base::Expected<Reading> ElectricityMaps::forecast(const std::string& zone, const series::Signal& signal,
                                                  time::Duration horizon) {
  EBB_TRY_DO(check_horizon(facts(), horizon));
  int hours = kHorizons.back();
  for (auto longer = kHorizons.rbegin(); longer != kHorizons.rend(); ++longer) {
    if (std::chrono::hours(*longer) >= horizon) hours = *longer;
  }
  EBB_TRY(const auto body, ask("/carbon-intensity/forecast", {{"horizonHours", std::to_string(hours)}}, zone, &signal));
  return scrubbed(electricity_maps_reading(body, zone, signal), {token_.reveal()});
}

base::Expected<std::vector<std::string>> ElectricityMaps::zones() {
  EBB_TRY(const auto body, ask("/zones", {}, "", nullptr));
  EBB_TRY(const auto document, json_of(body, advice("")));
  std::vector<std::string> names;
  if (document.is_object()) {
    for (const auto& [name, what] : document.items()) names.push_back(name);
  }
  if (names.empty()) return base::bad_data("Electricity Maps answers no list of zones");
  return names;
}

}  // namespace ebb::providers
