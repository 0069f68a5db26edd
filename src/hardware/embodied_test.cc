#include "hardware/embodied.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace ebb::hardware {
namespace {

using std::chrono::hours;

constexpr const char* kEmbodiedHeader =
    "# a comment\ndevice,kind,per,kg,low_kg,high_kg,lifetime_years,vintage,licence,range,source,weakness\n";

double kilograms(units::Emissions emissions) { return units::in_grams(emissions) / 1000.0; }

std::string embodied_error(const std::string& rows) {
  const auto parsed = parse_embodied(kEmbodiedHeader + rows, "x.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(Embodied, every_row_that_ships_has_a_source_a_vintage_a_licence_and_its_weakness) {
  ASSERT_GE(embodied_factors().size(), 10U);
  for (const auto& factor : embodied_factors()) {
    EXPECT_FALSE(factor.source.empty() || factor.vintage.empty() || factor.licence.empty()) << factor.device;
    EXPECT_FALSE(factor.weakness.empty() || factor.range.empty()) << factor.device;
    EXPECT_LT(factor.each.low, factor.each.high) << factor.device;
    EXPECT_EQ(factor.lifetime_years, 4.0) << factor.device;
  }
}

TEST(Embodied, the_parts_of_a_server_add_up_to_the_totals_of_cloud_carbon_footprint) {
  const auto total = [](int cpus, double memory, int ssds, int hdds, int gpus) {
    return kilograms(server_embodied({cpus, memory, ssds, hdds, gpus, "any-gpu"})->value);
  };
  EXPECT_NEAR(total(1, 32, 0, 0, 0), 1022.21, 0.01);    // a1.metal
  EXPECT_NEAR(total(2, 768, 2, 0, 8), 3543.79, 0.04);   // p3.16xlarge
  EXPECT_NEAR(total(2, 1152, 8, 0, 8), 4676.79, 0.04);  // p4d.24xlarge
  EXPECT_NEAR(total(2, 732, 0, 0, 16), 4493.82, 0.04);  // p2.16xlarge
  EXPECT_NEAR(total(1, 384, 0, 1, 0), 1560.79, 0.04);   // Azure Dav4: one CPU, one hard disk
}

TEST(Embodied, a_server_without_a_cpu_or_with_less_than_nothing_is_refused) {
  EXPECT_FALSE(server_embodied({0, 16, 0, 0, 0, "any-gpu"}).ok());
  EXPECT_FALSE(server_embodied({1, -1, 0, 0, 0, "any-gpu"}).ok());
  EXPECT_FALSE(server_embodied({1, 16, 0, 0, -1, "any-gpu"}).ok());
  EXPECT_FALSE(server_embodied({1, 16, 0, 0, 1, "abacus"}).ok());
}

TEST(Embodied, a_device_is_found_by_the_name_that_its_driver_gives) {
  EXPECT_EQ(find_embodied("NVIDIA A100-SXM4-80GB")->device, "A100");
  EXPECT_EQ(find_embodied("Tesla V100-SXM2-16GB")->device, "V100");
  EXPECT_EQ(find_embodied("NVIDIA TITAN X (Pascal)")->device, "TITAN X");
  EXPECT_EQ(find_embodied("GeForce GTX titan x")->device, "TITAN X");
  EXPECT_EQ(find_embodied("p40")->device, "P40");
  EXPECT_EQ(find_embodied("any-gpu")->device, "any-gpu");
  EXPECT_EQ(find_embodied("memory of a CPU")->device, "memory");
  EXPECT_EQ(find_embodied("CPU memory")->device, "memory");
}

TEST(Embodied, an_unknown_device_is_an_error_with_near_names_and_never_a_silent_default) {
  for (const char* name : {"A1000", "A10", "H100", "TITAN Xp", "TITAN", "", "--"}) {
    EXPECT_FALSE(find_embodied(name).ok()) << name;
  }
  const auto missing = find_embodied("A10");
  EXPECT_EQ(missing.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(missing.error().message.find("A100"), std::string::npos) << missing.error().message;
}

TEST(Embodied, a_share_follows_sci_total_by_time_by_resources) {
  // 4 GPUs for 6 h out of 4 years: 600 kg x 6 / 35,040.
  const auto share = embodied_share("V100", 4, hours(6));
  ASSERT_TRUE(share.ok());
  EXPECT_NEAR(units::in_grams(share->value), 600e3 * 6.0 / 35040.0, 1e-9);
  EXPECT_NEAR(units::in_grams(share->low), 240e3 * 6.0 / 35040.0, 1e-9);
  EXPECT_NEAR(units::in_grams(share->high), 1272e3 * 6.0 / 35040.0, 1e-9);
  const auto whole = server_embodied({2, 768, 2, 0, 8, "V100"});
  ASSERT_TRUE(whole.ok());
  const auto eighth = embodied_share(*whole, hours(35040), kLifetimeYear * 4, 1.0 / 8.0);
  EXPECT_NEAR(kilograms(eighth.value), kilograms(whole->value) / 8.0, 1e-9);
}

TEST(Embodied, shares_add_up_over_time_and_over_devices_and_shrink_with_lifetime) {
  const auto grams = [](double count, int hour, double years) {
    return units::in_grams(embodied_share("A100", count, hours(hour), years)->value);
  };
  EXPECT_NEAR(grams(1, 5, 4) + grams(1, 7, 4), grams(1, 12, 4), 1e-9);
  EXPECT_NEAR(grams(3, 5, 4), 3 * grams(1, 5, 4), 1e-9);
  EXPECT_NEAR(grams(1, 5, 8), grams(1, 5, 4) / 2, 1e-9);
  EXPECT_EQ(grams(1, 5, 0), grams(1, 5, 4));
  EXPECT_EQ(grams(0, 5, 4), 0.0);
  EXPECT_FALSE(embodied_share("A100", -1, hours(1)).ok());
}

TEST(Embodied, a_corrupted_table_is_refused_with_file_and_line) {
  const std::string good = "V100,gpu,unit,150,60,318,4,2021,CC,r,s,w\n";
  EXPECT_EQ(embodied_error(good), "");
  EXPECT_EQ(embodied_error(good + "A100,gpu,unit,15o,60,318,4,2021,CC,r,s,w\n"), "x.csv:4: \"15o\" is no number in kg");
  EXPECT_EQ(embodied_error(good + "A100,gpu,unit,150,60,318,4,2021,CC,r,,w\n"),
            "x.csv:4: the field \"source\" is empty");
  EXPECT_EQ(embodied_error("A100,gpu,unit,150,60,318,4,,CC,r,s,w\n"), "x.csv:3: the field \"vintage\" is empty");
  EXPECT_EQ(embodied_error("A100,gpu,unit,150,60\n"), "x.csv:3: 5 fields, but the header has 12");
  EXPECT_NE(embodied_error("A100,gpu,unit,150,160,318,4,2021,CC,r,s,w\n").find("x.csv:3: low_kg"), std::string::npos);
  EXPECT_NE(embodied_error("A100,gpu,unit,-150,-160,318,4,2021,CC,r,s,w\n").find("less than 0"), std::string::npos);
  EXPECT_NE(embodied_error("A100,gpu,dozen,150,60,318,4,2021,CC,r,s,w\n").find("x.csv:3: `per`"), std::string::npos);
  EXPECT_EQ(embodied_error(good + "v100,gpu,unit,1,1,1,4,2021,CC,r,s,w\n"), "x.csv:4: the device comes twice");
  EXPECT_EQ(embodied_error(""), "x.csv: there are no rows in it");
}

}  // namespace
}  // namespace ebb::hardware
