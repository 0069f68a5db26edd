#include <gtest/gtest.h>

#include <string>

#include "sensors/nvml.h"
#include "support/fake_nvml.h"

namespace ebb::sensors {
namespace {

using test::FakeNvml;
using test::tally_of;
using namespace std::chrono_literals;

double joules_of(const test::Tally& tally) { return units::in_joules(tally.energy); }

TEST(NvmlPeriod, ASteppingCounterPolledFasterThanItsStepYieldsNoBias) {
  FakeNvml driver("board 0\nstep 0 100\npower 0 0 300000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 60s, 7ms, readings);
  const auto tally = tally_of(readings, 0);
  EXPECT_NEAR(joules_of(tally), 300 * 60, 300 * 0.11);
  EXPECT_TRUE(tally.gaps.empty());
  EXPECT_EQ(tally.readings, 599U);
  auto before = readings.front().from;
  for (const auto& reading : readings) {
    EXPECT_EQ(reading.from, before);
    before = reading.to;
    const double watts = units::in_joules(*reading.energy) / time::in_seconds(reading.to - reading.from);
    EXPECT_TRUE(watts > 270 && watts < 330) << watts;
  }
}

TEST(NvmlPeriod, TheStepOfACounterIsLearnedFromFastReadings) {
  FakeNvml driver("board 0\nstep 0 100\npower 0 0 300000\n");
  const auto opened = driver.open();
  EXPECT_EQ(opened.sensor->period(), 20ms);
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 2s, 10ms, readings);
  EXPECT_EQ(opened.sensor->period(), 100ms);
}

TEST(NvmlPeriod, SlowReadingsSayNothingOfTheStep) {
  FakeNvml driver("board 0\nstep 0 100\npower 0 0 300000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 60s, 1s, readings);
  EXPECT_EQ(opened.sensor->period(), 20ms);
}

TEST(NvmlPeriod, BoardsThatAreDearToAskAreAskedLessOften) {
  // 0.25 ms a reading: 0.1% of a core is one every 0.25 s.
  FakeNvml some("board 0\npower 0 0 300000\ncost-counter 0 200\ncost-power 0 50\n");
  EXPECT_NEAR(time::in_seconds(some.open().sensor->period()), 0.25, 1e-6);
}

TEST(NvmlPeriod, EvenTheDearestBoardsAreAskedOnceASecondAndTheCostIsSaid) {
  std::string recording;
  for (int i = 0; i < 8; ++i) {
    const auto board = std::to_string(i);
    recording.append("board ").append(board).append("\ncost-counter ").append(board).append(" 2400\n");
  }
  FakeNvml driver(recording);
  const auto opened = driver.open();
  EXPECT_EQ(opened.sensor->period(), 1s);
  ASSERT_EQ(opened.warnings.size(), 1U);
  EXPECT_NE(opened.warnings[0].find("all 8 NVIDIA boards takes 19 ms"), std::string::npos) << opened.warnings[0];
}

TEST(NvmlPeriod, AReadingMakesTwoCallsABoard) {
  FakeNvml driver("board 0\npower 0 0 300000\nboard 1\npower 1 0 300000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 1s, 1s, readings);
  const auto calls = driver.calls();
  driver.play(*opened.sensor, 2s, 11s, 1s, readings);
  EXPECT_EQ(driver.calls() - calls, 40U);
}

}  // namespace
}  // namespace ebb::sensors
