#include "sensors/model.h"

#include <gtest/gtest.h>

#include "hardware/power_model.h"

namespace ebb::sensors {
namespace {

using std::chrono::seconds;

hardware::CpuIdentity epyc(const std::string& name) {
  hardware::CpuIdentity cpu;
  cpu.vendor = "AuthenticAMD";
  cpu.model_name = name;
  cpu.family = 25;
  cpu.model = 1;
  cpu.logical_cpus = 2;
  cpu.sockets = 1;
  cpu.virtual_machine = true;
  return cpu;
}

Tick tick(int at, int busy, int idle, int steal = 0) {
  return {seconds(at), CpuTimes{seconds(busy), seconds(idle), seconds(steal)}};
}

double joules(const std::vector<Reading>& readings, std::size_t channel) {
  double sum = 0.0;
  for (const auto& reading : readings) {
    if (reading.channel == channel && reading.energy) sum += units::in_joules(*reading.energy);
  }
  return sum;
}

TEST(ModelTest, IdleAndFullDrawWhatTheCurveSays) {
  const auto opened = open_model({epyc("AMD EPYC"), true, 0.0});
  ASSERT_TRUE(opened.sensor);
  const auto cpu = hardware::find_cpu(epyc("AMD EPYC"));
  std::vector<Reading> readings;
  opened.sensor->read(tick(0, 0, 0), readings);
  EXPECT_TRUE(readings.empty()) << "the first reading is the baseline";
  opened.sensor->read(tick(10, 0, 20), readings);
  EXPECT_NEAR(joules(readings, 0), 10 * units::in_watts(hardware::package_power(cpu, 0.0, 2).value), 1e-9);
  readings.clear();
  opened.sensor->read(tick(20, 20, 20), readings);
  EXPECT_NEAR(joules(readings, 0), 10 * units::in_watts(hardware::package_power(cpu, 1.0, 2).value), 1e-9);
}

// Trap 18.
TEST(ModelTest, StolenTimeIsNotThisMachinesWork) {
  const auto run = [](int busy, int idle, int steal) {
    const auto opened = open_model({epyc("AMD EPYC"), true, 0.0});
    std::vector<Reading> readings;
    opened.sensor->read(tick(0, 0, 0), readings);
    opened.sensor->read(tick(10, busy, idle, steal), readings);
    return joules(readings, 0);
  };
  EXPECT_LT(run(10, 0, 10), run(20, 0, 0));
  EXPECT_DOUBLE_EQ(run(10, 0, 10), run(10, 10, 0));
}

// Trap 20.
TEST(ModelTest, AMaskedNameIsKnownByItsFamilyWithAWiderInterval) {
  const auto masked = open_model({epyc("AMD EPYC"), true, 0.0});
  const auto named = open_model({epyc("AMD EPYC 7763 64-Core Processor"), true, 0.0});
  ASSERT_EQ(masked.warnings.size(), 1U);
  EXPECT_TRUE(named.warnings.empty());
  const auto& wide = masked.sensor->channels()[0];
  const auto& narrow = named.sensor->channels()[0];
  EXPECT_LT(wide.low_factor, narrow.low_factor);
  EXPECT_GT(wide.high_factor, narrow.high_factor);
  EXPECT_FALSE(wide.source.empty());
}

// Trap 19.
TEST(ModelTest, WhatIsMeasuredIsNotModelledOnTop) {
  EXPECT_EQ(open_model({epyc("AMD EPYC"), false, 16.0}).sensor->channels().size(), 1U);
  EXPECT_EQ(open_model({epyc("AMD EPYC"), false, 16.0}).sensor->channels()[0].kind, hardware::ComponentKind::kDram);
  EXPECT_EQ(open_model({epyc("AMD EPYC"), true, 0.0}).sensor->channels().size(), 1U);
  EXPECT_FALSE(open_model({epyc("AMD EPYC"), false, 0.0}).sensor);
}

TEST(ModelTest, CpuTimesThatCannotBeReadAreAGapThatTheNextReadingCovers) {
  const auto opened = open_model({epyc("AMD EPYC"), true, 16.0});
  std::vector<Reading> readings;
  opened.sensor->read(tick(0, 0, 0), readings);
  EXPECT_EQ(opened.sensor->read({seconds(5), std::nullopt}, readings), Health::kRetry);
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_FALSE(readings[0].energy);
  EXPECT_EQ(readings[0].cause, GapCause::kReadFailed);
  readings.clear();
  opened.sensor->read(tick(10, 0, 20), readings);
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[0].from, seconds(0));
  EXPECT_EQ(readings[0].to, seconds(10));
}

}  // namespace
}  // namespace ebb::sensors
