#include "grid/cloud_region.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "grid/annual.h"
#include "grid/regions.h"
#include "hardware/pue.h"

namespace ebb::grid {
namespace {

constexpr const char* kHeader = "provider,region,place,country,zone,latitude,longitude,pue,pue_source,basis,source\n";

std::string error_of(const std::string& rows) {
  const auto parsed = parse_cloud_regions(kHeader + rows, "x.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(CloudRegion, is_found_with_and_without_its_provider_whatever_the_case) {
  ASSERT_TRUE(find_cloud_region("aws:us-east-1").has_value());
  EXPECT_EQ(find_cloud_region("aws:us-east-1")->zone, "US-MIDA-PJM");
  EXPECT_EQ(find_cloud_region("us-west-1")->full_name(), "aws:us-west-1");
  EXPECT_EQ(find_cloud_region("us-west1")->full_name(), "gcp:us-west1");
  EXPECT_EQ(find_cloud_region("Azure:WestUS")->zone, "US-CAL-CISO");
  EXPECT_EQ(find_cloud_region("gcp:europe-west9")->place, "Paris");
}

TEST(CloudRegion, nothing_for_what_no_provider_has) {
  EXPECT_FALSE(find_cloud_region("aws:westus").has_value()) << "that is Azure's";
  EXPECT_FALSE(find_cloud_region("us-east-9").has_value());
  EXPECT_FALSE(find_cloud_region(":us-east-1").has_value());
  EXPECT_FALSE(find_cloud_region("aws:").has_value());
  EXPECT_FALSE(find_cloud_region("").has_value());
}

TEST(CloudRegion, every_one_has_a_zone_with_figures_and_a_provider_with_a_pue) {
  std::map<std::string, int> count;
  for (const auto& region : cloud_regions()) {
    ++count[region.provider];
    EXPECT_FALSE(annual_intensities(region.zone).empty()) << region.full_name();
    EXPECT_TRUE(hardware::find_pue(region.provider).ok()) << region.provider;
    EXPECT_EQ(find_cloud_region(region.full_name())->zone, region.zone);
    EXPECT_TRUE(find_cloud_region(region.region).has_value()) << "no two providers share a name: " << region.region;
  }
  EXPECT_GE(count["aws"], 30);
  EXPECT_GE(count["azure"], 50);
  EXPECT_GE(count["gcp"], 40);
}

TEST(CloudRegion, the_papers_regions_lie_in_their_stand_in_zones) {
  for (const auto& paper : paper_regions()) {
    const auto region = find_cloud_region(paper.cloud_region);
    ASSERT_TRUE(region.has_value()) << paper.cloud_region;
    EXPECT_EQ(region->zone, paper.stand_in_zone) << paper.cloud_region;
  }
}

TEST(CloudRegion, a_site_of_its_own_pue_keeps_it) {
  EXPECT_EQ(find_cloud_region("gcp:europe-west1")->pue, 1.08);
  EXPECT_FALSE(find_cloud_region("gcp:us-west2")->pue.has_value());
  EXPECT_NEAR(*find_cloud_region("azure:spaincentral")->longitude, -3.42, 0.01);
}

TEST(CloudRegion, a_broken_table_is_refused_with_line_and_reason) {
  EXPECT_EQ(error_of("aws,a,Here,FR,FR,,,,,[C],K\ngcp,a,Here,FR,FR,,,1.1,site,[C],K\n"), "");
  EXPECT_NE(
      error_of("aws,a,Here,FR,FR,,,,,[C],K\naws,A,Here,FR,FR,,,,,[C],K\n").find("x.csv:3: the region comes twice"),
      std::string::npos);
  EXPECT_NE(error_of("aws,b,Here,FR,FR,,,,,[C],K\naws,a,Here,FR,FR,,,,,[C],K\n").find("order"), std::string::npos);
  EXPECT_NE(error_of("aws,a,Here,FR,,,,,,[C],K\n").find("zone"), std::string::npos);
  EXPECT_NE(error_of("aws,a,Here,FR,FR,91,0,,,[C],K\n").find("latitude is 91"), std::string::npos);
  EXPECT_NE(error_of("aws,a,Here,FR,FR,0,-181,,,[C],K\n").find("longitude"), std::string::npos);
  EXPECT_NE(error_of("aws,a,Here,FR,FR,,,0.9,site,[C],K\n").find("pue"), std::string::npos);
  EXPECT_NE(error_of("aws,a,Here,FR,FR,,,1.1,,[C],K\n").find("PUE without a source"), std::string::npos);
  EXPECT_NE(error_of("aws,a:b,Here,FR,FR,,,,,[C],K\n").find("colon"), std::string::npos);
}

}  // namespace
}  // namespace ebb::grid
