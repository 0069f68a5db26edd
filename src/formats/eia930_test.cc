#include "formats/eia930.h"

#include <gtest/gtest.h>

#include "formats/fuel_factors.h"
#include "formats/read.h"
#include "formats/test_expect.h"
#include "time/text.h"

namespace ebb::formats {
namespace {

std::string row(const std::string& hour, const std::string& fuel, const std::string& value) {
  return R"({"period":"2022-10-31T)" + hour + R"(","respondent":"CISO","respondent-name":"x","fueltype":")" + fuel +
         R"(","type-name":"x","value":)" + value + R"(,"value-units":"megawatthours"})";
}
std::string page(const std::string& rows, const std::string& total = "\"4\"") {
  return R"({"response":{"total":)" + total + R"(,"dateFormat":"YYYY-MM-DD\"T\"HH24","frequency":"hourly","data":[)" +
         rows + R"(],"description":"x"},"apiVersion":"2.0.3"})";
}
const std::string kMix = row("12", "NG", "\"300\"") + "," + row("12", "WND", "100") + "," + row("11", "NG", "100") +
                         "," + row("11", "WND", "300");

TEST(Eia930, the_mix_of_each_hour_is_priced_direct_and_lifecycle) {
  const auto read = read_text(page(kMix), "eia.json");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->format, "eia930");
  ASSERT_EQ(read->series.size(), 2U);
  const auto& direct = read->series[0].series;
  const auto& lifecycle = read->series[1].series;
  EXPECT_EQ(direct.signal().scope, series::SignalScope::kDirect);
  EXPECT_EQ(lifecycle.signal(), series::kAverageLifecycle);
  // The period is the hour's end; the newest stands first, as the API gives it.
  EXPECT_EQ(time::text_of(direct.begin()), "2022-10-31T10:00:00Z");
  EXPECT_DOUBLE_EQ(direct[0], 439.98 * 100 / 400);
  EXPECT_DOUBLE_EQ(direct[1], 439.98 * 300 / 400);
  EXPECT_DOUBLE_EQ(lifecycle[0], (490.0 * 100 + 11.0 * 300) / 400);
  EXPECT_EQ(direct.provenance().quality.modelled, 1.0);
  EXPECT_NE(read->notes.back().find("imports and exports are left out"), std::string::npos);
}

TEST(Eia930, pages_are_put_together_before_hours_are_priced) {
  const auto comma = kMix.find("},{") + 1;
  const auto first = page(kMix.substr(0, comma));
  const auto second = page(kMix.substr(comma + 1));
  const auto read = parse_eia930({first, second});
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_DOUBLE_EQ(read->series[0].series[1], 439.98 * 300 / 400);
  EXPECT_EQ(read->series[0].counts.missing, 0U);
  const auto half = parse_eia930({first});
  ASSERT_TRUE(half.ok());
  EXPECT_EQ(half->notes.front(), "1 rows are here of the 4 that EIA has: the other pages are missing");
}

TEST(Eia930, an_hour_without_one_of_its_fuels_is_missing_not_cleaner) {
  const auto gap =
      parse_eia930({page(row("11", "NG", "100") + "," + row("11", "WND", "300") + "," + row("12", "WND", "300") + "," +
                         row("13", "NG", "null") + "," + row("13", "WND", "300"))});
  ASSERT_TRUE(gap.ok()) << gap.error().message;
  EXPECT_EQ(gap->series[0].counts.missing, 2U);
}

TEST(Eia930, storage_and_fuels_without_a_factor_are_left_out_and_said) {
  const auto read = parse_eia930({page(row("11", "NG", "100") + "," + row("11", "BAT", "-50") + "," +
                                       row("11", "OTH", "25") + "," + row("11", "SUN", "-1"))});
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_DOUBLE_EQ(read->series[0].series[0], 439.98);
  std::string notes;
  for (const auto& note : read->notes) notes += note + "\n";
  EXPECT_NE(notes.find("no factor is known for other: 20.00%"), std::string::npos) << notes;
  EXPECT_NE(notes.find("storage (battery)"), std::string::npos) << notes;
  EXPECT_NE(notes.find("1 negative figures"), std::string::npos) << notes;
}

TEST(Eia930, two_values_of_one_hour_and_fuel_are_refused_naming_both) {
  expect_refused(parse_eia930({page(row("11", "NG", "100") + "," + row("11", "NG", "101"))}),
                 "EIA-930: response.data[0] and EIA-930: response.data[1] give two values");
  const auto same = parse_eia930({page(row("11", "NG", "100") + "," + row("11", "NG", "100"))});
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->counts().duplicates, 1U);
}

TEST(Eia930, what_is_no_such_answer_is_refused) {
  expect_refused(parse_eia930({R"({"error":"API_KEY_INVALID","code":"x"})"}), "API_KEY_INVALID");
  expect_refused(parse_eia930({"{}"}), "expected {\"response\"");
  expect_refused(parse_eia930({page("")}), "no rows", base::ErrorKind::kNoData);
  expect_refused(parse_eia930({page(row("11", "XYZ", "1"))}), "fuel \"XYZ\"");
  expect_refused(parse_eia930({page(row("25", "NG", "1"))}), "response.data[0]: period");
  expect_refused(parse_eia930({page(R"({"period":"2022-10-31T11","respondent":"CISO","type":"D","value":1})")}),
                 "fuel-type-data");
}

TEST(Eia930, local_hours_carry_their_offset) {
  const auto read = parse_eia930({page(row("04-07", "NG", "100"))});
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(time::text_of(read->series[0].series.begin()), "2022-10-31T10:00:00Z");
}

TEST(FuelFactors, every_row_has_its_sources_and_direct_figures_are_pounds_of_the_eia) {
  ASSERT_EQ(fuel_factors().size(), 16U);
  EXPECT_NEAR(*fuel_factor("COL")->direct_g_per_kwh, 2.30 * 453.59237, 0.005);
  EXPECT_NEAR(*fuel_factor("NG")->direct_g_per_kwh, 0.97 * 453.59237, 0.005);
  EXPECT_NEAR(*fuel_factor("OIL")->direct_g_per_kwh, 2.38 * 453.59237, 0.005);
  EXPECT_NEAR(*fuel_factor("OIL")->lifecycle_g_per_kwh, 820.0 * 77400 / 94600, 0.05);
  EXPECT_EQ(fuel_factor("XYZ"), nullptr);
  expect_refused(
      parse_fuel_factors("fuel,name,kind,direct_g_per_kwh,direct_source,lifecycle_g_per_kwh,lifecycle_source\n"
                         "NG,gas,generation,1,,2,s\n",
                         "f.csv"),
      "f.csv:2");
}

}  // namespace
}  // namespace ebb::formats
