#include "formats/watttime.h"

#include <gtest/gtest.h>

#include "formats/read.h"
#include "formats/test_expect.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

std::string body(const std::string& data, const std::string& meta = "") {
  return R"({"data":[)" + data +
         R"(],"meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH","signal_type":"co2_moer",)" +
         R"("model":{"date":"2023-03-01"},"units":"lbs_co2_per_mwh")" + meta + "}}";
}
const std::string kTwo = R"({"point_time":"2022-07-15T00:00:00+00:00","value":1000},
  {"point_time":"2022-07-15T00:05:00+00:00","value":null})";

TEST(WattTimeV3, zone_unit_step_signal_and_model_are_read_from_the_answer) {
  const auto read = parse_watttime_v3(body(kTwo, R"(,"warnings":[{"type":"W","message":"half of it"},"plain"])"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->series.size(), 1U);
  EXPECT_TRUE(read->forecasts.empty());
  const auto& series = read->series.front().series;
  EXPECT_EQ(series.zone(), "CAISO_NORTH");
  EXPECT_EQ(series.signal(), series::kMarginalDirect);
  EXPECT_EQ(series.provenance().vintage, "2023-03-01");
  EXPECT_EQ(series.step(), std::chrono::minutes(5));
  EXPECT_DOUBLE_EQ(series[0], 453.59237);
  EXPECT_TRUE(series::is_missing(series[1]));
  EXPECT_EQ(read->series.front().unit, "lbs_co2_per_mwh");
  EXPECT_EQ(read->notes, (std::vector<std::string>{"WattTime warns: half of it", "WattTime warns: plain"}));
}

TEST(WattTimeV3, an_answer_with_generated_at_is_a_forecast_as_issued) {
  const auto read = parse_watttime_v3(body(kTwo, R"(,"generated_at":"2022-07-15T00:00:00+00:00")"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read->series.empty());
  ASSERT_EQ(read->forecasts.size(), 1U);
  EXPECT_EQ(time::text_of(*read->forecasts.front().issued), "2022-07-15T00:00:00Z");
  EXPECT_EQ(read->forecasts.front().values.series.provenance().quality.modelled, 1.0);
}

TEST(WattTimeV3, historical_forecasts_are_one_each_issue) {
  const auto read = parse_watttime_v3(body(R"({"generated_at":"2022-07-15T00:00:00+00:00","forecast":[)" + kTwo + R"(]},
    {"generated_at":"2022-07-15T00:05:00+00:00","forecast":[{"point_time":"2022-07-15T00:05:00+00:00","value":870}]})"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->forecasts.size(), 2U);
  EXPECT_EQ(read->forecasts[1].values.series.size(), 1U);
  EXPECT_EQ(time::text_of(*read->forecasts[1].issued), "2022-07-15T00:05:00Z");
}

TEST(WattTimeV3, a_percentile_is_no_intensity) {
  expect_refused(parse_watttime_v3(R"({"data":[{"point_time":"2024-06-18T18:40:00+00:00","value":96.0}],"meta":{
    "data_point_period_seconds":300,"region":"PSCO","signal_type":"co2_moer","units":"percentile","warnings":[],
    "model":{"date":"2022-10-01"}}})"),
                 "percentiles");
}

TEST(WattTimeV3, a_gap_is_missing_and_imputed_points_are_counted) {
  const auto read =
      parse_watttime_v3(body(R"({"point_time":"2022-07-15T00:00:00+00:00","value":1,"imputed_data_used":true},
    {"point_time":"2022-07-15T00:10:00+00:00","value":2,"imputed_data_used":false})"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->series.front().series.size(), 3U);
  EXPECT_EQ(read->series.front().counts.missing, 1U);
  EXPECT_EQ(read->series.front().series.provenance().quality.filled, 0.5);
}

TEST(WattTimeV3, what_is_no_such_answer_is_refused) {
  expect_refused(parse_watttime_v3("<html>nginx</html>"), "HTML");
  expect_refused(parse_watttime_v3(R"({"error":"Invalid scope","message":"You do not"})"), "Invalid scope");
  expect_refused(parse_watttime_v3(R"({"data":[],"meta":{}})"), "meta.units is missing");
  expect_refused(parse_watttime_v3(body("")), "no values for that time", base::ErrorKind::kNoData);
  expect_refused(parse_watttime_v3(body(R"({"point_time":"2022-07-15T00:00:00","value":1})")), "data[0]: point_time");
  expect_refused(parse_watttime_v3(body(R"({"point_time":"2022-07-15T00:00:00Z","value":"much"})")),
                 "data[0]: the value");
  expect_refused(parse_watttime_v3(body(R"({"point_time":"2022-07-15T00:00:00Z","value":1,"version":"2022-01-01"})")),
                 "two models");
  expect_refused(parse_watttime_v3(body(kTwo + R"(,{"point_time":"2022-07-15T00:07:00Z","value":1})")),
                 "data[2]: irregular step");
  expect_refused(parse_watttime_v3(body(kTwo + R"(,{"point_time":"2022-07-15T00:05:00Z","value":1})")),
                 "data[1] and WattTime: data[2] give two values");
  std::string health = body(kTwo);
  health.replace(health.find("co2_moer"), 8, "health_damage");
  expect_refused(parse_watttime_v3(health), "health_damage");
}

TEST(WattTimeV3, two_models_of_two_files_are_two_series) {
  std::string other = body(kTwo);
  other.replace(other.find("2023-03-01"), 10, "2024-01-01");
  const auto both = draft_watttime_v3(other, "b", {});
  ASSERT_TRUE(both.ok());
  auto drafts = *draft_watttime_v3(body(kTwo), "a", {});
  drafts.drafts.push_back(both->drafts.front());
  const auto read = assemble("watttime-v3", drafts);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->series.size(), 2U);
  EXPECT_EQ(read->series[1].series.provenance().vintage, "2024-01-01");
}

TEST(WattTimeCsv, of_version_3_takes_region_and_signal_from_the_name_of_its_file) {
  const std::string rows = "point_time,value\n2022-01-01 00:00:00+00:00,1000\n2022-01-01 00:05:00+00:00,\n";
  const auto read = read_text(rows, "dir/CAISO_NORTH_co2_moer_2022-01-01_2022-01-07.csv");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->format, "watttime-v3-csv");
  EXPECT_EQ(read->series.front().series.zone(), "CAISO_NORTH");
  EXPECT_DOUBLE_EQ(read->series.front().series[0], 453.59237);
  EXPECT_EQ(read->series.front().counts.missing, 1U);
  expect_refused(read_text(rows, "x.csv"), "--zone");
  expect_refused(read_text(rows, "CAISO_NORTH_health_damage_2022-01-01_2022-01-07.csv"), "health_damage");
  const std::string meta =
      "point_time,value,meta\n2022-01-01 00:00:00+00:00,1,\"{'model': {'date': '2022-10-01'}, 'units': 'x'}\"\n";
  const auto with =
      read_text(meta + "2022-01-01 00:05:00+00:00,2,\"{'model': {'date': '2022-10-01'}}\"\n", "PJM_co2_moer_a_b.csv");
  ASSERT_TRUE(with.ok()) << with.error().message;
  EXPECT_EQ(with->series.front().series.provenance().vintage, "2022-10-01");
  expect_refused(
      read_text(meta + "2022-01-01 00:05:00+00:00,2,\"{'model': {'date': '2023-03-01'}}\"\n", "PJM_co2_moer_a_b.csv"),
      ":3: a value of model \"2023-03-01\" among values of model \"2022-10-01\" (line 2)");
}

TEST(WattTimeCsv, of_version_2_asks_for_its_zone) {
  const std::string rows = "timestamp,MOER\n2019-02-28 00:00:00+00:00,466\n2019-02-28 00:05:00+00:00,426\n";
  expect_refused(read_text(rows, "MOERS.csv"), "--zone");
  Options options;
  options.zones = {"CAISO_NORTH"};
  const auto read = read_text(rows, "MOERS.csv", options);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_DOUBLE_EQ(read->series.front().series[0], 466 * 0.45359237);
  EXPECT_EQ(read->series.front().series.signal(), series::kMarginalDirect);
  options.unit = parse_unit("g/kWh");
  expect_refused(read_text(rows, "MOERS.csv", options), "--unit says g/kWh");
  options.unit.reset();
  options.signal = series::kAverageLifecycle;
  expect_refused(read_text(rows, "MOERS.csv", options), "--signal says average lifecycle");
}

}  // namespace
}  // namespace ebb::formats
