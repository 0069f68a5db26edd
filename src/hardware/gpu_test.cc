#include "hardware/gpu.h"

#include <gtest/gtest.h>

#include <string>

namespace ebb::hardware {
namespace {

using units::in_watts;

double limit_of(const std::string& name) {
  const auto gpu = find_gpu(name);
  EXPECT_TRUE(gpu.ok()) << name;
  return gpu.ok() ? in_watts(gpu->limit) : 0.0;
}

std::string error_of(const std::string& rows) {
  const auto parsed = parse_gpu_powers("name,also,kind,tdp_w,low_w,high_w,idle_w,memory_gb,source\n" + rows, "x.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(Gpu, every_row_that_ships_has_a_source_and_is_found_by_each_of_its_names) {
  ASSERT_GE(gpu_powers().size(), 100U);
  for (const auto& gpu : gpu_powers()) {
    EXPECT_FALSE(gpu.source.empty()) << gpu.name;
    auto names = gpu.also;
    names.push_back(gpu.name);
    names.push_back("NVIDIA " + gpu.name);
    for (const auto& name : names) EXPECT_EQ(find_gpu(name)->name, gpu.name) << name;
  }
}

TEST(Gpu, the_v100s_that_mlco2_swaps_are_the_right_way_round) {
  EXPECT_EQ(limit_of("Tesla V100-SXM2-16GB"), 300.0);
  EXPECT_EQ(limit_of("Tesla V100-SXM2-32GB"), 300.0);
  EXPECT_EQ(limit_of("Tesla V100-PCIE-16GB"), 250.0);
  EXPECT_EQ(limit_of("Tesla V100-PCIE-32GB"), 250.0);
  EXPECT_EQ(in_watts(find_gpu("V100")->limit_low), 250.0);
  EXPECT_EQ(in_watts(find_gpu("V100")->limit_high), 300.0);
  EXPECT_EQ(limit_of("GeForce GTX 750"), 55.0);
}

TEST(Gpu, names_as_nvidia_smi_prints_them_are_found) {
  EXPECT_EQ(find_gpu("NVIDIA A100-SXM4-80GB")->name, "A100 SXM4 80GB");
  EXPECT_EQ(find_gpu("NVIDIA A100 80GB PCIe")->name, "A100 PCIe 80GB");
  EXPECT_EQ(find_gpu("NVIDIA A100-PCIE-40GB")->name, "A100 PCIe 40GB");
  EXPECT_EQ(find_gpu("NVIDIA A100-SXM4-40GB MIG 1g.5gb")->name, "A100 SXM4 40GB");
  EXPECT_EQ(find_gpu("NVIDIA H100 80GB HBM3")->name, "H100 SXM");
  EXPECT_EQ(find_gpu("NVIDIA H100 PCIe")->name, "H100 PCIe");
  EXPECT_EQ(find_gpu("NVIDIA GH200 480GB")->name, "GH200");
  EXPECT_EQ(find_gpu("NVIDIA TITAN X (Pascal)")->name, "TITAN X Pascal");
  EXPECT_EQ(find_gpu("NVIDIA RTX 6000 Ada Generation")->name, "RTX 6000 Ada");
  EXPECT_EQ(find_gpu("NVIDIA GeForce RTX 3080 Ti")->name, "RTX 3080 Ti");
  EXPECT_EQ(find_gpu("AMD Instinct MI250X")->name, "MI250X");
  for (const auto& [name, watts] :
       {std::pair("H200", 700.0), std::pair("B200", 1000.0), std::pair("L4", 72.0), std::pair("L40S", 350.0),
        std::pair("MI300X", 750.0), std::pair("TITAN X", 250.0)}) {
    EXPECT_EQ(limit_of(name), watts) << name;
  }
}

TEST(Gpu, other_boards_and_nonsense_are_unknown_with_the_nearest_names) {
  EXPECT_FALSE(find_gpu("NVIDIA A1000").ok());
  EXPECT_FALSE(find_gpu("NVIDIA GeForce RTX 3080 Laptop GPU").ok());
  EXPECT_FALSE(find_gpu("GeForce RTX 2080 with Max-Q Design").ok());
  EXPECT_FALSE(find_gpu("").ok());
  const auto typo = find_gpu("V10O");
  ASSERT_FALSE(typo.ok());
  EXPECT_EQ(typo.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(typo.error().message.find("V100"), std::string::npos) << typo.error().message;
}

TEST(Gpu, power_grows_with_utilisation_and_stays_below_the_limit) {
  for (const auto& gpu : gpu_powers()) {
    PowerRange last{units::watts(-1), units::watts(-1), units::watts(-1)};
    for (int percent = 0; percent <= 100; percent += 10) {
      const auto power = gpu_power(gpu, percent / 100.0);
      EXPECT_TRUE(units::Power{} < power.low && power.low <= power.value && power.value <= power.high)
          << gpu.name << ' ' << percent;
      EXPECT_TRUE(power.low >= last.low && power.value > last.value && power.high >= last.high) << gpu.name;
      EXPECT_LE(power.high, gpu.limit_high) << gpu.name;
      last = power;
    }
    EXPECT_EQ(gpu_power(gpu, 7.0).value, gpu_power(gpu, 1.0).value);
  }
}

TEST(Gpu, the_papers_training_lies_within_the_interval) {
  const auto power = gpu_power(*find_gpu("TITAN X"), 1.0);
  EXPECT_LT(in_watts(power.low), 187.1);
  EXPECT_GT(in_watts(power.high), 187.1);
}

TEST(Gpu, a_known_idle_power_is_used_and_may_be_exceeded_by_a_board_that_holds_a_model) {
  const auto h100 = *find_gpu("H100 SXM");
  EXPECT_EQ(gpu_power(h100, 0.0).value, h100.idle);
  EXPECT_GT(in_watts(gpu_power(h100, 0.0).high), 117.0);  // what boards with a loaded model show
}

TEST(Gpu, a_corrupted_table_is_refused_with_file_and_line) {
  EXPECT_EQ(error_of("A1,B1|B2,gpu,100,,,10,16,s\n"), "");
  EXPECT_EQ(error_of("A1,,gpu,100,,,,16,\n"), "x.csv:2: the field \"source\" is empty");
  EXPECT_EQ(error_of("A1,,gpu,0,,,,16,s\n"), "x.csv:2: tdp_w is 0, less than 0.1");
  EXPECT_EQ(error_of("A1,,gpu,100,110,,,16,s\n"), "x.csv:2: low_w, tdp_w and high_w are not in rising order");
  EXPECT_EQ(error_of("A1,,gpu,100,,,101,16,s\n"), "x.csv:2: idle_w is above the limit");
  EXPECT_EQ(error_of("A1,,cpu,100,,,,16,s\n"), "x.csv:2: `kind` is neither gpu nor tpu");
  EXPECT_EQ(error_of("A1,B1,gpu,100,,,,16,s\nb1,,gpu,100,,,,16,s\n"), "x.csv:3: the name \"b1\" comes twice");
  EXPECT_EQ(error_of("-,,gpu,100,,,,16,s\n"), "x.csv:2: \"-\" is no name");
}

}  // namespace
}  // namespace ebb::hardware
