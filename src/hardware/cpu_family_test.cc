#include "hardware/cpu_family.h"

#include <gtest/gtest.h>

#include <string>

#include "hardware/power_model.h"

namespace ebb::hardware {
namespace {

constexpr const char* kHeader =
    "vendor,family,model_low,model_high,stepping_low,stepping_high,name,also,cores,threads,w_per_thread,"
    "low_w_per_thread,high_w_per_thread,server_max_w,source\n";
constexpr const char* kAny = "any,0,0,0,0,0,all,,32,64,3,1,9,,s\n";

std::string error_of(const std::string& rows) {
  const auto parsed = parse_cpu_families(kHeader + rows, "x.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(CpuFamily, a_virtual_machines_name_goes_before_its_numbers_as_hypervisors_invent_them) {
  CpuIdentity cpu{"GenuineIntel", "Intel Core Processor (Broadwell)", 6, 61, 2, 4, 4, 1, true};
  ASSERT_NE(family_of(cpu), nullptr);
  EXPECT_EQ(family_of(cpu)->name, "Broadwell-EP");
  cpu.virtual_machine = false;
  EXPECT_EQ(family_of(cpu), nullptr);
}

TEST(CpuFamily, one_model_number_holds_three_families_by_stepping) {
  const auto name_at = [](int stepping) {
    return family_of({"GenuineIntel", "", 6, 85, stepping, 4, 1, 4, false})->name;
  };
  EXPECT_EQ(name_at(4), "Skylake-SP");
  EXPECT_EQ(name_at(5), "Cascade Lake-SP");
  EXPECT_EQ(name_at(7), "Cascade Lake-SP");
  EXPECT_EQ(name_at(11), "Cooper Lake");
}

TEST(CpuFamily, our_power_by_thread_agrees_with_whole_servers_save_where_those_are_known_to_be_wrong) {
  for (const auto& family : cpu_families()) {
    if (family.server_each == units::Power{}) continue;
    const double ratio = units::as_number(family.server_each / family.each);
    if (family.name == "EPYC Turin") {
      EXPECT_GT(ratio, 2.0) << "ccf's figure seems mended: docs/power-model.md says it is not";
    } else {
      EXPECT_TRUE(ratio > 0.7 && ratio < 1.6) << family.name << ' ' << ratio;
    }
  }
}

TEST(CpuFamily, a_corrupted_table_is_refused_with_file_and_line) {
  EXPECT_EQ(error_of(kAny), "");
  EXPECT_EQ(error_of("x,6,85,85,0,4,n,,24,48,3,1,9,4,s\n"), "x.csv: there is no row for the vendor \"any\"");
  EXPECT_EQ(error_of("x,6,86,85,0,4,n,,24,48,3,1,9,4,s\n"),
            "x.csv:2: a range of models or steppings ends before it begins");
  EXPECT_EQ(error_of("x,6,85,85,0,4,n,,24,23,3,1,9,4,s\n"), "x.csv:2: fewer threads than cores, or no core");
  EXPECT_EQ(error_of("x,6,85,85,0,4,n,,0,48,3,1,9,4,s\n"), "x.csv:2: fewer threads than cores, or no core");
  EXPECT_EQ(error_of("x,6.5,85,85,0,4,n,,24,48,3,1,9,4,s\n"), "x.csv:2: family is no whole number");
  EXPECT_EQ(error_of("x,6,85,85,0,4,n,,24,48,3,4,9,4,s\n"),
            "x.csv:2: low_, w_ and high_w_per_thread are not in rising order");
  EXPECT_EQ(error_of("x,6,85,85,0,4,n,,24,48,3,1,9,4,\n"), "x.csv:2: the field \"source\" is empty");
}

}  // namespace
}  // namespace ebb::hardware
