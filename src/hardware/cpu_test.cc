#include "hardware/cpu.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "hardware/cpu_family.h"
#include "hardware/power_model.h"
#include "support/real_data.h"

namespace ebb::hardware {
namespace {

CpuIdentity guest(const std::string& vendor, const std::string& name, int family, int model, int stepping = 0) {
  return {vendor, name, family, model, stepping, 8, 1, 8, true};
}
CpuIdentity intel(const std::string& name, int model, int stepping = 0) {
  return guest("GenuineIntel", name, 6, model, stepping);
}
CpuIdentity amd(const std::string& name, int family, int model) { return guest("AuthenticAMD", name, family, model); }
CpuIdentity arm(int part) { return {"0x41", "", 8, part, 1, 4, 0, 0, false}; }

double width(const CpuPower& cpu) { return cpu.high_factor / cpu.low_factor; }

std::string error_of(const std::string& rows) {
  const auto parsed = parse_cpu_powers("name,cores,threads,tdp_w,low_w,high_w,idle_w,full_w,source\n" + rows, "x.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(Cpu, the_table_that_ships_is_in_order_and_every_row_has_a_source_and_is_found) {
  const auto rows = parse_cpu_powers(cpu_power_table(), "cpu_power.csv");
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_GT(rows->size(), 4000U);
  for (const auto& row : *rows) {
    EXPECT_FALSE(row.source.empty()) << row.name;
    const auto cpu = find_cpu_by_name(row.name);
    ASSERT_TRUE(cpu.ok()) << row.name;
    EXPECT_EQ(cpu->name, row.name);
    EXPECT_EQ(cpu->tdp, row.tdp);
    EXPECT_GT(cpu->idle, units::Power{}) << row.name;
    EXPECT_LT(cpu->idle, cpu->full) << row.name;
    EXPECT_GE(cpu->threads, 1);
    EXPECT_TRUE(cpu->low_factor <= kModelLow && cpu->high_factor >= kModelHigh) << row.name;
  }
}

TEST(Cpu, a_named_cpu_of_a_cloud_machine_is_its_share_of_the_package) {
  const auto cpu = find_cpu(intel("Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz", 85, 7));
  EXPECT_EQ(cpu.match, CpuMatch::kExactName);
  EXPECT_EQ(cpu.name, "Intel Xeon Platinum 8259CL");
  EXPECT_EQ(cpu.threads, 48);
  EXPECT_EQ(units::in_watts(cpu.tdp), 210.0);
  EXPECT_TRUE(cpu.measured);
  EXPECT_NEAR(units::in_watts(package_power(cpu, 1.0, 8).value), units::in_watts(cpu.full) / 6.0, 1e-9);
}

TEST(Cpu, a_whole_machine_is_its_sockets_whatever_is_switched_off) {
  // Two sockets of 24 cores with one thread each: threads off in the firmware.
  auto whole = intel("Intel(R) Xeon(R) Platinum 8260 CPU @ 2.40GHz", 85, 7);
  whole.virtual_machine = false;
  whole.logical_cpus = 48;
  whole.sockets = 2;
  whole.threads_per_socket = 24;
  const auto cpu = find_cpu(whole);
  EXPECT_NEAR(units::in_watts(package_power(cpu, 1.0, 48).value), 2.0 * units::in_watts(cpu.full), 1e-9);
  whole.threads_per_socket = 0;  // older kernels
  EXPECT_EQ(find_cpu(whole).threads, 24);
}

TEST(Cpu, masked_names_are_known_by_family) {
  const std::vector<std::pair<CpuIdentity, std::string>> masked = {
      {amd("AMD EPYC Processor", 23, 1), "EPYC Naples"},
      {amd("AMD EPYC", 23, 49), "EPYC Rome"},
      {amd("AMD EPYC-Rome Processor", 23, 49), "EPYC Rome"},
      {amd("AMD EPYC 7B13", 25, 1), "EPYC Milan"},
      {amd("AMD EPYC 9V74 80-Core Processor", 25, 17), "EPYC Genoa"},
      {amd("AMD EPYC", 25, 160), "EPYC Bergamo"},
      {amd("AMD EPYC 9V45 96-Core Processor", 26, 2), "EPYC Turin"},
      {amd("AMD EPYC", 26, 17), "EPYC Turin Dense"},
      {intel("Intel Xeon Processor (Skylake, IBRS)", 85, 4), "Skylake-SP"},
      {intel("Intel Xeon Processor (Cascadelake)", 85, 6), "Cascade Lake-SP"},
      {intel("Intel(R) Xeon(R) Processor @ 2.50GHz", 85, 7), "Cascade Lake-SP"},
      {intel("Intel(R) Xeon(R) CPU @ 2.20GHz", 79), "Broadwell-EP"},
      {intel("Intel(R) Xeon(R) CPU @ 2.60GHz", 106, 6), "Ice Lake-SP"},
      {intel("Intel Xeon Processor (Icelake)", 134), "Ice Lake-SP"},
      {intel("Intel Core Processor (Haswell, no TSX, IBRS)", 60, 1), "Haswell-EP"},
      {intel("Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz", 143, 8), "Sapphire Rapids"},
      {intel("Intel(R) Xeon(R) Platinum 8488C", 143, 8), "Sapphire Rapids"},
      {intel("INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.10GHz", 207, 2), "Emerald Rapids"},
      {intel("Intel(R) Xeon(R) 6975P-C", 173, 1), "Granite Rapids"},
      {arm(0xd0c), "Neoverse N1"},
      {arm(0xd40), "Neoverse V1"},
      {arm(0xd4f), "Neoverse V2"},
      {arm(0xd49), "Neoverse N2"},
      {arm(0xd08), "Cortex-A72"}};
  for (const auto& [identity, name] : masked) {
    const auto cpu = find_cpu(identity);
    EXPECT_EQ(cpu.name, name) << identity.model_name;
    EXPECT_EQ(cpu.match, CpuMatch::kFamily) << identity.model_name;
  }
}

TEST(Cpu, what_nobody_knows_gets_the_vendors_figures_never_85_watts) {
  const std::vector<std::pair<CpuIdentity, std::string>> strangers = {
      {intel("QEMU Virtual CPU version 2.5+", 6, 3), "Intel server CPU"},
      {amd("QEMU Virtual CPU version 2.5+", 15, 107), "AMD server CPU"},
      {arm(0xfff), "ARM server CPU"},
      {CpuIdentity{}, "unknown server CPU"},
      {parse_cpuinfo("nonsense"), "unknown server CPU"}};
  for (const auto& [identity, name] : strangers) {
    const auto cpu = find_cpu(identity);
    EXPECT_EQ(cpu.name, name);
    EXPECT_EQ(cpu.match, CpuMatch::kVendorDefault);
    EXPECT_GT(width(cpu), 5.0) << name;
    EXPECT_FALSE(cpu.source.empty());
  }
  EXPECT_EQ(unknown_cpu().name, "unknown server CPU");
}

TEST(Cpu, the_less_is_known_the_wider_the_interval) {
  const auto exact = find_cpu(intel("Intel(R) Xeon(R) Platinum 8260 CPU @ 2.40GHz", 85, 7));
  EXPECT_NEAR(exact.low_factor, kModelLow, 1e-12);
  EXPECT_NEAR(exact.high_factor, kModelHigh, 1e-12);
  for (const auto& family : cpu_families()) {
    if (family.family == 0) continue;
    const auto masked = find_cpu_by_name(family.name);
    ASSERT_TRUE(masked.ok()) << family.name;
    EXPECT_LT(width(exact), width(*masked)) << family.name;
    EXPECT_LT(width(*masked), width(find_cpu({family.vendor, "", 0, 0, 0, 4, 1, 4, true}))) << family.name;
    EXPECT_LT(width(*masked), width(unknown_cpu())) << family.name;
  }
}

TEST(Cpu, threads_that_no_table_gives_come_from_the_name_or_are_guessed_with_a_wider_interval) {
  const auto named = find_cpu(amd("AMD Ryzen Threadripper 1950X 16-Core Processor", 23, 1));
  EXPECT_EQ(named.threads, 32);
  EXPECT_NEAR(named.low_factor, kModelLow, 1e-12);
  const auto guessed = find_cpu(intel("Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz", 158));
  EXPECT_EQ(guessed.match, CpuMatch::kExactName);
  EXPECT_GT(guessed.threads, 4);
  EXPECT_GT(width(guessed), width(named));
}

TEST(Cpu, sources_that_disagree_widen_the_interval_and_are_both_named) {
  const auto cpu = find_cpu_by_name("Xeon E5-2687W v2");
  ASSERT_TRUE(cpu.ok());
  EXPECT_EQ(units::in_watts(cpu->tdp), 150.0);
  EXPECT_NE(cpu->source.find("C=150 T=130"), std::string::npos) << cpu->source;
  EXPECT_LT(cpu->low_factor, kModelLow);
}

TEST(Cpu, mlco2s_misnamed_xeons_do_not_touch_the_right_ones) {
  EXPECT_EQ(units::in_watts(find_cpu_by_name("Xeon E5-2650")->tdp), 95.0);
  EXPECT_EQ(units::in_watts(find_cpu_by_name("Xeon E5-2650 v4")->tdp), 105.0);
  EXPECT_NE(find_cpu_by_name("Xeon E5-2699 v3")->source.find('M'), std::string::npos);
}

TEST(Cpu, people_may_leave_out_words_but_not_guess) {
  EXPECT_EQ(find_cpu_by_name("8175M")->name, "Intel Xeon Platinum 8175M");
  EXPECT_EQ(find_cpu_by_name("epyc 7763")->name, "AMD EPYC 7763");
  EXPECT_EQ(find_cpu_by_name("EPYC 3rd Gen")->name, "EPYC Milan");
  EXPECT_EQ(find_cpu_by_name("Graviton2")->name, "AWS Graviton2");
  const auto several = find_cpu_by_name("E5-2670");
  ASSERT_FALSE(several.ok());
  EXPECT_NE(several.error().message.find("Intel Xeon E5-2670 v2"), std::string::npos) << several.error().message;
  const auto unknown = find_cpu_by_name("Xeon Platinum 8259XX");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(unknown.error().message.find("8259"), std::string::npos) << unknown.error().message;
  EXPECT_FALSE(find_cpu_by_name("").ok());
  EXPECT_FALSE(find_cpu_by_name(std::string(100'000, 'x')).ok());
}

TEST(Cpu, a_corrupted_table_is_refused_with_file_and_line) {
  EXPECT_EQ(error_of("A 1,2,4,10,,,,,C\nB 1,,,10,9,11,1,8,T\n"), "");
  EXPECT_EQ(error_of("A 1,2,4,10,,,,,\n"), "x.csv:2: the field \"source\" is empty");
  EXPECT_EQ(error_of("A 1,2,4,0,,,,,C\n"), "x.csv:2: tdp_w is 0, less than 0.01");
  EXPECT_EQ(error_of("A 1,2,4,nan,,,,,C\n"), "x.csv:2: \"nan\" is no number in tdp_w");
  EXPECT_EQ(error_of("A 1,2,1,10,,,,,C\n"), "x.csv:2: fewer threads than cores");
  EXPECT_EQ(error_of("A 1,1.5,4,10,,,,,C\n"), "x.csv:2: cores is no count");
  EXPECT_EQ(error_of("A 1,2,4,10,11,12,,,C\n"), "x.csv:2: low_w, tdp_w and high_w are not in rising order");
  EXPECT_EQ(error_of("A 1,2,4,10,,,5,,C\n"), "x.csv:2: idle_w and full_w are not both given and in rising order");
  EXPECT_EQ(error_of("A 1,2,4,10,,,9,8,C\n"), "x.csv:2: idle_w and full_w are not both given and in rising order");
  EXPECT_NE(error_of("B 1,,,10,,,,,C\nA 1,,,10,,,,,C\n").find("x.csv:3: \"A 1\" is not in order"), std::string::npos);
  EXPECT_EQ(error_of("A 1,,,10,,,,,C\nA-1,,,10,,,,,C\n"), "x.csv:3: \"A-1\" comes twice");
}

TEST(Cpu, every_cpu_of_the_measured_load_profiles_is_found_by_the_name_in_its_files) {
  const std::string folder = test::real_data_folder() + "/power/codecarbon-cpu-load";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << test::kNoRealData;
  int found = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    // compare_cpu_load_and_RAPL-all_cores-<name with _ for blanks>-2025-01-14.csv
    std::string name = entry.path().filename().string();
    const auto begin = name.find("_cores-");
    const auto end = name.find("-2025");
    if (begin == std::string::npos || end == std::string::npos) continue;
    name = name.substr(begin + 7, end - begin - 7);
    for (char& c : name) c = c == '_' ? ' ' : c;
    const auto cpu = find_cpu_by_name(name);
    ASSERT_TRUE(cpu.ok()) << name;
    EXPECT_EQ(cpu->match, CpuMatch::kExactName) << name;
    EXPECT_TRUE(cpu->measured) << name;
    ++found;
  }
  EXPECT_GE(found, 10);
}

}  // namespace
}  // namespace ebb::hardware
