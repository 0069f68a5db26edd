#include "formats/read.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "formats/test_expect.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

Options all_said() {
  Options options;
  options.time_column = "t";
  options.value_column = "v";
  options.zones = {"X"};
  options.unit = parse_unit("kg/kWh");
  options.signal = series::kAverageLifecycle;
  return options;
}

TEST(NamedColumns, all_that_is_missing_is_asked_for_at_once) {
  const auto refused = read_text("Time,Carbon Intensity\n2020-01-01 00:00:00,1\n", "f.csv");
  for (const auto* option : {"--time-column", "--value-column", "--unit", "--zone", "--signal"}) {
    expect_refused(refused, option);
  }
  auto options = all_said();
  options.signal.reset();
  const auto one = read_text("t,v\n2020-01-01T00:00Z,1\n", "f.csv", options);
  expect_refused(one, "--signal");
  EXPECT_EQ(one.error().message.find("--unit"), std::string::npos);
}

TEST(NamedColumns, columns_are_found_by_name_and_the_unit_is_turned) {
  const auto read = read_text(
      "\xef\xbb\xbfx,v,t\r\na,0.25,2020-01-01T00:00Z\r\nb,,2020-01-01T00:15Z\r\n\r\nc,0,2020-01-01T00:45Z\r\n", "f.csv",
      all_said());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->format, "csv");
  const auto& one = read->series.front();
  EXPECT_EQ(one.series.step(), std::chrono::minutes(15));
  EXPECT_EQ(one.series[0], 250.0);
  EXPECT_EQ(one.counts, (Counts{3, 0, 0, 2, 1, 0}));
  EXPECT_EQ(one.unit, "kg/kWh");
  auto options = all_said();
  options.value_column = "w";
  expect_refused(read_text("x,v,t\n1,2,3\n", "f.csv", options),
                 "there is no column \"w\" (--value-column); the columns are x, v, t");
}

TEST(NamedColumns, bad_rows_are_named) {
  const std::string good = "t,v\n2020-01-01T00:00Z,1\n2020-01-01T00:15Z,2\n";
  const auto refuse = [&](const std::string& more, std::string_view part) {
    expect_refused(read_text(good + more, "f.csv", all_said()), part);
  };
  refuse("2020-01-01T00:30Z,n/a\n", "f.csv:4: \"n/a\" is no finite number");
  refuse("2020-01-01T00:30Z,nan\n", "f.csv:4");
  refuse("2020-01-01T00:30Z,1e300\n", "f.csv:4: \"1e300\" is beyond any intensity");
  refuse("2020-01-01T00:30Z\n", "f.csv:4: 1 fields, but the header has 2");
  refuse("2020-01-01T00:30Z,\"3\n", "f.csv:4: a quote is opened");
  refuse("2020-01-01T00:15Z,3\n", "f.csv:3 and f.csv:4 give two values for 2020-01-01T00:15:00Z");
  refuse("2020-01-01T00:15Z,\n", "f.csv:3 and f.csv:4 give two values");
  refuse("2020-01-01T00:00Z,1\n", "f.csv:4: the time 2020-01-01T00:00:00Z comes after");
  refuse("2020-01-01T00:40Z,3\n2020-01-01T00:50Z,3\n", "irregular step");
  refuse("2149-01-01T00:00Z,3\n", "nearly all of it would be missing");
  refuse("soon,3\n", "f.csv:4: \"soon\" is no time");
  const auto same = read_text(good + "2020-01-01T00:15Z,2\n", "f.csv", all_said());
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->series.front().counts.duplicates, 1U);
  expect_refused(read_text("t,v\n2020-01-01T00:00Z,1\n", "f.csv", all_said()), "one row does not tell the step");
  expect_refused(read_text("t,v\n", "f.csv", all_said()), "no rows");
}

TEST(Canonical, keeps_what_its_comments_say_and_an_option_may_not_contradict_it) {
  const std::string text =
      "# zone: FR\n# signal: average lifecycle\n# vintage: v1\ntime,g_per_kwh\n2020-01-01T00:00:00Z,1\n"
      "2020-01-01T01:00:00Z,\n";
  const auto read = read_text(text, "f.csv");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->format, "canonical");
  EXPECT_EQ(read->series.front().series.zone(), "FR");
  EXPECT_EQ(read->series.front().counts.missing, 1U);
  Options options;
  options.vintage = "v2";
  expect_refused(read_text(text, "f.csv", options), "--vintage says \"v2\"");
  options = {};
  options.zones = {"DE"};
  expect_refused(read_text(text, "f.csv", options), "no zone \"DE\"", base::ErrorKind::kNoData);
  options = {};
  options.time_zone = "Europe/Berlin";
  expect_refused(read_text(text, "f.csv", options), "--time-zone says Europe/Berlin");
  expect_refused(read_text("time,g_per_kwh\n2020-01-01T00:00:00Z,1\n2020-01-01T01:00:00Z,2\n", "f.csv"), "--signal");
}

TEST(ReadFiles, files_of_one_series_are_put_together_and_must_agree) {
  const auto folder = std::filesystem::temp_directory_path() / "ebb_read_test";
  ASSERT_TRUE(base::make_folder(folder.string()).ok());
  const auto put = [&](const std::string& name, const std::string& rows) {
    const auto path = (folder / name).string();
    EXPECT_TRUE(base::write_file(path, "t,v\n" + rows).ok());
    return path;
  };
  auto options = all_said();
  const auto later = put("a.csv", "2020-01-01T01:00Z,3\n2020-01-01T01:30Z,4\n");
  const auto first = put("b.csv", "2020-01-01T00:00Z,1\n2020-01-01T00:30Z,2\n2020-01-01T01:00Z,3\n");
  const auto read = read_files({later, first}, options);
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->series.size(), 1U);
  EXPECT_EQ(read->series.front().counts, (Counts{5, 1, 0, 0, 0, 0}));
  EXPECT_EQ(read->series.front().series.size(), 4U);
  const auto other = put("c.csv", "2020-01-01T01:00Z,5\n");
  const auto refused = read_files({first, other}, options);
  expect_refused(refused, "b.csv:4 and ");
  expect_refused(refused, "c.csv:2 give two values for 2020-01-01T01:00:00Z: 3000 g/kWh and 5000 g/kWh");
  const auto plain = (folder / "d.csv").string();
  ASSERT_TRUE(base::write_file(plain, "time,g_per_kwh\n2020-01-01T00:00:00Z,1\n2020-01-01T01:00:00Z,2\n").ok());
  expect_refused(read_files({plain, first}), "import them one after the other");
  std::filesystem::remove_all(folder);
}

TEST(ReadFiles, a_year_too_early_is_no_series_with_a_gap_of_a_century) {
  expect_refused(read_text("t,v\n1920-01-01T00:00Z,1\n2020-01-01T00:00Z,1\n2020-01-01T00:05Z,1\n", "f.csv", all_said()),
                 "nearly all of it would be missing");
}

TEST(OpenStudio, hour_numbers_are_refused_saying_what_is_not_known) {
  const auto refused = read_text("Hour,California,Texas\n1,266,-758\n2,576,767\n", "h.csv");
  for (const auto* part :
       {"h.csv:1: ", "hour numbers instead of dates", "unit", "1 of its values are negative", "--time-zone"}) {
    expect_refused(refused, part);
  }
}

TEST(Detect, every_format_has_a_reader_and_unknown_ones_are_said) {
  for (const auto& format : formats()) {
    Options options;
    options.format = format.name;
    const auto read = read_text("rubbish", "f", options);
    ASSERT_FALSE(read.ok()) << format.name;
    EXPECT_EQ(read.error().message.find("not read yet"), std::string::npos) << format.name;
    // A table of another form: fewer columns than the format has.
    EXPECT_FALSE(read_text("a\n2020-01-01T00:00Z\n2020-01-01T01:00Z\n", "f", options).ok()) << format.name;
  }
  Options options;
  options.format = "excel";
  expect_refused(read_text("x", "f", options), "--format: \"excel\" is none of canonical", base::ErrorKind::kUsage);
  expect_refused(read_text("{\"x\":1}", "f.json"), "of no known format");
  expect_refused(read_text("{\"x\":", "f.json"), "no JSON");
  expect_refused(read_text("<html>", "f.csv"), "page");
  expect_refused(read_text("", "f.csv"), "empty");
  expect_refused(read_files({}), "name the files", base::ErrorKind::kUsage);
  expect_refused(read_files({"/nowhere/f.csv"}), "/nowhere/f.csv");
}

}  // namespace
}  // namespace ebb::formats
