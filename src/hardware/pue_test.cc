#include "hardware/pue.h"

#include <gtest/gtest.h>

#include <string>

namespace ebb::hardware {
namespace {

constexpr const char* kPueHeader = "provider,name,pue,low,high,vintage,licence,range,source\n";

std::string pue_error(const std::string& rows) {
  const auto parsed = parse_pues(kPueHeader + rows, "x.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(Pue, every_row_that_ships_has_a_source_and_a_vintage_and_is_at_least_one) {
  ASSERT_GE(known_pues().size(), 6U);
  for (const auto& pue : known_pues()) {
    EXPECT_FALSE(pue.source.empty() || pue.vintage.empty() || pue.range.empty()) << pue.provider;
    EXPECT_TRUE(1.0 <= pue.low && pue.low <= pue.value && pue.value <= pue.high) << pue.provider;
  }
}

TEST(Pue, providers_are_found_whatever_their_case_and_unknown_ones_are_named) {
  EXPECT_EQ(find_pue("GCP")->value, 1.12);
  EXPECT_EQ(find_pue("aws")->value, 1.2);
  EXPECT_EQ(find_pue(" azure ")->value, 1.12);
  EXPECT_EQ(find_pue("unknown")->value, 1.56);
  EXPECT_EQ(find_pue("none")->high, 1.0);
  const auto missing = find_pue("azur");
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("azure"), std::string::npos) << missing.error().message;
}

TEST(Pue, a_corrupted_table_is_refused_with_file_and_line) {
  EXPECT_EQ(pue_error("gcp,Google,1.1,1.05,1.2,2023,CC,r,s\n"), "");
  EXPECT_EQ(pue_error("gcp,Google,0.9,0.8,1.2,2023,CC,r,s\n"), "x.csv:2: pue is 0.9, less than 1");
  EXPECT_NE(pue_error("gcp,Google,1.1,1.15,1.2,2023,CC,r,s\n").find("x.csv:2: low"), std::string::npos);
  EXPECT_EQ(pue_error("gcp,Google,1.1,1.05,1.2,2023,CC,r,\n"), "x.csv:2: the field \"source\" is empty");
  EXPECT_EQ(pue_error("gcp,G,1.1,1,1.2,2023,CC,r,s\nGCP,G,1.1,1,1.2,2023,CC,r,s\n"),
            "x.csv:3: the provider comes twice");
}

}  // namespace
}  // namespace ebb::hardware
