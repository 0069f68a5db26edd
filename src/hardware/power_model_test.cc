#include "hardware/power_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "hardware/memory.h"

namespace ebb::hardware {
namespace {

using units::in_watts;

CpuPower some_cpu(const std::string& name) {
  const auto cpu = find_cpu_by_name(name);
  EXPECT_TRUE(cpu.ok()) << name;
  return cpu.ok() ? *cpu : unknown_cpu();
}

TEST(PowerModel, power_grows_with_load_between_idle_and_full_and_lies_within_its_range) {
  for (const char* name :
       {"Xeon Platinum 8259CL", "EPYC 7763", "Core i5-1145G7", "Graviton3", "EPYC Rome", "Raspberry Pi 4"}) {
    const auto cpu = some_cpu(name);
    units::Power last;
    for (int percent = 0; percent <= 100; ++percent) {
      const auto power = package_power(cpu, percent / 100.0, cpu.threads);
      EXPECT_GT(power.value, last) << name << ' ' << percent;
      EXPECT_TRUE(units::Power{} < power.low && power.low < power.value && power.value < power.high) << name;
      EXPECT_TRUE(power.value >= cpu.idle && power.value <= cpu.full) << name;
      EXPECT_EQ(power.level, 0.9);
      last = power.value;
    }
    EXPECT_EQ(package_power(cpu, 0.0, cpu.threads).value, cpu.idle);
    EXPECT_EQ(last, cpu.full);
  }
}

TEST(PowerModel, a_machine_is_its_share_of_a_package_or_several_of_them) {
  const auto cpu = some_cpu("Xeon Platinum 8175M");
  const double whole = in_watts(package_power(cpu, 0.5, 48).value);
  EXPECT_NEAR(in_watts(package_power(cpu, 0.5, 8).value), whole / 6.0, 1e-9);
  EXPECT_NEAR(in_watts(package_power(cpu, 0.5, 96).value), whole * 2.0, 1e-9);
  EXPECT_NEAR(in_watts(package_power(cpu, 0.5, 0.25).value), whole / 192.0, 1e-9);
}

TEST(PowerModel, the_idle_part_is_the_power_at_no_load) {
  const auto cpu = some_cpu("EPYC 7642");
  EXPECT_EQ(idle_package_power(cpu, 16).value, package_power(cpu, 0.0, 16).value);
  EXPECT_LT(idle_package_power(cpu, 16).high, package_power(cpu, 1.0, 16).high);
}

TEST(PowerModel, a_share_beyond_its_bounds_is_taken_as_the_bound) {
  const auto cpu = some_cpu("EPYC 7642");
  EXPECT_EQ(package_power(cpu, 1.2, 16).value, package_power(cpu, 1.0, 16).value);
  EXPECT_EQ(package_power(cpu, -0.1, 16).value, package_power(cpu, 0.0, 16).value);
}

TEST(PowerModelDeathTest, no_number_is_a_programmers_error) {
  EXPECT_DEATH(package_power(unknown_cpu(), std::nan(""), 1), "isfinite");
  EXPECT_DEATH(package_power(unknown_cpu(), 0.5, 0), "logical_cpus");
  EXPECT_DEATH(memory_power(-1.0), "gigabytes");
}

TEST(PowerModel, a_machine_has_its_cpus_and_its_memory) {
  const auto cpu = some_cpu("Xeon Platinum 8259CL");
  const auto machine = machine_power(cpu, 0.3, 8, 32.0);
  EXPECT_EQ(machine.cpu.value, package_power(cpu, 0.3, 8).value);
  EXPECT_EQ(machine.cpu_idle.value, idle_package_power(cpu, 8).value);
  EXPECT_EQ(machine.memory.value, memory_power(32.0).value);
  const auto sum = machine.cpu + machine.memory;
  EXPECT_EQ(sum.low, machine.cpu.low + machine.memory.low);
  EXPECT_EQ(sum.high, machine.cpu.high + machine.memory.high);
}

TEST(PowerModel, factors_combine_as_the_root_of_the_squares_of_their_logarithms) {
  EXPECT_NEAR(combined_factor(0.5, 1.0), 0.5, 1e-12);
  EXPECT_NEAR(combined_factor(1.0, 1.0), 1.0, 1e-12);
  EXPECT_NEAR(combined_factor(2.0, 2.0), std::pow(2.0, std::sqrt(2.0)), 1e-12);
  EXPECT_NEAR(combined_factor(0.5, 0.5), std::pow(0.5, std::sqrt(2.0)), 1e-12);
}

TEST(Memory, the_value_lies_among_the_published_coefficients_and_the_range_holds_all) {
  const auto each = memory_power(1.0);
  EXPECT_GT(in_watts(each.value), 0.3725 - 1e-9);
  EXPECT_LT(in_watts(each.value), 0.392);
  for (const auto& row : memory_rows()) {
    EXPECT_TRUE(each.low <= row.low && row.high <= each.high) << row.name;
    EXPECT_FALSE(row.source.empty() || row.licence.empty()) << row.name;
  }
  EXPECT_EQ(memory_power(0.0).high, units::Power{});
  EXPECT_NEAR(in_watts(memory_power(64.0).value), 64.0 * in_watts(each.value), 1e-9);
}

TEST(Memory, a_corrupted_table_is_refused_with_file_and_line) {
  const auto error_of = [](const std::string& rows) {
    const auto parsed =
        parse_memory_powers("name,w_per_gb,low_w_per_gb,high_w_per_gb,licence,source\n" + rows, "x.csv");
    return parsed.ok() ? "" : parsed.error().message;
  };
  EXPECT_EQ(error_of("a,0.4,0.1,1,MIT,s\n"), "");
  EXPECT_EQ(error_of("a,0.4,0.5,1,MIT,s\n"),
            "x.csv:2: low_w_per_gb, w_per_gb and high_w_per_gb are not in rising order");
  EXPECT_EQ(error_of("a,-0.4,-1,1,MIT,s\n"), "x.csv:2: w_per_gb is -0.4, less than 0");
  EXPECT_EQ(error_of("a,0.4,0.1,1,MIT,\n"), "x.csv:2: the field \"source\" is empty");
}

}  // namespace
}  // namespace ebb::hardware
