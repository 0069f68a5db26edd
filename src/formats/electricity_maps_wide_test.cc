#include "formats/electricity_maps_wide.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/real_data.h"

namespace ebb::formats {
namespace {

TEST(ImportElectricityMaps, the_wide_file_has_twenty_three_zones_two_of_them_constant) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  const auto imported = import_electricity_maps_wide(folder + "/grid/emaps-2022-derived/carbon_2022.csv");
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  EXPECT_EQ(imported->series.size(), 23U);
  EXPECT_EQ(imported->counts.rows, 8760U);
  std::size_t constant = 0;
  for (const auto& series : imported->series) {
    const auto [low, high] = std::minmax_element(series.values().begin(), series.values().end());
    constant += *low == *high ? 1 : 0;
    EXPECT_EQ(series.signal(), series::kAverageLifecycle);
  }
  EXPECT_EQ(constant, 2U);
}

}  // namespace
}  // namespace ebb::formats
