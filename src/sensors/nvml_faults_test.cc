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

TEST(NvmlFaults, APowerReadTooSeldomIsAGapAndNotAGuess) {
  FakeNvml driver("board 0 Tesla P100\nno-counter 0\npower 0 0 250000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 60s, 30s, readings);
  const auto tally = tally_of(readings, 0);
  EXPECT_EQ(tally.readings, 0U);
  ASSERT_EQ(tally.gaps.size(), 2U);
  EXPECT_EQ(tally.gaps[0].cause, GapCause::kUnread);
}

TEST(NvmlFaults, ACounterResetInMidRunIsAGapNeverNegative) {
  FakeNvml driver("board 0\npower 0 0 300000\nreset 0 10500\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 20s, 1s, readings);
  const auto tally = tally_of(readings, 0);
  EXPECT_NEAR(joules_of(tally), 300 * 19, 1);
  ASSERT_EQ(tally.gaps.size(), 1U);
  EXPECT_EQ(tally.gaps[0].cause, GapCause::kReset);
  EXPECT_EQ(tally.gaps[0].from, 10s);
  EXPECT_EQ(tally.gaps[0].to, 11s);
  for (const auto& reading : readings) EXPECT_GE(units::in_joules(reading.energy.value_or(units::Energy{})), 0.0);
}

TEST(NvmlFaults, ACounterThatLeapsBeyondThePowerLimitIsAGapAndNotASpike) {
  FakeNvml driver(
      "board 0\nlimit 0 400000\ncount 0 0 1000000\ncount 0 1000 1300000\ncount 0 2000 91300000\n"
      "count 0 3000 91600000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 3s, 1s, readings);
  const auto tally = tally_of(readings, 0);
  EXPECT_DOUBLE_EQ(joules_of(tally), 600);
  ASSERT_EQ(tally.gaps.size(), 1U);
  EXPECT_EQ(tally.gaps[0].cause, GapCause::kReset);
}

TEST(NvmlFaults, ALostBoardIsAGapWhileTheOthersGoOn) {
  FakeNvml driver("board 0\npower 0 0 100000\nlost 0 5500\nboard 1\npower 1 0 100000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  EXPECT_EQ(driver.play(*opened.sensor, 0s, 10s, 1s, readings), Health::kFine);
  const auto lost = tally_of(readings, 0);
  EXPECT_NEAR(joules_of(lost), 500, 1e-6);
  ASSERT_EQ(lost.gaps.size(), 5U);
  EXPECT_EQ(lost.gaps[0].cause, GapCause::kLost);
  EXPECT_EQ(lost.gaps[0].from, 5s);
  EXPECT_NE(lost.gaps[0].detail.find("GPU is lost"), std::string::npos);
  EXPECT_EQ(lost.gaps[4].to, 10s);
  EXPECT_NEAR(joules_of(tally_of(readings, 1)), 1000, 1e-6);
}

TEST(NvmlFaults, ASensorWhoseBoardsAreAllLostIsGoneAndAsksNoMore) {
  FakeNvml driver("board 0\npower 0 0 100000\nlost 0 1500\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  EXPECT_EQ(driver.play(*opened.sensor, 0s, 3s, 1s, readings), Health::kGone);
  const auto calls = driver.calls();
  EXPECT_EQ(driver.play(*opened.sensor, 4s, 5s, 1s, readings), Health::kGone);
  EXPECT_EQ(driver.calls(), calls);
}

TEST(NvmlFaults, ADriverThatIsUnloadedInMidRunIsFatal) {
  FakeNvml driver("board 0\npower 0 0 100000\nfail 0 1500 9000 9\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  EXPECT_EQ(driver.play(*opened.sensor, 0s, 3s, 1s, readings), Health::kFatal);
}

TEST(NvmlFaults, ATransientErrorIsAGapThatTheNextReadingCovers) {
  FakeNvml driver("board 0\npower 0 0 100000\nfail 0 3500 5500 999\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  EXPECT_EQ(driver.play(*opened.sensor, 0s, 4s, 1s, readings), Health::kRetry);
  EXPECT_EQ(driver.play(*opened.sensor, 5s, 10s, 1s, readings), Health::kFine);
  const auto tally = tally_of(readings, 0);
  EXPECT_NEAR(joules_of(tally), 1000, 1e-6);
  ASSERT_EQ(tally.gaps.size(), 2U);
  EXPECT_EQ(tally.gaps[0].cause, GapCause::kReadFailed);
  EXPECT_EQ(tally.gaps[0].from, 3s);
  EXPECT_EQ(tally.gaps[1].to, 5s);
}

TEST(NvmlFaults, AResetBehindAnErrorIsAGapThatOverlapsNone) {
  FakeNvml driver("board 0\npower 0 0 100000\nfail 0 3500 4500 999\nreset 0 4600\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 6s, 1s, readings);
  const auto tally = tally_of(readings, 0);
  ASSERT_EQ(tally.gaps.size(), 2U);
  EXPECT_EQ(tally.gaps[0].cause, GapCause::kReadFailed);
  EXPECT_EQ(tally.gaps[1].cause, GapCause::kReset);
  EXPECT_EQ(tally.gaps[1].from, 4s);
  EXPECT_NEAR(joules_of(tally), 400, 1e-6);
}

TEST(NvmlFaults, ABaselineThatFailedIsNotGuessed) {
  FakeNvml driver("board 0\npower 0 0 100000\nfail 0 900 1100 999\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  EXPECT_EQ(driver.play(*opened.sensor, 1s, 1s, 1s, readings), Health::kRetry);
  EXPECT_TRUE(readings.empty());
  driver.play(*opened.sensor, 2s, 4s, 1s, readings);
  const auto tally = tally_of(readings, 0);
  ASSERT_EQ(tally.gaps.size(), 1U);
  EXPECT_EQ(tally.gaps[0].cause, GapCause::kUnread);
  EXPECT_EQ(tally.gaps[0].from, 1s);
  EXPECT_EQ(tally.gaps[0].to, 2s);
  EXPECT_NEAR(joules_of(tally), 200, 1e-6);
}

TEST(NvmlFaults, ACounterThatStandsStillForTenSecondsIsAGapAndNotZero) {
  FakeNvml driver("board 0\ncount 0 0 1000000\ncount 0 25500 3550000\ninstant 0 0 100000\naverage 0 0 100000\n");
  const auto opened = driver.open();
  std::vector<Reading> readings;
  driver.play(*opened.sensor, 0s, 30s, 1s, readings);
  const auto tally = tally_of(readings, 0);
  ASSERT_EQ(tally.gaps.size(), 2U);
  EXPECT_EQ(tally.gaps[0].cause, GapCause::kReadFailed);
  EXPECT_EQ(tally.gaps[0].to, 10s);
  EXPECT_EQ(tally.gaps[1].from, 10s);
  ASSERT_EQ(tally.readings, 1U);
  EXPECT_DOUBLE_EQ(joules_of(tally), 2550);
}

}  // namespace
}  // namespace ebb::sensors
