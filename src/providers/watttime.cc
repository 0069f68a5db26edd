#include "providers/watttime.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "http/url.h"
#include "providers/bodies.h"
#include "time/text.h"

namespace ebb::providers {
namespace {

constexpr series::Signal kAverageDirect{series::SignalKind::kAverage, series::SignalScope::kDirect};
constexpr time::Duration kTokenHolds = std::chrono::minutes(28);
constexpr time::Duration kSmallestStep = std::chrono::minutes(5);
constexpr std::size_t kLongestToken = 8192;

std::string signal_type(const series::Signal& signal) {
  return signal == series::kMarginalDirect ? "co2_moer" : "co2_aoer";
}

bool is_token(const std::string& text) {
  return !text.empty() && text.size() <= kLongestToken &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace

const Facts& WattTime::static_facts() {
  static const Facts facts{"watttime",
                           "WattTime",
                           "WattTime terms of service",
                           {"WATTTIME_USER", "WATTTIME_PASSWORD"},
                           "https://docs.watttime.org (POST /register)",
                           {series::kMarginalDirect, kAverageDirect},
                           std::chrono::days(30),
                           std::chrono::hours(2),
                           std::chrono::hours(72)};
  return facts;
}

WattTime::WattTime(http::Patient& http, const time::Clock& clock, std::string base, Secret user, Secret password)
    : http_(http), clock_(clock), base_(std::move(base)), user_(std::move(user)), password_(std::move(password)) {}

Advice WattTime::advice(const std::string& zone) const {
  return {"WattTime", "watttime", zone,
          "the account does not reach that: a free one has CAISO_NORTH only, "
          "marginal (`ebb grid fetch --provider "
          "watttime --list-zones` lists what yours has)"};
}

std::vector<std::string> WattTime::secrets() const {
  return {token_ ? token_->reveal() : "", password_.reveal(), http::base64(user_.reveal() + ":" + password_.reveal())};
}

base::Status WattTime::log_in() {
  http::Request request;
  request.url = base_ + "/login";
  const auto basic = http::base64(user_.reveal() + ":" + password_.reveal());
  request.headers = {{"Authorization", "Basic " + basic}};
  request.secrets = secrets();
  auto answer = http_.get(request);
  Advice wrong = advice("");
  wrong.refused = "WATTTIME_USER and WATTTIME_PASSWORD are not those of an account";
  EBB_TRY(const auto body, body_of(request, std::move(answer), http_.attempts(), wrong));
  EBB_TRY(const auto document, json_of(body, wrong));
  const auto token = document.is_object() ? document.find("token") : document.end();
  if (!document.is_object() || token == document.end() || !token->is_string() || !is_token(token->get<std::string>())) {
    return base::bad_data("WattTime answers the login without a token; nothing was fetched");
  }
  token_ = Secret(token->get<std::string>());
  token_since_ = clock_.steady();
  return base::Done{};
}

base::Expected<std::string> WattTime::ask(const std::string& path, const Pairs& pairs, const std::string& zone) {
  for (bool again = false;; again = true) {
    if (!token_ || clock_.steady() - token_since_ > kTokenHolds) EBB_TRY_DO(log_in());
    http::Request request;
    request.url = http::with_query(base_ + path, pairs);
    request.headers = {{"Authorization", "Bearer " + token_->reveal()}, {"Accept", "application/json"}};
    request.secrets = secrets();
    auto answer = http_.get(request);
    const bool refused = answer.is_whole() && (answer.status == 401 || answer.status == 403);
    if (!refused || again) return body_of(request, std::move(answer), http_.attempts(), advice(zone));
    token_.reset();
  }
}

base::Expected<Reading> WattTime::history(const Question& question) {
  EBB_TRY(const auto body, ask("/v3/historical",
                               {{"region", question.zone},
                                {"signal_type", signal_type(question.signal)},
                                {"start", time::text_of(question.when.begin)},
                                {"end", time::text_of(question.when.end - kSmallestStep)}},
                               question.zone));
  return scrubbed(watttime_past(body, question.zone, question.signal), secrets());
}

base::Expected<Reading> WattTime::latest(const std::string& zone, const series::Signal& signal) {
  const auto now = std::chrono::floor<std::chrono::minutes>(clock_.now());
  return history({zone, signal, {now - facts().latest_reach, now + kSmallestStep}});
}

base::Expected<Reading> WattTime::forecast(const std::string& zone, const series::Signal& signal,
                                           time::Duration horizon) {
  EBB_TRY_DO(check_horizon(facts(), horizon));
  const auto hours = std::chrono::ceil<std::chrono::hours>(horizon).count();
  EBB_TRY(
      const auto body,
      ask("/v3/forecast",
          {{"region", zone}, {"signal_type", signal_type(signal)}, {"horizon_hours", std::to_string(hours)}}, zone));
  return scrubbed(watttime_reading(body, zone, signal), secrets());
}

base::Expected<std::vector<std::string>> WattTime::zones() {
  EBB_TRY(const auto body, ask("/v3/my-access", {}, ""));
  EBB_TRY(const auto document, json_of(body, advice("")));
  std::set<std::string> names;
  const auto types = document.is_object() ? document.value("signal_types", nlohmann::json::array()) : document;
  for (const auto& type : types) {
    if (!type.is_object() || !type.contains("signal_type") || !type.contains("regions")) continue;
    const auto& kind = type["signal_type"];
    if (kind != "co2_moer" && kind != "co2_aoer") continue;
    for (const auto& region : type["regions"]) {
      if (!region.is_object() || !region.contains("region") || !region["region"].is_string()) continue;
      names.insert(
          fmt::format("{} ({})", region["region"].get<std::string>(), kind == "co2_moer" ? "marginal" : "average"));
    }
  }
  if (names.empty()) return base::bad_data("WattTime answers no list of regions");
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace ebb::providers
