#include "sensors/nvml.h"

#include <gtest/gtest.h>

#include <string>

#include "support/fake_nvml.h"

namespace ebb::sensors {
namespace {

using test::FakeNvml;
using test::tally_of;
using namespace std::chrono_literals;

double joules_of(const test::Tally& tally) { return units::in_joules(tally.energy); }

TEST(Nvml, EightBoardsOf400WForAnHourAre3Point2Kwh) {
  std::string recording;
  for (int i = 0; i < 8; ++i) {
    const auto board = std::to_string(i);
    recording.append("board ").append(board).append(" NVIDIA H100\npower ").append(board).append(" 0 400000\n");
  }
  FakeNvml driver(recording);
  const auto opened = driver.open();
  ASSERT_NE(opened.sensor, nullptr) << opened.why;
  ASSERT_EQ(opened.sensor->channels().size(), 8U);
  std::vector<Reading> readings;
  EXPECT_EQ(driver.play(*opened.sensor, 0s, 1h, 5s, readings), Health::kFine);
  units::Energy all;
  for (std::size_t i = 0; i < 8; ++i) {
    const auto tally = tally_of(readings, i);
    EXPECT_NEAR(units::in_kwh(tally.energy), 0.4, 1e-6);
    EXPECT_TRUE(tally.gaps.empty());
    all += tally.energy;
  }
  EXPECT_NEAR(units::in_kwh(all), 3.2, 1e-5);
}

TEST(Nvml, AChannelNamesItsBoardMethodIntervalAndSource) {
  FakeNvml driver("board 0 NVIDIA A100-SXM4-80GB\nuuid 0 GPU-5a\nboard 1 Tesla P100\nno-counter 1\n");
  const auto opened = driver.open();
  ASSERT_NE(opened.sensor, nullptr);
  EXPECT_EQ(opened.sensor->name(), "nvml");
  EXPECT_TRUE(opened.present);
  const auto& first = opened.sensor->channels()[0];
  EXPECT_EQ(first.name, "gpu0");
  EXPECT_EQ(first.kind, hardware::ComponentKind::kGpu);
  EXPECT_EQ(first.device, "NVIDIA A100-SXM4-80GB");
  EXPECT_EQ(first.id, "GPU-5a");
  EXPECT_EQ(first.method, "measured:nvml-counter");
  const auto& second = opened.sensor->channels()[1];
  EXPECT_EQ(second.name, "gpu1");
  EXPECT_LT(second.low_factor, first.low_factor);
  EXPECT_GT(second.high_factor, first.high_factor);
  EXPECT_FALSE(first.source.empty());
}

TEST(Nvml, ACounterThatIsMissingMeansPowerIsIntegratedAndLabelled) {
  FakeNvml driver("board 0 Tesla P100\nno-counter 0\npower 0 0 250000\npower 0 30000 50000\n");
  const auto opened = driver.open();
  ASSERT_NE(opened.sensor, nullptr);
  EXPECT_EQ(opened.sensor->channels()[0].method, "measured:nvml-power");
  EXPECT_NE(opened.sensor->channels()[0].source.find("186 (instant"), std::string::npos);
  ASSERT_EQ(opened.warnings.size(), 1U);
  EXPECT_NE(opened.warnings[0].find("gpu0 has no energy counter (Not Supported"), std::string::npos);
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 60s, 100ms, readings);
  EXPECT_NEAR(joules_of(tally_of(readings, 0)), 250 * 30 + 50 * 30, 20);
}

TEST(Nvml, TheMeanPowerAndThenPowerUsageStandInForTheInstantOne) {
  const std::string board = "board 0 Tesla P100\nno-counter 0\npower 0 0 100000\n";
  for (const auto& [missing, label] :
       {std::pair("no-instant 0\n", "185"), std::pair("no-instant 0\nno-average 0\n", "nvmlDeviceGetPowerUsage")}) {
    FakeNvml driver(board + missing);
    const auto opened = driver.open();
    ASSERT_NE(opened.sensor, nullptr);
    EXPECT_NE(opened.sensor->channels()[0].source.find(label), std::string::npos);
    std::vector<Reading> readings;
    driver.play(*opened.sensor, 0s, 10s, 1s, readings);
    EXPECT_NEAR(joules_of(tally_of(readings, 0)), 1000, 1);
  }
}

TEST(Nvml, ALibraryOf2016WithoutTheNewerFunctionsStillMeasures) {
  FakeNvml driver("board 0 Tesla K80\npower 0 0 120000\n", "old");
  const auto opened = driver.open();
  ASSERT_NE(opened.sensor, nullptr) << opened.why;
  EXPECT_EQ(opened.sensor->channels()[0].method, "measured:nvml-power");
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 10s, 1s, readings);
  EXPECT_NEAR(joules_of(tally_of(readings, 0)), 1200, 1);
}

TEST(Nvml, ACounterThatDisagreesWithIntegratedPowerReportsBoth) {
  FakeNvml driver("board 0\npower 0 0 60000\nfactor 0 0.57\nboard 1\npower 1 0 60000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 60s, 1s, readings);
  const auto low = tally_of(readings, 0);
  EXPECT_NEAR(joules_of(low), 0.57 * 3600, 1);
  EXPECT_NEAR(units::in_joules(low.cross_check), 3600, 1);
  EXPECT_EQ(low.checked, 60U);
  const auto good = tally_of(readings, 1);
  EXPECT_NEAR(joules_of(good), units::in_joules(good.cross_check), 1);
}

TEST(Nvml, ReadingsMoreThanTwoSecondsApartCheckNothing) {
  FakeNvml driver("board 0\npower 0 0 60000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 60s, 5s, readings);
  EXPECT_EQ(tally_of(readings, 0).readings, 12U);
  EXPECT_EQ(tally_of(readings, 0).checked, 0U);
}

TEST(Nvml, ACrossCheckNeverCoversLessThanItsReading) {
  // The power fails for a moment while the counter goes on: no check there, and whole ones before and after.
  FakeNvml driver(
      "board 0\npower 0 0 100000\nno-average 0\nno-instant 0\nusage 0 0 100000\nusage 0 4500 4294967295\n"
      "usage 0 5500 100000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 10s, 1s, readings);
  const auto tally = tally_of(readings, 0);
  EXPECT_NEAR(joules_of(tally), 1000, 1e-6);
  EXPECT_EQ(tally.checked, 8U);
  for (const auto& reading : readings) {
    EXPECT_NEAR(units::in_joules(reading.cross_check.value_or(units::joules(100))), 100, 1e-6);
  }
}

TEST(Nvml, BurstsBetweenReadingsDoNotMakeAGoodCounterLookWrong) {
  // 0.4 s at 600 W each second, always over when the power is read.
  std::string recording = "board 0\n";
  for (int second = 0; second < 60; ++second) {
    recording += "power 0 " + std::to_string(second * 1000 + 100) + " 600000\n";
    recording += "power 0 " + std::to_string(second * 1000 + 500) + " 100000\n";
  }
  FakeNvml driver(recording);
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 2s, 60s, 1s, readings);
  const auto tally = tally_of(readings, 0);
  EXPECT_NEAR(joules_of(tally), 300 * 58, 1);
  EXPECT_NEAR(units::in_joules(tally.cross_check), 300 * 58, 1);
}

TEST(Nvml, IdleBoardsDrawIsCounted) {
  FakeNvml driver("board 0\npower 0 0 72000\nboard 1\nno-counter 1\npower 1 0 35000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 10min, 1s, readings);
  EXPECT_NEAR(units::in_kwh(tally_of(readings, 0).energy), 0.012, 1e-5);
  EXPECT_NEAR(units::in_kwh(tally_of(readings, 1).energy), 0.035 / 6, 1e-5);
  EXPECT_TRUE(opened.sensor->users_of(0)->empty());
}

TEST(Nvml, ABoardSplitIntoInstancesIsOneChannelAndAWarning) {
  FakeNvml driver("board 0 NVIDIA A100-SXM4-80GB\nmig 0\npower 0 0 200000\n");
  const auto opened = driver.open();
  ASSERT_NE(opened.sensor, nullptr);
  EXPECT_EQ(opened.sensor->channels().size(), 1U);
  ASSERT_EQ(opened.warnings.size(), 1U);
  EXPECT_NE(opened.warnings[0].find("gpu0 is split into MIG instances"), std::string::npos);
}

TEST(Nvml, AModuleWhoseCounterHoldsTheCpuIsSaid) {
  FakeNvml driver("board 0 NVIDIA GH200 480GB\npower 0 0 200000\n");
  const auto opened = driver.open();
  ASSERT_EQ(opened.warnings.size(), 1U);
  EXPECT_NE(opened.warnings[0].find("twice"), std::string::npos);
}

}  // namespace
}  // namespace ebb::sensors
