#include "formats/electricity_maps_api.h"

#include <gtest/gtest.h>

#include "formats/read.h"
#include "formats/test_expect.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

std::string item(const std::string& hour, const std::string& value, const std::string& more = "") {
  return R"({"zone":"DE","carbonIntensity":)" + value + R"(,"datetime":"2024-03-06T)" + hour +
         R"(:00:00.000Z","updatedAt":"x")" +
         R"(,"emissionFactorType":"lifecycle","isEstimated":false,"estimationMethod":null)" + more + "}";
}

TEST(ElectricityMapsApi, history_and_past_range_are_one_hourly_series) {
  for (const auto* key : {"history", "data"}) {
    const auto read = parse_electricity_maps(R"({"zone":"DE",")" + std::string(key) + R"(":[)" + item("19", "689") +
                                             "," + item("20", "null") + "," + item("22", "0") + "]}");
    ASSERT_TRUE(read.ok()) << read.error().message;
    const auto& series = read->series.front().series;
    EXPECT_EQ(series.zone(), "DE");
    EXPECT_EQ(series.signal(), series::kAverageLifecycle);
    EXPECT_EQ(series.step(), std::chrono::hours(1));
    ASSERT_EQ(series.size(), 4U);
    EXPECT_TRUE(series::is_missing(series[1]) && series::is_missing(series[2]));
    EXPECT_EQ(series[3], 0.0);
    EXPECT_EQ(read->series.front().counts.zeros, 1U);
  }
}

TEST(ElectricityMapsApi, latest_is_a_series_of_one_slot) {
  const auto read = parse_electricity_maps(item("19", "322", R"(,"temporalGranularity":"5_minutes")"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->series.front().series.size(), 1U);
  EXPECT_EQ(read->series.front().series.step(), std::chrono::minutes(5));
  const auto hourly = parse_electricity_maps(item("19", "322"));
  ASSERT_TRUE(hourly.ok());
  EXPECT_EQ(hourly->series.front().series.step(), std::chrono::hours(1));
}

TEST(ElectricityMapsApi, a_forecast_is_issued_when_it_was_updated) {
  const std::string body = R"({"zone":"DE","forecast":[{"carbonIntensity":302,"datetime":"2024-03-06T19:00:00.000Z"},
    {"carbonIntensity":300,"datetime":"2024-03-06T20:00:00.000Z"}],"updatedAt":"2024-03-06T18:10:00.000Z"})";
  const auto read = parse_electricity_maps(body);
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->forecasts.size(), 1U);
  EXPECT_EQ(time::text_of(*read->forecasts.front().issued), "2024-03-06T18:10:00Z");
  EXPECT_EQ(read->forecasts.front().values.series.signal(), series::kAverageLifecycle);
  Options options;
  options.signal = series::Signal{series::SignalKind::kAverage, series::SignalScope::kDirect};
  const auto direct = parse_electricity_maps(body, "body", options);
  ASSERT_TRUE(direct.ok());
  EXPECT_EQ(direct->forecasts.front().values.series.signal(), *options.signal);
}

TEST(ElectricityMapsApi, estimated_values_count_as_modelled) {
  std::string second = item("20", "5");
  second.replace(second.find("false"), 5, "true");
  const auto read = parse_electricity_maps(R"({"zone":"DE","history":[)" + item("19", "689") + "," + second + "]}");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->series.front().series.provenance().quality, (series::DataQuality{0.5, 0.5, 0.0}));
}

TEST(ElectricityMapsApi, mixed_scopes_foreign_zones_and_errors_are_refused) {
  std::string direct = item("20", "5");
  direct.replace(direct.find("lifecycle"), 9, "direct");
  expect_refused(parse_electricity_maps(R"({"zone":"DE","history":[)" + item("19", "1") + "," + direct + "]}"),
                 "history[1]: lifecycle and direct");
  std::string foreign = item("20", "5");
  foreign.replace(foreign.find("DE"), 2, "FR");
  expect_refused(parse_electricity_maps(R"({"zone":"DE","history":[)" + item("19", "1") + "," + foreign + "]}"),
                 "history[1]: it is of zone \"FR\"");
  expect_refused(parse_electricity_maps(R"({"message":"Token unauthorized for zoneKey","status":"error"})"),
                 "Token unauthorized");
  expect_refused(parse_electricity_maps(R"({"zone":"DE","history":[]})"), "no values", base::ErrorKind::kNoData);
  expect_refused(parse_electricity_maps(R"({"zone":"DE"})"), "no list");
  expect_refused(parse_electricity_maps(R"({"zone":"DE","data":[],"temporalGranularity":"monthly"})"), "no fixed step");
  expect_refused(parse_electricity_maps(R"({"zone":"DE","history":[{"datetime":"2024-03-06T19:00:00Z"}]})"),
                 "history[0]: it has no carbonIntensity");
}

constexpr std::string_view kOldHeader =
    "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO\xe2\x82\x82"
    "eq/kWh (direct),Carbon Intensity gCO\xe2\x82\x82"
    "eq/kWh (LCA),Low Carbon Percentage,Renewable Percentage,Data Source,Data Estimated,Data Estimation Method\r\n";
constexpr std::string_view kNewHeader =
    "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO\xe2\x82\x82"
    "eq/kWh (direct),Carbon intensity gCO\xe2\x82\x82"
    "eq/kWh (Life cycle),Carbon-free energy percentage (CFE%),Renewable energy percentage (RE%),Data source,"
    "Data estimated,Data estimation method\n";
constexpr std::string_view kRows =
    "2024-01-01 00:00:00,USA,\"Duke, Progress East\",US-CAR-CPLE,230.43,286.46,58.57,2.83,eia.gov,false,\r\n"
    "2024-01-01 01:00:00,USA,\"Duke, Progress East\",US-CAR-CPLE,,280,58.57,2.83,eia.gov,true,TIME_SLICER\r\n";

TEST(ElectricityMapsPortal, both_headers_give_a_direct_and_a_lifecycle_series) {
  for (const auto header : {kOldHeader, kNewHeader}) {
    const auto read = read_text(std::string(header) + std::string(kRows), "US-CAR-CPLE_2024_hourly.csv");
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->format, "electricity-maps-portal");
    ASSERT_EQ(read->series.size(), 2U);
    EXPECT_EQ(read->series[0].series.signal().scope, series::SignalScope::kDirect);
    EXPECT_TRUE(series::is_missing(read->series[0].series[1]));
    EXPECT_EQ(read->series[1].series.signal(), series::kAverageLifecycle);
    EXPECT_EQ(read->series[1].series[1], 280.0);
    EXPECT_EQ(read->series[1].series.provenance().quality.modelled, 0.5);
    EXPECT_EQ(read->series[1].licence, "ODbL 1.0");
  }
}

TEST(ElectricityMapsPortal, the_signal_chooses_one_of_its_two_and_a_marginal_one_is_refused) {
  const std::string text = std::string(kNewHeader) + std::string(kRows);
  Options options;
  options.signal = series::kAverageLifecycle;
  const auto read = read_text(text, "f.csv", options);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->series.size(), 1U);
  options.signal = series::kMarginalDirect;
  expect_refused(read_text(text, "f.csv", options), "--signal says marginal direct");
  options.signal.reset();
  options.zones = {"US-CAR-CPLX"};
  expect_refused(read_text(text, "f.csv", options), "nearest are US-CAR-CPLE", base::ErrorKind::kNoData);
}

TEST(ElectricityMapsPortal, rows_out_of_order_are_refused_with_their_line) {
  const std::string text = std::string(kNewHeader) + std::string(kRows);
  expect_refused(read_text(text + std::string(kRows).substr(0, kRows.find('\n') + 1), "f.csv"),
                 "f.csv:4: the time 2024-01-01T00:00:00Z comes after");
}

}  // namespace
}  // namespace ebb::formats
