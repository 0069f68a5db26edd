#include "carbon/ladder.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace ebb::carbon {
namespace {

constexpr const char* kHeader = "component,kind,watts,vintage,source\n";

std::string error_of(const std::string& rows) {
  const auto parsed = parse_component_powers(kHeader + rows, "w.csv");
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(Ladder, the_papers_table_1_is_251_6_watts_of_which_the_gpu_is_74_percent) {
  const auto& powers = dodge2022_component_powers();
  ASSERT_EQ(powers.size(), 5U);
  units::Power sum;
  for (const auto& component : powers) sum += component.power;
  EXPECT_NEAR(units::in_watts(sum), 251.6, 1e-9);
  const auto fractions = fractions_of(powers);
  const double printed[] = {0.74, 0.09, 0.04, 0.09, 0.04};
  for (std::size_t i = 0; i < powers.size(); ++i) EXPECT_NEAR(fractions[i], printed[i], 0.005) << powers[i].name;
  EXPECT_NEAR(std::accumulate(fractions.begin(), fractions.end(), 0.0), 1.0, 1e-12);
  EXPECT_EQ(powers[0].kind, ComponentKind::kGpu);
  EXPECT_EQ(powers[3].kind, ComponentKind::kDram);
}

TEST(Ladder, the_papers_bert_run_climbs_from_the_gpu_to_the_building) {
  std::vector<ComponentUse> uses;
  for (const auto& component : dodge2022_component_powers()) {
    const auto energy = component.power * units::seconds(12 * 3600.0);
    uses.push_back({component.name, component.kind, energy, energy * units::grams_per_kwh(400)});
  }
  const auto ladder = boundary_ladder(uses, 1.12, units::grams(50));
  EXPECT_NEAR(units::in_kwh(ladder.gpu.energy), 2.2452, 1e-9);
  EXPECT_NEAR(units::in_kwh(ladder.plus_cpu_memory.energy), 3.0192, 1e-9);
  EXPECT_NEAR(units::in_grams(*ladder.plus_cpu_memory.emissions), 1207.68, 1e-9);
  EXPECT_NEAR(units::in_grams(*ladder.plus_pue.emissions), 1207.68 * 1.12, 1e-9);
  EXPECT_NEAR(units::in_grams(*ladder.plus_embodied.emissions), 1207.68 * 1.12 + 50, 1e-9);
  EXPECT_EQ(ladder.plus_embodied.energy, ladder.plus_pue.energy);
}

TEST(Ladder, law_12_no_rung_is_lower_than_the_one_below) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0.0, 1e6);
  for (int round = 0; round < 300; ++round) {
    std::vector<ComponentUse> uses;
    for (const auto kind : {ComponentKind::kGpu, ComponentKind::kCpu, ComponentKind::kDram, ComponentKind::kOther}) {
      if (uniform(random) < 3e5) continue;
      uses.push_back({"x", kind, units::joules(uniform(random)), units::grams(uniform(random))});
    }
    const auto ladder = boundary_ladder(uses, 1.0 + uniform(random) / 1e6, units::grams(uniform(random)));
    EXPECT_LE(*ladder.gpu.emissions, *ladder.plus_cpu_memory.emissions);
    EXPECT_LE(*ladder.plus_cpu_memory.emissions, *ladder.plus_pue.emissions);
    EXPECT_LE(*ladder.plus_pue.emissions, *ladder.plus_embodied.emissions);
    EXPECT_LE(ladder.gpu.energy, ladder.plus_cpu_memory.energy);
    EXPECT_LE(ladder.plus_cpu_memory.energy, ladder.plus_pue.energy);
  }
}

TEST(Ladder, what_is_not_priced_leaves_its_rungs_empty_and_only_those) {
  const auto ladder = boundary_ladder({{"gpu0", ComponentKind::kGpu, units::joules(5), units::grams(1)},
                                       {"nic", ComponentKind::kOther, units::joules(2), std::nullopt}},
                                      1.5, units::grams(1));
  EXPECT_EQ(ladder.gpu.emissions, units::grams(1));
  EXPECT_FALSE(ladder.plus_cpu_memory.emissions || ladder.plus_pue.emissions || ladder.plus_embodied.emissions);
  EXPECT_EQ(ladder.plus_pue.energy, units::joules(10.5));
}

TEST(Ladder, a_corrupted_table_is_refused_with_file_and_line) {
  EXPECT_EQ(error_of("a,gpu,10,2022,s\nt,total,10,2022,s\n"), "");
  EXPECT_NE(error_of("a,gpu,10,2022,s\nt,total,12,2022,s\n").find("w.csv:3: the total is 12 W"), std::string::npos);
  EXPECT_EQ(error_of("a,tpu,10,2022,s\n"), "w.csv:2: the kind is none of gpu, cpu, dram, other, total");
  EXPECT_EQ(error_of("a,gpu,-1,2022,s\n"), "w.csv:2: watts is -1, less than 0");
  EXPECT_EQ(error_of("a,gpu,1,2022,\n"), "w.csv:2: the field \"source\" is empty");
}

}  // namespace
}  // namespace ebb::carbon
