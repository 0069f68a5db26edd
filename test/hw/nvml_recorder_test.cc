#include "hw/nvml_recorder.h"

#include <gtest/gtest.h>

#include <string>

#include "support/fake_nvml.h"

namespace ebb::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kBoards =
    "board 0 NVIDIA H100 80GB HBM3\nuuid 0 GPU-5a\nlimit 0 650000\nstep 0 100\npower 0 0 80000\npower 0 3000 600000\n"
    "power 0 7000 80000\ncost-counter 0 30\nboard 1 Tesla P100\nno-counter 1\nno-average 1\npower 1 0 30000\n";

std::string recording_of(FakeNvml& driver) {
  RecordingPlan plan;
  plan.library = driver.host().nvml_library;
  plan.length = 10s;
  plan.sleep = [&](time::Duration time) { driver.at(driver.steady() + time); };
  const auto recording = record_nvml(plan, driver);
  return recording.ok() ? *recording : recording.error().message;
}

double energy_in_joules(FakeNvml& driver) {
  const auto opened = driver.open();
  if (opened.sensor == nullptr) return -1.0;
  std::vector<sensors::Reading> readings;
  driver.play(*opened.sensor, 0s, 10s, 500ms, readings);
  return units::in_joules(tally_of(readings, 0).energy + tally_of(readings, 1).energy);
}

TEST(NvmlRecorder, WhatItRecordsPlaysBackTheSameEnergy) {
  std::string recording;
  double original_j = 0.0;
  {
    FakeNvml driver(kBoards);
    recording = recording_of(driver);
  }
  {
    FakeNvml driver(kBoards);
    original_j = energy_in_joules(driver);
  }
  FakeNvml again(recording);
  EXPECT_NEAR(energy_in_joules(again), original_j, 0.02 * original_j) << recording;
  EXPECT_NEAR(original_j, 80 * 6 + 600 * 4 + 30 * 10, 10);
}

TEST(NvmlRecorder, ItTellsTheBoardsTheirStepsAndCosts) {
  FakeNvml driver(kBoards);
  const auto recording = recording_of(driver);
  for (const char* line : {"board 0 NVIDIA H100 80GB HBM3\n", "uuid 0 GPU-5a\n", "limit 0 650000\n", "no-counter 1\n",
                           "no-average 1\n", "cost-counter 0 30.0\n", "of 30.0 us"}) {
    EXPECT_NE(recording.find(line), std::string::npos) << line;
  }
  EXPECT_NE(recording.find("gpu0 count"), std::string::npos);
  EXPECT_NE(recording.find("100.0 ms apart"), std::string::npos);
}

TEST(NvmlRecorder, WithoutABoardItSaysSo) {
  FakeNvml driver("init 9\n");
  EXPECT_NE(recording_of(driver).find("Driver Not Loaded"), std::string::npos);
}

}  // namespace
}  // namespace ebb::test
