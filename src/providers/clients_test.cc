// The providers' clients on a client that answers what it is told: addresses, tokens, pages, refusals.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/fake_client.h"
#include "providers/carbon_intensity_uk.h"
#include "providers/eia.h"
#include "providers/electricity_maps.h"
#include "providers/watttime.h"
#include "time/text.h"

namespace ebb::providers {
namespace {

using http::answer_of;
using nlohmann::json;

time::Instant at(const char* text) { return *time::parse_instant(text); }
const time::Interval kHour{at("2024-01-01T00:00:00Z"), at("2024-01-01T01:00:00Z")};
constexpr series::Signal kAverageDirect{series::SignalKind::kAverage, series::SignalScope::kDirect};

const char* const kWattTimeBody =
    R"({"data":[{"point_time":"2024-01-01T00:00:00+00:00","value":1000},{"point_time":"2024-01-01T00:05:00+00:00",
    "value":null}],"meta":{"data_point_period_seconds":300,"region":"PJM_DC","signal_type":"co2_moer",
    "units":"lbs_co2_per_mwh","model":{"date":"2023-03-01"}}})";

class ClientsTest : public testing::Test {
 protected:
  time::FakeClock clock{at("2024-02-01T00:00:00Z")};
  http::FakeWaiter waiter{clock};
  http::FakeClient client;
  http::Patient patient{client, waiter, clock, {}};
  WattTime watttime{patient, clock, "https://api.watttime.org", Secret("me"), Secret("hunter2")};
  ElectricityMaps emaps{patient, clock, "https://api.electricitymaps.com/v3", Secret("token-of-mine")};
  CarbonIntensityUk uk{patient, clock, "https://api.carbonintensity.org.uk"};
  Eia eia{patient, clock, "https://api.eia.gov", Secret("key/of mine")};

  static std::string login(const char* token) { return json{{"token", token}}.dump(); }
  base::Expected<Reading> ask_watttime() { return watttime.history({"PJM_DC", series::kMarginalDirect, kHour}); }
  std::vector<std::string> paths() {
    std::vector<std::string> all;
    for (const auto& request : client.requests) all.push_back(request.url);
    return all;
  }
};

TEST_F(ClientsTest, WattTimeLogsInOnceAndEndsItsWindowAStepEarly) {
  client.then(200, login("t1"));
  client.then(200, kWattTimeBody);
  client.then(200, kWattTimeBody);
  const auto reading = ask_watttime();
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  ASSERT_TRUE(ask_watttime().ok());
  ASSERT_EQ(client.requests.size(), 3U);
  EXPECT_EQ(client.requests[0].url, "https://api.watttime.org/login");
  EXPECT_EQ(client.requests[0].headers[0].value, "Basic bWU6aHVudGVyMg==");
  EXPECT_EQ(client.requests[1].url,
            "https://api.watttime.org/v3/historical?region=PJM_DC&signal_type=co2_moer&start=2024-01-01T00%3A00%3A00Z&"
            "end=2024-01-01T00%3A55%3A00Z");
  EXPECT_EQ(client.requests[1].headers[0].value, "Bearer t1");
}

TEST_F(ClientsTest, WattTimeUnitsComeFromTheAnswerAndNullIsMissing) {
  client.then(200, login("t1"));
  client.then(200, kWattTimeBody);
  const auto reading = ask_watttime();
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  ASSERT_EQ(reading->series.size(), 1U);
  EXPECT_DOUBLE_EQ(reading->series[0][0], 453.59237);
  EXPECT_TRUE(series::is_missing(reading->series[0][1]));
  EXPECT_EQ(reading->series[0].provenance().vintage, "2023-03-01");
}

TEST_F(ClientsTest, WattTimeTakesANewTokenOnceOn401AndOn403WhateverThatSays) {
  for (const int status : {401, 403}) {
    client.requests.clear();
    client.then(200, login("old"));
    client.then(200, kWattTimeBody);
    if (status == 401) {
      client.then(status, R"({"error":"Token has expired"})");
    } else {
      client.requests.clear();
      clock.advance(std::chrono::hours(1));
      client.then(status, "<html>nginx</html>", {{"Content-Type", "text/html"}});
    }
    client.then(200, login("new"));
    client.then(200, kWattTimeBody);
    ASSERT_TRUE(ask_watttime().ok());
    const auto reading = ask_watttime();
    ASSERT_TRUE(reading.ok()) << reading.error().message;
    EXPECT_EQ(client.requests.back().headers[0].value, "Bearer new");
    EXPECT_EQ(client.requests.size(), 5U);
  }
}

TEST_F(ClientsTest, WattTimeGivesUpAfterTheSecondRefusal) {
  client.otherwise = [](const http::Request& request) {
    return request.url.ends_with("/login") ? answer_of(200, login("t"))
                                           : answer_of(403, R"({"error":"Invalid scope"})");
  };
  const auto reading = ask_watttime();
  ASSERT_FALSE(reading.ok());
  EXPECT_EQ(reading.error().kind, base::ErrorKind::kService);
  EXPECT_NE(reading.error().message.find("Invalid scope"), std::string::npos) << reading.error().message;
  EXPECT_EQ(client.requests.size(), 4U);  // two logins, two questions
}

TEST_F(ClientsTest, WattTimeTakesANewTokenBeforeTheOldOneEnds) {
  client.then(200, login("t1"));
  client.then(200, kWattTimeBody);
  client.then(200, login("t2"));
  client.then(200, kWattTimeBody);
  ASSERT_TRUE(ask_watttime().ok());
  clock.advance(std::chrono::minutes(29));
  ASSERT_TRUE(ask_watttime().ok());
  EXPECT_EQ(client.requests.back().headers[0].value, "Bearer t2");
}

TEST_F(ClientsTest, ALoginThatFailsNamesTheVariablesAndNoSecret) {
  client.then(401, R"({"error":"wrong: hunter2 bWU6aHVudGVyMg=="})");
  const auto reading = ask_watttime();
  ASSERT_FALSE(reading.ok());
  EXPECT_NE(reading.error().message.find("WATTTIME_PASSWORD"), std::string::npos);
  EXPECT_EQ(reading.error().message.find("hunter2"), std::string::npos) << reading.error().message;
  EXPECT_EQ(reading.error().message.find("bWU6"), std::string::npos) << reading.error().message;
}

TEST_F(ClientsTest, ATokenThatWouldBreakAHeaderIsNoToken) {
  for (const char* body : {R"({"token":"a\r\nEvil: 1"})", R"({"token":""})", R"({"token":7})", "{}", "[]", "no"}) {
    client.then(200, body);
    const auto reading = ask_watttime();
    ASSERT_FALSE(reading.ok()) << body;
    EXPECT_EQ(reading.error().kind, base::ErrorKind::kBadData) << body;
  }
}

TEST_F(ClientsTest, AForecastIsAskedInWholeHoursAndKeepsItsIssue) {
  client.then(200, login("t1"));
  auto body = json::parse(kWattTimeBody);
  body["meta"]["generated_at"] = "2024-01-01T00:00:00+00:00";
  client.then(200, body.dump());
  const auto reading = watttime.forecast("PJM_DC", series::kMarginalDirect, std::chrono::minutes(90));
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  EXPECT_EQ(reading->issued, at("2024-01-01T00:00:00Z"));
  EXPECT_NE(paths().back().find("horizon_hours=2"), std::string::npos);
  EXPECT_EQ(watttime.forecast("PJM_DC", series::kMarginalDirect, std::chrono::hours(73)).error().kind,
            base::ErrorKind::kUsage);
}

TEST_F(ClientsTest, ElectricityMapsIsNeverAskedWithTheFallbackToTheCallersZone) {
  client.otherwise = [](const http::Request&) {
    return answer_of(200, R"({"zone":"DE","data":[{"zone":"DE","carbonIntensity":322,
      "datetime":"2024-01-01T00:00:00.000Z","emissionFactorType":"direct","isEstimated":false}]})");
  };
  ASSERT_TRUE(emaps.history({"DE", kAverageDirect, kHour}).ok());
  ASSERT_TRUE(emaps.latest("DE", kAverageDirect).ok());
  for (const auto& path : paths()) {
    EXPECT_NE(path.find("shouldUseFallbackCallerLookup=false"), std::string::npos) << path;
    EXPECT_NE(path.find("emissionFactorType=direct"), std::string::npos) << path;
  }
  EXPECT_EQ(client.requests[0].headers[0].value, "token-of-mine");
}

TEST_F(ClientsTest, AnAnswerAboutAnotherZoneIsRefusedWhole) {
  client.otherwise = [](const http::Request&) {
    return answer_of(200, R"({"zone":"DE","data":[{"zone":"DE","carbonIntensity":322,
      "datetime":"2024-01-01T00:00:00.000Z","emissionFactorType":"lifecycle"}]})");
  };
  const auto reading = emaps.history({"XX", series::kAverageLifecycle, kHour});
  ASSERT_FALSE(reading.ok());
  EXPECT_EQ(reading.error().kind, base::ErrorKind::kBadData);
  EXPECT_NE(reading.error().message.find("\"XX\""), std::string::npos) << reading.error().message;
  EXPECT_NE(reading.error().message.find("\"DE\""), std::string::npos) << reading.error().message;
}

TEST_F(ClientsTest, ElectricityMapsForecastsAreAskedInTheLengthsThatItHas) {
  client.otherwise = [](const http::Request&) { return answer_of(404, R"({"message":"Zone 'X' does not exist"})"); };
  for (const auto& [hours, asked] : {std::pair{1, "=6"}, {6, "=6"}, {7, "=24"}, {25, "=48"}, {72, "=72"}}) {
    EXPECT_EQ(emaps.forecast("X", series::kAverageLifecycle, std::chrono::hours(hours)).error().kind,
              base::ErrorKind::kNoData);
    EXPECT_NE(paths().back().find(std::string("horizonHours") + asked), std::string::npos) << paths().back();
  }
}

TEST_F(ClientsTest, TheUkIsAskedAMinuteLateSoThatTheHalfHourBeforeDoesNotCome) {
  client.then(200, R"({"data":[{"from":"2024-01-01T00:00Z","to":"2024-01-01T00:30Z",
    "intensity":{"forecast":266,"actual":263,"index":"moderate"}}]})");
  const auto reading = uk.history({"GB", kAverageDirect, kHour});
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  EXPECT_EQ(paths()[0], "https://api.carbonintensity.org.uk/intensity/2024-01-01T00:01Z/2024-01-01T01:00Z");
  ASSERT_EQ(reading->series.size(), 1U);
  EXPECT_EQ(reading->series[0][0], 263);
}

TEST_F(ClientsTest, ARegionOfTheUkIsTheModelsValueAndSaysSo) {
  client.then(200, R"({"data":{"regionid":11,"shortname":"South West England","data":[{"from":"2024-01-01T00:00Z",
    "to":"2024-01-01T00:30Z","intensity":{"forecast":0,"index":"very low"}}]}})");
  const auto reading = uk.history({"GB-11", kAverageDirect, kHour});
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  EXPECT_NE(paths()[0].find("/regional/intensity/2024-01-01T00:01Z/2024-01-01T01:00Z/regionid/11"), std::string::npos);
  ASSERT_EQ(reading->series.size(), 1U);
  EXPECT_EQ(reading->series[0][0], 0) << "a zero is a value";
  EXPECT_EQ(reading->series[0].provenance().quality.measured, 0.0);
}

TEST_F(ClientsTest, TheUkAnswersNothingForADayThatItDoesNotHave) {
  client.then(200, "{}");
  const auto reading = uk.history({"GB", kAverageDirect, kHour});
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  EXPECT_TRUE(reading->series.empty());
}

TEST_F(ClientsTest, AnUnknownZoneOfTheUkIsRefusedWithoutAsking) {
  EXPECT_EQ(uk.history({"GB-18", kAverageDirect, kHour}).error().kind, base::ErrorKind::kNoData);
  EXPECT_TRUE(client.requests.empty());
}

json eia_page(std::size_t total, std::vector<json> rows) {
  return {{"response", {{"total", std::to_string(total)}, {"frequency", "hourly"}, {"data", std::move(rows)}}}};
}
json eia_row(const char* fuel, json value) {
  return {{"period", "2024-01-01T01"},
          {"respondent", "CISO"},
          {"fueltype", fuel},
          {"value", std::move(value)},
          {"value-units", "megawatthours"}};
}

TEST_F(ClientsTest, EiaPagesAreJoinedBeforeTheyAreRead) {
  client.then(200, eia_page(2, {eia_row("NG", "100")}).dump());
  client.then(200, eia_page(2, {eia_row("NUC", 100)}).dump());
  const auto reading = eia.history({"CISO", kAverageDirect, kHour});
  ASSERT_TRUE(reading.ok()) << reading.error().message;
  ASSERT_EQ(reading->series.size(), 1U);
  ASSERT_EQ(reading->series[0].size(), 1U) << "the row of 01 is the hour from 00 to 01";
  EXPECT_EQ(reading->series[0].begin(), kHour.begin);
  client.then(200, eia_page(1, {eia_row("NG", "100")}).dump());
  const auto gas_only = eia.history({"CISO", kAverageDirect, kHour});
  EXPECT_NEAR(reading->series[0][0], gas_only->series[0][0] / 2, 1e-9) << "half gas, half nuclear";
  EXPECT_NE(paths()[0].find("start=2024-01-01T01&end=2024-01-01T01"), std::string::npos) << paths()[0];
  EXPECT_NE(paths()[1].find("offset=1&"), std::string::npos) << paths()[1];
}

TEST_F(ClientsTest, EiaPagesThatNeverEndEnd) {
  client.otherwise = [](const http::Request&) { return answer_of(200, eia_page(1000000, {eia_row("NG", 1)}).dump()); };
  EXPECT_EQ(eia.history({"CISO", kAverageDirect, kHour}).error().kind, base::ErrorKind::kBadData);
  EXPECT_LE(client.requests.size(), 20U);
  client.otherwise = [](const http::Request&) { return answer_of(200, eia_page(5, {}).dump()); };
  EXPECT_EQ(eia.history({"CISO", kAverageDirect, kHour}).error().kind, base::ErrorKind::kBadData);
}

TEST_F(ClientsTest, TheKeyOfEiaIsInNoMessage) {
  const std::vector<http::Answer> answers{
      answer_of(403, R"({"error":{"code":"API_KEY_INVALID","message":"key/of mine is invalid: key%2Fof%20mine"}})"),
      answer_of(200, R"({"error":"key/of mine"})"),
      answer_of(
          200,
          R"({"response":{"total":1,"data":[{"period":"2024-01-01T01","respondent":"CISO","fueltype":"key/of mine"}]}})"),
      answer_of(400, "GET /v2?api_key=key%2Fof%20mine"),
      answer_of(200, "<html>key/of mine"),
      answer_of(500, "key/of mine"),
      http::not_sent(http::Fault::kTooLarge, "answers with more than 64 MiB")};
  for (const auto& answer : answers) {
    client.otherwise = [&](const http::Request&) { return answer; };
    const auto reading = eia.history({"CISO", kAverageDirect, kHour});
    ASSERT_FALSE(reading.ok());
    EXPECT_EQ(reading.error().message.find("key/of"), std::string::npos) << reading.error().message;
    EXPECT_EQ(reading.error().message.find("key%2F"), std::string::npos) << reading.error().message;
  }
}

TEST_F(ClientsTest, WithoutANetworkTheMessageSaysSoAndThatTheSameCommandGoesOn) {
  client.otherwise = [](const http::Request&) {
    return http::not_sent(http::Fault::kUnreachable, "cannot be reached: its name is not known here");
  };
  const auto reading = uk.history({"GB", kAverageDirect, kHour});
  ASSERT_FALSE(reading.ok());
  EXPECT_EQ(reading.error().kind, base::ErrorKind::kService);
  EXPECT_EQ(
      reading.error().message,
      "The Carbon Intensity API: api.carbonintensity.org.uk cannot be reached: its name is not known here after 5 "
      "attempts; what came before is kept: run the same command again with a network to go on");
}

}  // namespace
}  // namespace ebb::providers
