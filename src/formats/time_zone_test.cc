#include <gtest/gtest.h>

#include "formats/read.h"
#include "formats/row_times.h"
#include "formats/test_expect.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

Options options_in(const std::string& time_zone) {
  Options options;
  options.time_column = "when";
  options.value_column = "g";
  options.zones = {"X"};
  options.unit = parse_unit("g/kWh");
  options.signal = series::kAverageLifecycle;
  options.time_zone = time_zone;
  return options;
}

base::Expected<Understood> read_rows(const std::vector<std::string>& times, const Options& options) {
  std::string text = "when,g\n";
  for (std::size_t i = 0; i < times.size(); ++i) text += times[i] + "," + std::to_string(100 + i) + "\n";
  return read_text(text, "f.csv", options);
}

TEST(LocalTimes, in_berlin_the_repeated_hour_is_two_hours_and_the_missing_one_is_none) {
  const auto autumn = read_rows({"2024-10-27 01:00", "2024-10-27 02:00", "2024-10-27 02:00", "2024-10-27 03:00"},
                                options_in("Europe/Berlin"));
  ASSERT_TRUE(autumn.ok()) << autumn.error().message;
  const auto& series = autumn->series.front().series;
  EXPECT_EQ(time::text_of(series.begin()), "2024-10-26T23:00:00Z");
  ASSERT_EQ(series.size(), 4U);
  EXPECT_EQ(series[1], 101.0);
  EXPECT_EQ(series[2], 102.0);
  EXPECT_EQ(autumn->series.front().counts.missing, 0U);
  EXPECT_EQ(autumn->series.front().time_zone, "Europe/Berlin");

  const auto spring = read_rows({"2024-03-31 00:00", "2024-03-31 01:00", "2024-03-31 03:00", "2024-03-31 04:00"},
                                options_in("Europe/Berlin"));
  ASSERT_TRUE(spring.ok()) << spring.error().message;
  EXPECT_EQ(spring->series.front().series.size(), 4U);
  EXPECT_EQ(spring->series.front().counts.missing, 0U);
}

TEST(LocalTimes, a_time_that_the_clocks_jumped_over_is_refused_with_its_line) {
  expect_refused(read_rows({"2024-03-31 01:00", "2024-03-31 02:00", "2024-03-31 03:00"}, options_in("Europe/Berlin")),
                 "f.csv:3: 2024-03-31T02:00:00 never was in Europe/Berlin");
  expect_refused(read_rows({"2024-03-10 01:00", "2024-03-10 02:30"}, options_in("America/Los_Angeles")), "f.csv:3: ");
}

TEST(LocalTimes, in_los_angeles_five_minute_rows_go_back_an_hour) {
  std::vector<std::string> times;
  const auto add = [&](int hour) {
    for (int minute = 0; minute < 60; minute += 5) {
      char text[32];
      std::snprintf(text, sizeof text, "2024-11-03T%02d:%02d:00", hour, minute);
      times.emplace_back(text);
    }
  };
  for (const int hour : {0, 1, 1, 2}) add(hour);
  const auto read = read_rows(times, options_in("America/Los_Angeles"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  const auto& series = read->series.front().series;
  EXPECT_EQ(series.step(), std::chrono::minutes(5));
  EXPECT_EQ(series.size(), 48U);
  EXPECT_EQ(series.missing_count(), 0U);
  EXPECT_EQ(series[24], 124.0);
  EXPECT_EQ(time::text_of(series.begin()), "2024-11-03T07:00:00Z");
}

TEST(LocalTimes, on_lord_howe_half_an_hour_is_repeated_and_half_an_hour_is_missing) {
  // 2024-04-07 02:00 +11 went back to 01:30 +10:30.
  const auto back = read_rows({"2024-04-07 01:00", "2024-04-07 01:30", "2024-04-07 01:30", "2024-04-07 02:00"},
                              options_in("Australia/Lord_Howe"));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->series.front().series.step(), std::chrono::minutes(30));
  EXPECT_EQ(back->series.front().series.size(), 4U);
  EXPECT_EQ(time::text_of(back->series.front().series.begin()), "2024-04-06T14:00:00Z");
  // 2024-10-06 02:00 +10:30 went on to 02:30 +11.
  const auto on = read_rows({"2024-10-06 01:00", "2024-10-06 01:30", "2024-10-06 02:30", "2024-10-06 03:00"},
                            options_in("Australia/Lord_Howe"));
  ASSERT_TRUE(on.ok()) << on.error().message;
  EXPECT_EQ(on->series.front().series.missing_count(), 0U);
  EXPECT_EQ(on->series.front().series.size(), 4U);
  expect_refused(read_rows({"2024-10-06 01:30", "2024-10-06 02:15"}, options_in("Australia/Lord_Howe")), "f.csv:3:");
  // Rows an hour apart on the clock are not an hour apart there.
  expect_refused(read_rows({"2024-04-06 23:00", "2024-04-07 00:00", "2024-04-07 01:00", "2024-04-07 02:00"},
                           options_in("Australia/Lord_Howe")),
                 "f.csv:5: irregular step");
}

TEST(LocalTimes, a_repeated_time_that_comes_once_is_asked_for) {
  const std::vector<std::string> once{"2024-10-27 01:00", "2024-10-27 02:00", "2024-10-27 03:00"};
  auto options = options_in("Europe/Berlin");
  expect_refused(read_rows(once, options), "f.csv:3: the clocks of Europe/Berlin showed 2024-10-27T02:00:00 twice");
  expect_refused(read_rows(once, options), "--repeated-hour");
  expect_refused(read_rows({"2024-10-27 01:00", "2024-10-27 02:00"}, options), "--repeated-hour");
  options.repeated_hour = RepeatedHour::kFirst;
  const auto first = read_rows(once, options);
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->series.front().series[1], 101.0);
  EXPECT_TRUE(series::is_missing(first->series.front().series[2]));
  options.repeated_hour = RepeatedHour::kSecond;
  const auto second = read_rows(once, options);
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_TRUE(series::is_missing(second->series.front().series[1]));
  EXPECT_EQ(second->series.front().series[2], 101.0);
}

TEST(LocalTimes, without_a_zone_the_first_row_is_named_and_the_zone_asked_for) {
  expect_refused(read_rows({"2024-10-27 01:00", "2024-10-27 02:00"}, options_in("")), "f.csv:2: the time has no zone");
  expect_refused(read_rows({"2024-10-27 01:00", "2024-10-27 02:00"}, options_in("")), "--time-zone");
  expect_refused(read_rows({"2024-10-27 01:00", "2024-10-27 02:00"}, options_in("Europe/Atlantis")), "--time-zone",
                 base::ErrorKind::kUsage);
}

TEST(LocalTimes, a_fixed_offset_has_no_repeated_hour) {
  const auto read = read_rows({"2024-10-27 01:00", "2024-10-27 02:00", "2024-10-27 03:00"}, options_in("-08:00"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(time::text_of(read->series.front().series.begin()), "2024-10-27T09:00:00Z");
  EXPECT_EQ(read->series.front().series.size(), 3U);
}

TEST(LocalTimes, rows_with_a_zone_need_none_and_contradict_another) {
  const std::vector<std::string> zoned{"2024-10-27T01:00:00+02:00", "2024-10-27T02:00:00+02:00"};
  const auto read = read_rows(zoned, options_in(""));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(time::text_of(read->series.front().series.begin()), "2024-10-26T23:00:00Z");
  expect_refused(read_rows(zoned, options_in("America/Los_Angeles")), "--time-zone says America/Los_Angeles");
  expect_refused(read_rows({"2024-10-27T01:00Z", "2024-10-27 02:00"}, options_in("UTC")), "f.csv:3:");
}

TEST(RowTimes, the_quick_way_reads_what_the_slow_way_reads) {
  RowTimes times;
  for (const auto* text :
       {"2020-05-01T12:00:00Z", "2020-05-01 12:05:00+00:00", "2020-05-01T12:10Z", "2020-05-01T12:15:00.000Z",
        "2020-05-01T12:20:00.5Z", "2020-05-02T23:00:00+02:00", "2020-05-02T01:00:00-05:00", "2020-05-02T03:00:00Z"}) {
    const auto read = times.read(text);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_TRUE(read->is_zoned);
    EXPECT_EQ(read->at, *time::parse_instant(text)) << text;
  }
  const auto shown = times.read("2020-05-02 04:00");
  ASSERT_TRUE(shown.ok());
  EXPECT_FALSE(shown->is_zoned);
  EXPECT_EQ(shown->at, *time::parse_instant("2020-05-02T04:00Z"));
  for (const auto* text : {"", "2020-05-02 24:00", "2020-05-02 04:60", "2020-05-02 04:00:61", "2020-05-02",
                           "2020-02-30 00:00", "05/02/2020 04:00", "2020-05-02T04:00:00ZZ", "1588305600"}) {
    EXPECT_FALSE(times.read(text).ok()) << text;
  }
}

}  // namespace
}  // namespace ebb::formats
