#include <gtest/gtest.h>

#include "workload/experiment.h"
#include "workload/profile.h"

namespace ebb::workload {
namespace {

TEST(Profile, energy_grows_along_the_pieces) {
  using namespace std::chrono_literals;
  const auto profile = parse_profile("seconds,gpu_watts,cpu_watts\n100,200,50\n300,100,0\n", "p.csv");
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  EXPECT_EQ(profile->duration(), 300s);
  EXPECT_FALSE(profile->is_flat());
  EXPECT_DOUBLE_EQ(units::in_joules(profile->energy_until(50s)), 12500.0);
  EXPECT_DOUBLE_EQ(units::in_joules(profile->energy_until(100s)), 25000.0);
  EXPECT_DOUBLE_EQ(units::in_joules(profile->energy_between(50s, 200s)), 22500.0);
  EXPECT_DOUBLE_EQ(units::in_joules(profile->energy()), 45000.0);
  EXPECT_DOUBLE_EQ(units::in_joules(profile->energy_until(0s)), 0.0);
}

TEST(Profile, bad_rows_name_file_and_line) {
  const auto why = [](std::string_view text) { return parse_profile(text, "p.csv").error().message; };
  EXPECT_NE(why("").find("empty"), std::string::npos);
  EXPECT_NE(why("seconds,volts\n").find("p.csv:1: the header"), std::string::npos);
  EXPECT_NE(why("seconds,watts\n").find("no rows"), std::string::npos);
  EXPECT_NE(why("seconds,watts\n10,1\n10,2\n").find("p.csv:3: the interval ends"), std::string::npos);
  EXPECT_NE(why("seconds,watts\n-1,1\n").find("p.csv:2:"), std::string::npos);
  EXPECT_NE(why("seconds,watts\n1,-1\n").find("no power"), std::string::npos);
  EXPECT_NE(why("seconds,watts\n1,inf\n").find("no power"), std::string::npos);
  EXPECT_NE(why("seconds,watts\n1\n").find("fields"), std::string::npos);
}

TEST(Experiments, the_papers_eleven_and_the_extrapolated_one_are_known) {
  EXPECT_EQ(dodge2022_experiments().size(), 11U);
  const auto full = find_experiment("6b-transformer-full");
  ASSERT_TRUE(full.ok());
  EXPECT_TRUE(full->extrapolated);
  EXPECT_DOUBLE_EQ(units::in_kwh(full->profile.energy()), 103593.0);
  const auto part = find_experiment("6b-transformer");
  EXPECT_NEAR(part->profile.mean_power() / full->profile.mean_power() == units::Ratio(1.0)
                  ? 1.0
                  : units::as_number(part->profile.mean_power() / full->profile.mean_power()),
              1.0, 1e-3)
      << "the same power";
  const auto unknown = find_experiment("bert-finetun");
  EXPECT_NE(unknown.error().message.find("bert-finetune"), std::string::npos);
}

TEST(Experiments, other_columns_are_ignored_and_bad_rows_refused) {
  const auto two =
      parse_experiments("gpu,experiment,colour,hours,energy_kwh\nA100,a,red,1,2\n,b,,0.5,0\n", "e.csv", "");
  ASSERT_TRUE(two.ok()) << two.error().message;
  EXPECT_EQ((*two)[1].profile.duration(), std::chrono::minutes(30));
  const auto why = [](std::string_view text) { return parse_experiments(text, "e.csv", "").error().message; };
  EXPECT_NE(why("a,b\n").find("e.csv:1: the header"), std::string::npos);
  EXPECT_NE(why("experiment,hours,energy_kwh\na,-1,2\n").find("e.csv:2:"), std::string::npos);
  EXPECT_NE(why("experiment,hours,energy_kwh\na,1,x\n").find("no energy"), std::string::npos);
  EXPECT_NE(why("experiment,hours,energy_kwh\na,1,2\na,1,2\n").find("twice"), std::string::npos);
  EXPECT_NE(why("experiment,hours,energy_kwh\na,1\n").find("too few"), std::string::npos);
  EXPECT_NE(why("experiment,hours,energy_kwh\n").find("no experiments"), std::string::npos);
}

}  // namespace
}  // namespace ebb::workload
