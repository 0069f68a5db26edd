#include <gtest/gtest.h>

#include <string>

#include "sensors/nvml.h"
#include "support/fake_nvml.h"

namespace ebb::sensors {
namespace {

using test::FakeNvml;
using namespace std::chrono_literals;

TEST(NvmlUsers, SharesFollowTheSmSamplesSinceTheLastAsking) {
  FakeNvml driver("board 0\npower 0 0 1000\nprocess 0 0 90000 101 60\nprocess 0 5000 90000 102 20\n");
  for (const int pid : {101, 102}) driver.add_process(pid);
  const auto opened = driver.open();
  driver.at(4s);
  auto users = opened.sensor->users_of(0);
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 1U);
  EXPECT_EQ(users->front().pid, 101);
  EXPECT_DOUBLE_EQ(users->front().share, 1.0);
  driver.at(5s);
  static_cast<void>(opened.sensor->users_of(0));
  driver.at(15s);
  users = opened.sensor->users_of(0);
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 2U);
  EXPECT_DOUBLE_EQ((*users)[0].share, 0.75);
  EXPECT_EQ((*users)[1].pid, 102);
  EXPECT_DOUBLE_EQ((*users)[1].share, 0.25);
}

TEST(NvmlUsers, AProcessThatEndedSinceTheLastAskingKeepsItsShare) {
  FakeNvml driver("board 0\npower 0 0 1000\nprocess 0 0 4000 101 50\nprocess 0 0 90000 102 50\n");
  driver.add_process(102);
  const auto opened = driver.open();
  driver.at(6s);
  const auto users = opened.sensor->users_of(0);
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 2U);
  EXPECT_EQ((*users)[0].pid, 101);
  EXPECT_DOUBLE_EQ((*users)[0].share, 0.4);
}

TEST(NvmlUsers, WithoutSamplesTheProcessesShareEqually) {
  for (const char* board : {"board 0\nmig 0\n", "board 0\n"}) {
    FakeNvml driver(std::string(board) + "power 0 0 1000\nprocess 0 0 90000 7 0\nprocess 0 0 90000 8 0\n");
    for (const int pid : {7, 8}) driver.add_process(pid);
    const auto opened = driver.open();
    driver.at(3s);
    const auto users = opened.sensor->users_of(0);
    ASSERT_TRUE(users);
    ASSERT_EQ(users->size(), 2U);
    EXPECT_DOUBLE_EQ((*users)[0].share, 0.5);
  }
}

TEST(NvmlUsers, AnOldLibraryTellsProcessesWithoutShares) {
  FakeNvml driver("board 0\npower 0 0 1000\nprocess 0 0 90000 7 90\nprocess 0 0 90000 8 10\n", "old");
  for (const int pid : {7, 8}) driver.add_process(pid);
  const auto opened = driver.open();
  const auto users = opened.sensor->users_of(0);
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 2U);
  EXPECT_DOUBLE_EQ((*users)[1].share, 0.5);
}

TEST(NvmlUsers, PidsOfAnotherNamespaceAreNotTakenForOurs) {
  FakeNvml driver("board 0\npower 0 0 1000\nprocess 0 0 90000 4242 90\nprocess 0 0 90000 8 10\n");
  driver.add_process(8);
  const auto opened = driver.open();
  driver.at(3s);
  EXPECT_FALSE(opened.sensor->users_of(0));
}

TEST(NvmlUsers, AProcessThatEndsBetweenTheListAndTheLookIsNoOtherNamespace) {
  // Each list takes 1 ms: 4242 is in the one asked for at 3 s, gone from /proc, and not in the next.
  FakeNvml driver(
      "board 0\npower 0 0 1000\ncost-processes 0 1000\nprocess 0 0 3001.5 4242 90\nprocess 0 0 90000 8 10\n");
  driver.add_process(8);
  const auto opened = driver.open();
  driver.at(3s);
  EXPECT_TRUE(opened.sensor->users_of(0));
}

TEST(NvmlUsers, MoreProcessesThanThereWasRoomForAreAllListed) {
  std::string recording = "board 0\npower 0 0 1000\n";
  for (int pid = 1; pid <= 100; ++pid) recording += "process 0 0 90000 " + std::to_string(pid) + " 1\n";
  FakeNvml driver(recording);
  for (int pid = 1; pid <= 100; ++pid) driver.add_process(pid);
  const auto opened = driver.open();
  driver.at(20s);
  const auto users = opened.sensor->users_of(0);
  ASSERT_TRUE(users);
  EXPECT_EQ(users->size(), 100U);
  EXPECT_NEAR(users->back().share, 0.01, 1e-12);
}

TEST(NvmlUsers, AnIdleBoardHasNoUsersAndAnUnknownOneNoAnswer) {
  FakeNvml driver("board 0\npower 0 0 1000\nboard 1\npower 1 0 1000\nfail 1 1000 9000 999\n");
  const auto opened = driver.open();
  driver.at(3s);
  EXPECT_TRUE(opened.sensor->users_of(0)->empty());
  EXPECT_FALSE(opened.sensor->users_of(1));
  EXPECT_FALSE(opened.sensor->users_of(2));
}

}  // namespace
}  // namespace ebb::sensors
