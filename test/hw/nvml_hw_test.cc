#include <gtest/gtest.h>

#include <iostream>
#include <thread>

#include "sensors/nvml.h"
#include "support/tally.h"

namespace ebb::sensors {
namespace {

using namespace std::chrono_literals;

/// No board draws more, by far.
constexpr double kMostWatts = 2000;

TEST(NvmlHardware, RealBoardsUseEnergyWithinReason) {
  const time::SystemClock clock;
  const auto opened = open_nvml({}, clock);
  if (opened.sensor == nullptr) GTEST_SKIP() << opened.why;
  std::vector<Reading> readings;
  time::Duration cost{0};
  int count = 0;
  const auto begin = clock.steady();
  for (auto at = begin; at - begin < 5s; at = clock.steady()) {
    opened.sensor->read({at, std::nullopt}, readings);
    cost += clock.steady() - at;
    ++count;
    std::this_thread::sleep_for(50ms);
  }
  const auto& channels = opened.sensor->channels();
  std::cout << "period " << time::in_seconds(opened.sensor->period()) * 1e3 << " ms; a reading of " << channels.size()
            << " boards takes " << time::in_seconds(cost) * 1e3 / count << " ms\n";
  for (const auto& warning : opened.warnings) std::cout << "warning: " << warning << "\n";
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto tally = test::tally_of(readings, i);
    std::cout << channels[i].name << " " << channels[i].device << " " << channels[i].method << ": "
              << units::in_joules(tally.energy) << " J in " << tally.readings
              << " readings; power integrated beside it " << units::in_joules(tally.cross_check) << " J; "
              << tally.gaps.size() << " gaps\n";
    EXPECT_GT(tally.readings, 0U);
    EXPECT_GT(units::in_joules(tally.energy), 0.0);
    EXPECT_LT(units::in_joules(tally.energy), kMostWatts * 6);
    EXPECT_TRUE(tally.gaps.empty());
  }
}

}  // namespace
}  // namespace ebb::sensors
