#include "imports/import.h"

#include <gtest/gtest.h>

#include "imports/local_time.h"
#include "imports/run_id.h"
#include "imports/samples.h"
#include "imports/text_table.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

time::Instant at(const char* text) { return *time::parse_instant(text); }

std::string utc(const LocalZone& zone, const char* local) {
  const auto moment = zone.moment(local);
  return moment ? time::text_of(moment->first) : moment.error().message;
}

TEST(DetectTest, EachFormatIsKnownByItsHeader) {
  EXPECT_EQ(detect("timestamp,project_name,run_id,duration,emissions,energy_consumed\n", "x"), Format::kCodeCarbon);
  EXPECT_EQ(detect("JobID|Start|ConsumedEnergyRaw\n1|2024-05-01T10:00:00|5\n", "x"), Format::kSlurmSacct);
  EXPECT_EQ(detect(" {\"status\":\"success\",\"data\":{\"resultType\" : \"matrix\",\"result\":[]}}", "x"),
            Format::kPrometheus);
  EXPECT_EQ(detect("#Entity   POWER    TOTEC\nID        W        mJ\n", "x"), Format::kDcgm);
  EXPECT_EQ(detect("\xef\xbb\xbf# a meter\ntime,watts\n", "x"), Format::kPowerCsv);
  EXPECT_EQ(detect("time,gpu0_watts,cpu_watts\n", "x"), Format::kPowerCsv);
}

TEST(DetectTest, NothingIsGuessedFromANameOrFromWhatOtherFilesHaveToo) {
  for (const char* text :
       {"", "\n", "time,g_per_kwh\n2024-01-01T00:00:00Z,1\n", "time,kwh\n", "time\n", "a,b\n", "JobID\n1\n",
        "seconds,watts\n", "{\"resultType\":\"vector\"}", "[\"resultType\",\"matrix\"]", "#time,watts\n"}) {
    EXPECT_FALSE(detect(text, "emissions.csv").has_value()) << text;
  }
}

TEST(ImportTest, FormatsHaveNamesThatReadBack) {
  for (const auto format :
       {Format::kCodeCarbon, Format::kSlurmSacct, Format::kPrometheus, Format::kDcgm, Format::kPowerCsv}) {
    EXPECT_EQ(parse_format(name_of(format)), format);
  }
  EXPECT_FALSE(parse_format("excel").has_value());
}

TEST(ImportTest, AnOptionThatTheFormatHasNoUseForIsRefused) {
  ImportOptions options;
  options.period = std::chrono::seconds(1);
  const auto refused = import_runs(Format::kCodeCarbon, "", "x.csv", options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(refused.error().message.find("--period"), std::string::npos);
  ImportOptions zone;
  zone.time_zone = "Mars/Olympus";
  const auto unknown = import_runs(Format::kSlurmSacct, "", "x.csv", zone);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(unknown.error().message.find("Mars/Olympus"), std::string::npos);
}

TEST(LocalZoneTest, LocalTimesBecomeUtc) {
  EXPECT_EQ(utc(*LocalZone::from_option("Europe/Berlin"), "2024-05-01T10:00:00"), "2024-05-01T08:00:00Z");
  EXPECT_EQ(utc(*LocalZone::from_option("Europe/Berlin"), "2024-01-01T10:00:00.25"), "2024-01-01T09:00:00.25Z");
  EXPECT_EQ(utc(*LocalZone::from_option("+05:30"), "2024-05-01T10:00:00"), "2024-05-01T04:30:00Z");
  EXPECT_EQ(utc(*LocalZone::from_option("-03:00"), "2024-05-01T10:00:00"), "2024-05-01T13:00:00Z");
  EXPECT_EQ(utc(*LocalZone::from_option("UTC"), "2024-05-01T10:00:00"), "2024-05-01T10:00:00Z");
  EXPECT_EQ(utc(*LocalZone::from_option("UTC"), "2024-05-01T10:00:00+02:00"), "2024-05-01T08:00:00Z");
}

TEST(LocalZoneTest, AClockThatIsSetBackShowsAnHourTwiceAndOneSetForwardSkipsOne) {
  const auto zone = *LocalZone::from_option("America/Los_Angeles");
  const auto twice = zone.moment("2024-11-03T01:30:00");
  ASSERT_TRUE(twice && twice->second);
  EXPECT_EQ(time::text_of(twice->first), "2024-11-03T08:30:00Z");
  EXPECT_EQ(time::text_of(*twice->second), "2024-11-03T09:30:00Z");
  const auto never = zone.moment("2024-03-10T02:30:00");
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().kind, base::ErrorKind::kBadData);
}

TEST(LocalZoneTest, ATimeWithoutZoneAsksForTheOption) {
  const auto none = *LocalZone::from_option("");
  EXPECT_EQ(utc(none, "2024-05-01T10:00:00Z"), "2024-05-01T10:00:00Z");
  const auto asked = none.moment("2024-05-01T10:00:00");
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(asked.error().message.find("--time-zone"), std::string::npos);
  EXPECT_EQ(none.moment("yesterday").error().kind, base::ErrorKind::kBadData);
  EXPECT_EQ(none.moment(std::string(100000, '1')).error().kind, base::ErrorKind::kBadData);
}

TEST(RunIdTest, IdsAreNamesForFoldersAndStayApart) {
  EXPECT_EQ(safe_run_id("slurm", "123_4"), "slurm-123_4");
  EXPECT_NE(safe_run_id("c", "../a"), safe_run_id("c", "..-a"));
  EXPECT_EQ(safe_run_id("c", "../../etc").find('/'), std::string::npos);
  EXPECT_LE(safe_run_id("codecarbon", std::string(5000, 'x')).size(), 100U);
  EXPECT_NE(safe_run_id("c", std::string(200, 'x') + "1"), safe_run_id("c", std::string(200, 'x') + "2"));
  EXPECT_NE(safe_run_id("c", ""), "c-");
  const auto moment = at("2024-05-01T10:00:00.5Z");
  EXPECT_EQ(run_id_of_text("dcgm", moment, "a"), run_id_of_text("dcgm", moment, "a"));
  EXPECT_NE(run_id_of_text("dcgm", moment, "a"), run_id_of_text("dcgm", moment, "b"));
  ImportOptions options;
  options.run_id = "../x";
  EXPECT_FALSE(chosen_run_id(options, "made"));
  options.run_id = "mine";
  EXPECT_EQ(*chosen_run_id(options, "made"), "mine");
}

TEST(TextTableTest, QuotedFieldsKeepTheirCommasAndQuotes) {
  auto table = *TextTable::open("a,b\n\"x, y\",\"say \"\"z\"\"\"\n", "t.csv", ',');
  const auto line = table.next();
  ASSERT_TRUE(line && *line);
  EXPECT_EQ(table.field(**line, "a"), "x, y");
  EXPECT_EQ(table.field(**line, "b"), "say \"z\"");
  EXPECT_EQ((*line)->number, 2U);
  auto open = *TextTable::open("a,b\n\"x,1\n", "t.csv", ',');
  EXPECT_EQ(open.next().error().message, "t.csv:2: a quote is not closed on its line");
  EXPECT_EQ(TextTable::open("a,a\n", "t.csv", ',').error().message, "t.csv:1: the column \"a\" comes twice");
}

TEST(TextTableTest, TextsOfOthersAreMadePrintable) {
  EXPECT_EQ(clean_text("plain \xc3\xa9"), "plain \xc3\xa9");
  EXPECT_EQ(clean_text(std::string_view("a\0b\x1b[31m\n", 8)), "a?b?[31m");
  EXPECT_EQ(clean_text("\xc3"), "?");
  EXPECT_EQ(clean_text("\xed\xa0\x80\xc0\xaf"), "?????");
  EXPECT_EQ(clean_text("\xf0\x9f\x98\x80", 3), "");
  EXPECT_EQ(clean_text(std::string(1000, 'x')).size(), 200U);
}

TEST(SamplesTest, PowersAreTrapezoidsAndCountersAreDifferences) {
  const auto t = at("2024-05-01T10:00:00Z");
  const auto s = [&](int seconds, double value) { return Sample{t + std::chrono::seconds(seconds), value}; };
  const auto watts = integrate({s(0, 100), s(10, 200), s(20, 200)}, *meaning_of_unit("W"));
  EXPECT_DOUBLE_EQ(units::in_joules(watts->energy), 1500 + 2000);
  const auto counter = integrate({s(0, 5000), s(10, 6000), s(20, 9000)}, *meaning_of_unit("mJ"));
  EXPECT_DOUBLE_EQ(units::in_joules(counter->energy), 4);
}

TEST(SamplesTest, MoreThanFiveStepsAreAGapAndFiveAreNot) {
  const auto t = at("2024-05-01T10:00:00Z");
  const auto s = [&](int seconds, double value) { return Sample{t + std::chrono::seconds(seconds), value}; };
  const auto read = integrate({s(0, 100), s(10, 100), s(20, 100), s(70, 100), s(80, 100), s(131, 100), s(141, 100)},
                              *meaning_of_unit("W"));
  ASSERT_TRUE(read);
  EXPECT_DOUBLE_EQ(units::in_joules(read->energy), 100 * 90);
  ASSERT_EQ(read->holes.size(), 1U);
  EXPECT_EQ(read->holes[0].when.length(), std::chrono::seconds(51));
  EXPECT_EQ(read->bridged, 1U);
}

TEST(SamplesTest, ACounterThatFallsIsAGapAndWhatItGrewByOverAGapIsSaid) {
  const auto t = at("2024-05-01T10:00:00Z");
  const auto s = [&](int seconds, double value) { return Sample{t + std::chrono::seconds(seconds), value}; };
  const auto read =
      integrate({s(0, 100), s(10, 200), s(20, 50), s(30, 60), s(40, 70), s(500, 1070)}, *meaning_of_unit("J"));
  ASSERT_TRUE(read);
  EXPECT_DOUBLE_EQ(units::in_joules(read->energy), 100 + 10 + 10);
  EXPECT_EQ(read->resets, 1U);
  EXPECT_DOUBLE_EQ(units::in_joules(read->across_holes), 1000);
  ASSERT_EQ(read->holes.size(), 2U);
  EXPECT_EQ(read->holes[0].cause, "reset");
  EXPECT_EQ(read->holes[1].cause, "unread");
}

TEST(SamplesTest, DisorderAndNegativeValuesAreRefusedByTheirNumber) {
  const auto t = at("2024-05-01T10:00:00Z");
  const auto watts = *meaning_of_unit("W");
  EXPECT_NE(integrate({{t, 1}, {t, 1}}, watts).error().message.find("value 2"), std::string::npos);
  EXPECT_NE(integrate({{t, -1}}, watts).error().message.find("value 1 is -1"), std::string::npos);
  EXPECT_FALSE(integrate({{t, 1e16}}, watts));
  EXPECT_TRUE(integrate({}, watts)->stretches.empty());
}

TEST(MetricTest, NamesSayTheirUnitsAndOthersSayNothing) {
  EXPECT_EQ(meaning_of_metric("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION")->unit, "mJ");
  EXPECT_EQ(meaning_of_metric("node_rapl_package_joules_total")->unit, "J");
  EXPECT_EQ(meaning_of_metric("scaph_host_power_microwatts")->unit, "uW");
  EXPECT_EQ(meaning_of_metric("ipmi_dcmi_power_consumption_watts")->unit, "W");
  EXPECT_FALSE(meaning_of_metric("node_load1").has_value());
  EXPECT_FALSE(meaning_of_metric("").has_value());
  EXPECT_FALSE(meaning_of_unit("horsepower"));
}

}  // namespace
}  // namespace ebb::imports
