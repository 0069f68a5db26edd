#include "formats/neso.h"

#include <gtest/gtest.h>

#include "formats/read.h"
#include "formats/test_expect.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

std::string half_hour(const std::string& from, const std::string& to, const std::string& intensity) {
  return R"({"from":"2018-01-20T)" + from + R"(Z","to":"2018-01-20T)" + to + R"(Z","intensity":)" + intensity + "}";
}
const std::string kNational = half_hour("12:00", "12:30", R"({"forecast":266,"actual":263,"index":"moderate"})") + "," +
                              half_hour("12:30", "13:00", R"({"forecast":0,"actual":null,"index":"very low"})");

TEST(Neso, national_actuals_are_a_series_and_forecasts_a_forecast) {
  const auto read = parse_neso(R"({"data":[)" + kNational + "]}");
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->series.size(), 1U);
  const auto& series = read->series.front().series;
  EXPECT_EQ(series.zone(), "GB");
  EXPECT_EQ(series.step(), std::chrono::minutes(30));
  EXPECT_EQ(series[0], 263.0);
  EXPECT_TRUE(series::is_missing(series[1]));
  ASSERT_EQ(read->forecasts.size(), 1U);
  EXPECT_FALSE(read->forecasts.front().issued.has_value());
  EXPECT_EQ(read->forecasts.front().values.series[1], 0.0);  // a real zero
  EXPECT_EQ(read->forecasts.front().values.counts.zeros, 1U);
  EXPECT_EQ(read->series.front().licence, "CC BY 4.0");
}

TEST(Neso, a_future_without_actuals_has_no_series_and_takes_its_issue_from_the_caller) {
  Options options;
  options.issued = *time::parse_instant("2018-01-20T12:01:00Z");
  const auto read = parse_neso(R"({"data":[)" + half_hour("12:30", "13:00", R"({"forecast":10,"actual":null})") + "]}",
                               "body", options);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read->series.empty());
  EXPECT_EQ(read->forecasts.front().issued, options.issued);
}

TEST(Neso, regions_come_as_lists_and_as_objects) {
  const std::string days = R"("data":[)" + half_hour("23:00", "23:30", R"({"forecast":162,"index":"moderate"})") + "]";
  const std::string region = R"({"regionid":11,"dnoregion":"WPD","shortname":"South West England",)" + days + "}";
  for (const auto& text : {R"({"data":)" + region + "}", R"({"data":[)" + region + "]}"}) {
    const auto read = parse_neso(text);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->forecasts.front().values.series.zone(), "GB-11");
    EXPECT_EQ(read->notes.front(), "GB-11 is South West England");
  }
  const auto all = parse_neso(R"({"data":[{"from":"2026-05-08T17:30Z","to":"2026-05-08T18:00Z","regions":[
    {"regionid":1,"shortname":"North Scotland","intensity":{"forecast":0,"index":"very low"}},
    {"regionid":2,"shortname":"South Scotland","intensity":{"forecast":7,"index":"very low"}}]}]})");
  ASSERT_TRUE(all.ok()) << all.error().message;
  ASSERT_EQ(all->forecasts.size(), 2U);
  EXPECT_EQ(all->forecasts[1].values.series[0], 7.0);
}

TEST(Neso, nothing_known_is_no_data_and_an_error_is_said) {
  expect_refused(parse_neso("{}"), "no values for that time", base::ErrorKind::kNoData);
  expect_refused(parse_neso(R"({"data":[]})"), "no values for that time", base::ErrorKind::kNoData);
  expect_refused(parse_neso(R"({"error":{"code":"400 Bad Request","message":"wrong date"}})"), "wrong date");
  expect_refused(parse_neso(R"({"data":[)" + half_hour("12:00", "13:00", R"({"forecast":1})") + "]}"), "no half-hour");
  expect_refused(parse_neso(R"({"data":3})"), "neither a list nor an object");
  expect_refused(parse_neso(R"({"data":[3]})"), "data[0]: from");
  expect_refused(parse_neso(R"({"data":{"regionid":"x","data":[]}})"), "no regionid");
}

TEST(NesoCsv, the_file_name_says_when_a_forecast_was_issued) {
  const std::string rows = "from,intensity.forecast,intensity.actual\n2023-03-14T16:00Z,133,\n2023-03-14T16:30Z,153,\n";
  const auto read = read_text(rows, "national_fw48h/2023-03-14T1601Z.csv");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read->series.empty());
  EXPECT_EQ(time::text_of(*read->forecasts.front().issued), "2023-03-14T16:01:00Z");
  const auto past = read_text(rows + "2023-03-14T17:00Z,150,151.0\n", "national_pt24h/2023-03-14T1701Z.csv");
  ASSERT_TRUE(past.ok()) << past.error().message;
  EXPECT_EQ(past->series.front().counts.missing, 2U);
  EXPECT_FALSE(past->forecasts.front().issued.has_value());
}

TEST(CatsCsv, does_not_say_its_place_and_is_held_to_its_two_times) {
  const std::string head = "time,deltaseconds,unix,intensity\n";
  const std::string rows = head + "2023-05-04T12:30Z,4659,1683203400.0,11\n2023-05-04T13:00Z,2859,1683205200.0,15\n";
  expect_refused(read_text(rows, "c.csv"), "--zone");
  Options options;
  options.zones = {"GB-3"};
  const auto read = read_text(rows, "c.csv", options);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->forecasts.front().values.series.size(), 2U);
  expect_refused(read_text(head + "2023-05-04T12:30Z,4659,1683199801.0,11\n", "c.csv", options), "two moments");
}

}  // namespace
}  // namespace ebb::formats
