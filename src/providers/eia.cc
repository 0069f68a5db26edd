#include "providers/eia.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "http/url.h"
#include "providers/bodies.h"
#include "time/text.h"

namespace ebb::providers {
namespace {

constexpr std::size_t kRowsOfPage = 5000;
constexpr std::size_t kMostPages = 20;
const char* const kData = "/v2/electricity/rto/fuel-type-data/data/";

/// "2022-10-31T11": EIA's hours.
std::string hour_text(time::Instant at) { return time::text_of(at).substr(0, 13); }

Advice advice_of(const std::string& zone) {
  return {"EIA", "eia", zone,
          "EIA_API_KEY is not accepted: "
          "https://www.eia.gov/opendata/register.php gives one"};
}

/// How many rows there are in all: a number, or a number in a text.
base::Expected<std::size_t> total_of(const nlohmann::json& response) {
  const auto total = response.find("total");
  if (total != response.end() && total->is_number_unsigned()) return total->get<std::size_t>();
  if (total != response.end() && total->is_string()) {
    const auto text = total->get<std::string>();
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error == std::errc{} && end == text.data() + text.size() && !text.empty()) return count;
  }
  return base::bad_data(
      "EIA answers without the number of rows "
      "(response.total); nothing of it is kept");
}

/// What a page says of itself.
struct Page {
  std::size_t rows = 0;
  std::size_t total = 0;
};
base::Expected<Page> page_of(const nlohmann::json& document) {
  const auto response = document.is_object() ? document.find("response") : document.end();
  if (!document.is_object() || response == document.end() || !response->is_object() || !response->contains("data") ||
      !(*response)["data"].is_array()) {
    return base::bad_data("EIA answers without rows (response.data); nothing of it is kept");
  }
  EBB_TRY(const auto total, total_of(*response));
  return Page{(*response)["data"].size(), total};
}

}  // namespace

const Facts& Eia::static_facts() {
  static const Facts facts{"eia",
                           "EIA",
                           "public domain (U.S. EIA)",
                           {"EIA_API_KEY"},
                           "https://www.eia.gov/opendata/register.php",
                           {{series::SignalKind::kAverage, series::SignalScope::kDirect}, series::kAverageLifecycle},
                           std::chrono::days(14),
                           std::chrono::days(3),
                           time::Duration{0}};
  return facts;
}

Eia::Eia(http::Patient& http, const time::Clock& clock, std::string base, Secret key)
    : http_(http), clock_(clock), base_(std::move(base)), key_(std::move(key)) {}

base::Expected<std::string> Eia::ask(const std::string& path, Pairs pairs, const std::string& zone) {
  pairs.emplace_back("api_key", key_.reveal());
  http::Request request;
  request.url = http::with_query(base_ + path, pairs);
  request.secrets = {key_.reveal()};
  auto answer = http_.get(request);
  return body_of(request, std::move(answer), http_.attempts(), advice_of(zone));
}

base::Expected<Reading> Eia::history(const Question& question) {
  // Hours are named by their ends: [00:00, 02:00) is asked for as 01 to 02.
  const auto hour = std::chrono::hours(1);
  std::vector<std::string> pages;
  std::size_t got = 0;
  while (pages.size() < kMostPages) {
    EBB_TRY(auto body, ask(kData,
                           {{"frequency", "hourly"},
                            {"data[0]", "value"},
                            {"facets[respondent][]", question.zone},
                            {"start", hour_text(question.when.begin + hour)},
                            {"end", hour_text(question.when.end)},
                            {"sort[0][column]", "period"},
                            {"sort[0][direction]", "asc"},
                            {"sort[1][column]", "fueltype"},
                            {"sort[1][direction]", "asc"},
                            {"offset", std::to_string(got)},
                            {"length", std::to_string(kRowsOfPage)}},
                           question.zone));
    EBB_TRY(const auto document, json_of(body, advice_of(question.zone)));
    EBB_TRY(const auto page, page_of(document));
    got += page.rows;
    pages.push_back(std::move(body));
    if (got >= page.total) return scrubbed(eia_reading(pages, question.zone, question.signal), {key_.reveal()});
    if (page.rows == 0) {
      return base::bad_data(
          fmt::format("EIA says that there are {} rows and gives {}; nothing of them is kept", page.total, got));
    }
  }
  return base::bad_data(
      fmt::format("EIA answers more than {} pages for one request; nothing of them is kept", kMostPages));
}

base::Expected<Reading> Eia::latest(const std::string& zone, const series::Signal& signal) {
  const auto now = std::chrono::floor<std::chrono::hours>(clock_.now());
  return history({zone, signal, {now - facts().latest_reach, now}});
}

base::Expected<Reading> Eia::forecast(const std::string&, const series::Signal&, time::Duration horizon) {
  EBB_TRY_DO(check_horizon(facts(), horizon));
  return Reading{};
}

base::Expected<std::vector<std::string>> Eia::zones() {
  EBB_TRY(const auto body, ask("/v2/electricity/rto/fuel-type-data/facet/respondent/", {}, ""));
  EBB_TRY(const auto document, json_of(body, advice_of("")));
  std::vector<std::string> names;
  const auto response = document.is_object() ? document.value("response", nlohmann::json()) : nlohmann::json();
  const auto facets = response.is_object() ? response.value("facets", nlohmann::json::array()) : nlohmann::json();
  for (const auto& facet : facets) {
    if (facet.is_object() && facet.contains("id") && facet["id"].is_string()) names.push_back(facet["id"]);
  }
  if (names.empty()) return base::bad_data("EIA answers no list of balancing authorities");
  return names;
}

}  // namespace ebb::providers
