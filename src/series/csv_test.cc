#include "series/csv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/file.h"
#include "time/calendar.h"

namespace ebb::series {
namespace {

constexpr std::string_view kHead = "# zone: X\n# signal: marginal direct\n# source: made up\ntime,g_per_kwh\n";

base::Expected<Series> parse(std::string_view rows) {
  return parse_csv(std::string(kHead) + std::string(rows), "f.csv");
}

void expect_refused(std::string_view rows, std::string_view part) {
  const auto series = parse(rows);
  ASSERT_FALSE(series.ok()) << rows;
  EXPECT_EQ(series.error().kind, base::ErrorKind::kBadData);
  EXPECT_NE(series.error().message.find(part), std::string::npos) << series.error().message;
}

TEST(SeriesCsv, carries_zone_signal_source_and_missing_values) {
  const auto series = parse("2020-01-01T00:00:00Z,100\n2020-01-01T00:05:00Z,\n2020-01-01T00:10:00+00:00,0\r\n");
  ASSERT_TRUE(series.ok()) << series.error().message;
  EXPECT_EQ(series->zone(), "X");
  EXPECT_EQ(series->signal(), kMarginalDirect);
  EXPECT_EQ(series->step(), std::chrono::minutes(5));
  EXPECT_EQ(series->size(), 3U);
  EXPECT_TRUE(is_missing((*series)[1]));
  EXPECT_EQ((*series)[2], 0.0);
  EXPECT_EQ(series->missing_count(), 1U);
}

TEST(SeriesCsv, takes_the_zone_from_the_file_name_where_no_comment_has_it) {
  const auto series = parse_csv("time,g_per_kwh\n2020-01-01T00:00:00Z,1\n2020-01-01T01:00:00Z,2\n", "dir/FR.csv.gz");
  ASSERT_TRUE(series.ok());
  EXPECT_EQ(series->zone(), "FR");
  EXPECT_FALSE(series->signal().kind.has_value());
}

TEST(SeriesCsv, refuses_each_bad_row_with_its_line_and_reason) {
  const std::string good = "2020-01-01T00:00:00Z,1\n2020-01-01T00:05:00Z,2\n";
  expect_refused(good + "2020-01-01T00:05:00Z,3\n", "f.csv:7: duplicate time 2020-01-01T00:05:00Z");
  expect_refused(good + "2020-01-01T00:00:00Z,3\n", "f.csv:7: the time 2020-01-01T00:00:00Z comes after");
  expect_refused(good + "2020-01-01T00:15:00Z,3\n", "f.csv:7: irregular step: expected 2020-01-01T00:10:00Z");
  expect_refused(good + "2020-01-01T00:10:00,3\n", "it has no zone");
  expect_refused(good + "2020-01-01T00:10:00+01:00,3\n", "not in UTC");
  expect_refused(good + "2020-01-01T00:10:00Z,nan\n", "no finite number");
  expect_refused(good + "2020-01-01T00:10:00Z,inf\n", "no finite number");
  expect_refused(good + "2020-01-01T00:10:00Z,1e400\n", "no finite number");
  expect_refused(good + "2020-01-01T00:10:00Z,1" + std::string(400, '0') + "\n", "no finite number");
  expect_refused(good + "2020-01-01T00:10:00Z,12 g\n", "no finite number");
  expect_refused(good + "2020-01-01T00:10:00Z\n", "no comma");
  expect_refused(good + "2020-13-01T00:10:00Z,3\n", "no such day");
  expect_refused("2020-01-01T00:00:00Z,1\n", "one row does not tell the step");
  expect_refused("", "no rows");
  expect_refused(good + std::string((1U << 20) + 10, '7'), "longer than");
}

TEST(SeriesCsv, refuses_an_empty_file_a_wrong_header_and_contradicting_comments) {
  EXPECT_NE(parse_csv("", "f").error().message.find("the file is empty"), std::string::npos);
  EXPECT_NE(parse_csv("time,value\n", "f").error().message.find("f:1: the header"), std::string::npos);
  const auto mixed = parse_csv("# signal: marginal\n# signal: average\ntime,g_per_kwh\n", "f");
  EXPECT_NE(mixed.error().message.find("signals are never mixed"), std::string::npos);
  EXPECT_FALSE(parse_csv("# signal: green\ntime,g_per_kwh\n", "f").ok());
}

TEST(SeriesCsv, written_and_read_again_is_the_same_series) {
  std::mt19937_64 random(1);
  for (const auto step : {std::chrono::milliseconds(300000), std::chrono::milliseconds(3600000),
                          std::chrono::milliseconds(90000), std::chrono::milliseconds(1500)}) {
    std::vector<double> values;
    for (int i = 0; i < 3000; ++i) {
      const auto bits = random();
      values.push_back(bits % 17 == 0 ? kMissing : std::ldexp(static_cast<double>(bits >> 11), -44));
    }
    const Series series({"Z", kAverageLifecycle, "s", "v1", {0.0, 1.0, 0.0}}, time::midnight(2019, 12, 30), step,
                        values);
    const auto again = parse_csv(to_csv(series), "again");
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(again->begin(), series.begin());
    EXPECT_EQ(again->step(), series.step());
    EXPECT_EQ(again->provenance().vintage, "v1");
    EXPECT_EQ(again->provenance().quality, series.provenance().quality);
    ASSERT_EQ(again->size(), series.size());
    for (std::size_t i = 0; i < series.size(); ++i) {
      EXPECT_TRUE((*again)[i] == series[i] || (is_missing((*again)[i]) && is_missing(series[i])));
    }
  }
}

}  // namespace
}  // namespace ebb::series
