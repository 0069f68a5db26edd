#include "formats/sgip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/file.h"
#include "formats/read.h"
#include "formats/test_expect.h"

namespace ebb::formats {
namespace {

constexpr std::string_view kTwoRows =
    "time,moer,f1\n2020-01-01 00:00:00+00:00,0.25,0.5\n2020-01-01 00:05:00+00:00,0.125,0.75\n";

TEST(ParseSgip, kilograms_become_grams) {
  const auto rows = parse_sgip(kTwoRows, "test", true);
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ(rows->values, (std::vector<double>{250.0, 125.0}));
  EXPECT_EQ(rows->forecasts, (std::vector<float>{500.0F, 750.0F}));
}

TEST(ImportSgip, files_that_disagree_where_they_overlap_are_refused) {
  const auto folder = std::filesystem::temp_directory_path() / "ebb_sgip_test";
  ASSERT_TRUE(base::make_folder(folder.string()).ok());
  const auto a = (folder / "a.csv").string();
  const auto b = (folder / "b.csv").string();
  ASSERT_TRUE(base::write_file(a, kTwoRows).ok());
  std::string changed(kTwoRows);
  changed.replace(changed.find("0.125"), 5, "0.126");
  ASSERT_TRUE(base::write_file(b, changed).ok());
  const auto imported = import_sgip({a, b});
  ASSERT_FALSE(imported.ok());
  EXPECT_NE(imported.error().message.find("disagree at 2020-01-01T00:05:00Z"), std::string::npos);
  const auto same = import_sgip({a, a});
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->counts.duplicates, 2U);
  EXPECT_EQ(same->counts.missing, 31U * 288U - 2U);
  std::filesystem::remove_all(folder);
}

TEST(ReadSgip, the_file_name_says_the_zone_and_other_names_ask_for_it) {
  EXPECT_EQ(sgip_zone("a/SGIP_CAISO_SCE_2020-01.csv.gz"), "SGIP_CAISO_SCE");
  for (const auto* name :
       {"may.csv", "SGIP_CAISO_SCE.csv", "SGIP_CAISO_SCE_2020.csv", "x_SGIP_CAISO_SCE_2020-01.csv"}) {
    EXPECT_EQ(sgip_zone(name), "") << name;
  }
  const auto named = read_text(kTwoRows, "SGIP_CAISO_SCE_2020-01.csv");
  ASSERT_TRUE(named.ok()) << named.error().message;
  EXPECT_EQ(named->series.front().series.zone(), "SGIP_CAISO_SCE");
  EXPECT_EQ(named->series.front().issued->horizon, 1U);
  expect_refused(read_text(kTwoRows, "may.csv"), "may.csv: the file does not say which zone");
  Options options;
  options.zones = {"SGIP_SMUD"};
  EXPECT_EQ(read_text(kTwoRows, "may.csv", options)->series.front().series.zone(), "SGIP_SMUD");
  expect_refused(read_text(kTwoRows, "SGIP_CAISO_SCE_2020-01.csv", options), "SGIP_CAISO_SCE",
                 base::ErrorKind::kNoData);
  options.zones.clear();
  options.unit = parse_unit("lb/MWh");
  expect_refused(read_text(kTwoRows, "SGIP_CAISO_SCE_2020-01.csv", options), "--unit says lb/MWh");
}

TEST(ReadSgip, an_empty_field_is_missing_and_never_zero) {
  const auto read = read_text("time,moer,f1\n2020-01-01 00:00:00+00:00,,0.5\n2020-01-01 00:05:00+00:00,0.25,\n",
                              "SGIP_CAISO_PGE_2020-01.csv");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const auto& one = read->series.front();
  EXPECT_TRUE(series::is_missing(one.series[0]));
  EXPECT_EQ(one.series[1], 250.0);
  EXPECT_EQ(one.counts.missing, 31U * 288U - 1U);
  EXPECT_EQ(one.counts.zeros, 0U);
  EXPECT_EQ(one.issued->at(0, 1), 500.0F);
  EXPECT_TRUE(std::isnan(one.issued->at(1, 1)));
}

TEST(ParseSgip, bad_rows_name_file_and_line) {
  const auto fails = [](std::string_view text, std::string_view part) {
    const auto rows = parse_sgip(text, "f.csv", true);
    ASSERT_FALSE(rows.ok()) << text;
    EXPECT_NE(rows.error().message.find(part), std::string::npos) << rows.error().message;
  };
  fails("", "f.csv: the file is empty");
  fails("zeit,moer\n", "f.csv:1: the header");
  fails("time,moer,f1\n2020-01-01 00:00:00,0.25,0.5\n", "f.csv:2:");
  fails("time,moer,f1\n2020-01-01 00:00:00+00:00,nan,0.5\n", "f.csv:2: moer");
  fails("time,moer,f1\n2020-01-01 00:00:00+00:00,0.2,1e999\n", "f.csv:2: forecast f1");
  fails("time,moer,f1\n2020-01-01 00:00:00+00:00,0.2\n", "f.csv:2: the row ends before forecast f1");
  fails("time,moer,f1\n2020-01-01 00:00:00+00:00,0.2,0.3,0.4\n", "f.csv:2: the row has more fields");
  fails("time,moer,f1\n2020-01-01 00:00:00+00:00\n", "f.csv:2: the row ends behind its time");
  fails("time,moer,f2\n", "f.csv:1: column 3 is \"f2\", expected f1");
  std::string wide = "time,moer";
  for (int i = 1; i < 400; ++i) wide += ",f" + std::to_string(i);
  fails(wide, "more than 288 forecast columns");
}

}  // namespace
}  // namespace ebb::formats
