#include <gtest/gtest.h>

#include <random>

#include "time/calendar.h"
#include "time/clock.h"
#include "time/instant.h"
#include "time/text.h"

namespace ebb::time {
namespace {

TEST(ParseInstant, reads_rfc_3339_and_prints_it_back) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 5000; ++i) {
    const Instant moment(Duration(static_cast<std::int64_t>(random() >> 2)));
    const auto again = parse_instant(text_of(moment));
    ASSERT_TRUE(again.ok()) << text_of(moment);
    EXPECT_EQ(*again, moment);
  }
  EXPECT_EQ(*parse_instant("2020-05-01T14:00:00+02:00"), *parse_instant("2020-05-01 12:00Z"));
  EXPECT_EQ(*parse_instant("2020-02-29T23:59:59.5Z") + std::chrono::milliseconds(500), midnight(2020, 3, 1));
}

TEST(ParseInstant, says_why_a_text_is_no_time) {
  const auto why = [](std::string_view text) { return parse_instant(text).error().message; };
  EXPECT_NE(why("2020-05-01T12:00:00").find("has no zone"), std::string::npos);
  EXPECT_NE(why("2020-05-01").find("time of day and the zone are missing"), std::string::npos);
  EXPECT_NE(why("2021-02-29T00:00:00Z").find("no such day"), std::string::npos);
  EXPECT_NE(why("2020-05-01T25:00:00Z").find("no such time of day"), std::string::npos);
  for (const auto* bad :
       {"", "now", "2020-05-01T12:00:00 Z", "2020-05-01T12:00:00+2", "2020-05-01T12:00:60Z", "0001-01-01T00:00:00Z",
        "9999-01-01T00:00:00Z", "2020-05-01T12:00:00Zx", "2020-05-01T12:00:00.Z"}) {
    EXPECT_FALSE(parse_instant(bad).ok()) << bad;
  }
}

TEST(ParseDuration, reads_units_and_iso_8601) {
  using namespace std::chrono_literals;
  EXPECT_EQ(*parse_duration("90s"), 90s);
  EXPECT_EQ(*parse_duration("1h30m"), 90min);
  EXPECT_EQ(*parse_duration("8d"), 192h);
  EXPECT_EQ(*parse_duration("0.3h"), 1080s);
  EXPECT_EQ(*parse_duration("0.7h"), 2520s) << "not a nanosecond less";
  EXPECT_EQ(*parse_duration("PT6H"), 6h);
  EXPECT_EQ(*parse_duration("P1DT12H"), 36h);
  for (const auto* bad :
       {"", "6", "-6h", "h", "6x", "1h2h", "1m1h", "P", "PT", "6 h", "1e3h", "inf", "nanh", "200000d"}) {
    EXPECT_FALSE(parse_duration(bad).ok()) << bad;
  }
}

TEST(ParseDuration, prints_what_reads_back) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 5000; ++i) {
    const Duration d = std::chrono::milliseconds(random() % 4'000'000'000ULL);
    if (d.count() == 0) continue;
    ASSERT_TRUE(parse_duration(text_of(d)).ok()) << text_of(d);
    EXPECT_EQ(*parse_duration(text_of(d)), d) << text_of(d);
  }
}

TEST(FromSeconds, keeps_whole_seconds_of_years_exact) {
  EXPECT_EQ(from_seconds(0.7 * 3600), std::chrono::seconds(2520));
  EXPECT_EQ(from_seconds(3e9 + 0.25), std::chrono::seconds(3000000000) + std::chrono::milliseconds(250));
}

TEST(Calendar, knows_weekdays_and_local_hours_with_daylight_saving) {
  EXPECT_EQ(civil_time(midnight(2022, 1, 1)).weekday, 5U) << "a Saturday";
  EXPECT_EQ(civil_time(midnight(1969, 12, 31)).weekday, 2U) << "a Wednesday";
  const auto hours = local_hours("America/Los_Angeles", midnight(2020, 3, 8), std::chrono::hours(1), 24);
  ASSERT_TRUE(hours.ok()) << hours.error().message;
  EXPECT_EQ((*hours)[9], 1) << "01:00 PST";
  EXPECT_EQ((*hours)[10], 3) << "02:00 does not exist that day";
  EXPECT_FALSE(local_hours("Mars/Olympus", midnight(2020, 1, 1), std::chrono::hours(1), 1).ok());
}

TEST(FakeClock, shows_what_it_is_told) {
  FakeClock clock(midnight(2020, 1, 1));
  clock.advance(std::chrono::hours(3));
  EXPECT_EQ(clock.now(), midnight(2020, 1, 1) + std::chrono::hours(3));
}

}  // namespace
}  // namespace ebb::time
