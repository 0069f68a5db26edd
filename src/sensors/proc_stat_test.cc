#include "sensors/proc_stat.h"

#include <gtest/gtest.h>

#include "support/fake_sysfs.h"

namespace ebb::sensors {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(CpuLine, guests_are_part_of_user_time_and_not_counted_twice) {
  //                                user nice system idle iowait irq softirq steal guest guest_nice
  const auto ticks = parse_cpu_line("cpu  1000 200 300 5000 60 7 8 90 400 100\ncpu0 1 1 1 1\n");
  ASSERT_TRUE(ticks);
  EXPECT_EQ(ticks->busy, 1000U + 200 + 300 + 7 + 8);
  EXPECT_EQ(ticks->idle, 5000U + 60);
  EXPECT_EQ(ticks->steal, 90U);
}

TEST(CpuLine, old_kernels_leave_the_last_columns_out) {
  const auto ticks = parse_cpu_line("cpu  10 20 30 40");
  ASSERT_TRUE(ticks);
  EXPECT_EQ(ticks->busy, 60U);
  EXPECT_EQ(ticks->idle, 40U);
  EXPECT_EQ(ticks->steal, 0U);
}

TEST(CpuLine, anything_else_is_refused) {
  for (const char* text :
       {"", "cpu", "cpu  ", "cpu  1 2 3", "cpu0 1 2 3 4", "cpu  1 2 -3 4", "cpu  1 2 3 4x", "cpu  1 2 3 nan",
        "cpu  1 2 3 99999999999999999999", "cpu  1 2 3 9007199254740993", "intr 1 2 3 4"}) {
    EXPECT_FALSE(parse_cpu_line(text)) << text;
  }
}

TEST(ProcStat, times_are_since_it_was_opened) {
  const test::FakeSysfs machine;
  machine.write("proc/stat", "cpu  1000 0 0 9000 0 0 0 50 0 0\ncpu0 1000 0 0 9000");
  auto stat = ProcStat::open(machine.host(), 100);
  ASSERT_TRUE(stat.ok()) << stat.error().message;
  machine.write("proc/stat", "cpu  1100 10 40 9300 25 0 0 57 0 0\ncpu0 1100 0 0 9300");
  const auto times = stat->read();
  ASSERT_TRUE(times.ok());
  EXPECT_EQ(times->busy, milliseconds(1500));
  EXPECT_EQ(times->idle, milliseconds(3250));
  EXPECT_EQ(times->steal, milliseconds(70));
}

TEST(ProcStat, a_large_machine_that_has_run_for_years_does_not_overflow) {
  const test::FakeSysfs machine;
  // 2,048 CPUs for ten years at 1,000 ticks a second.
  machine.write("proc/stat", "cpu  1000 0 0 645845760000000 0 0 0 0 0 0");
  auto stat = ProcStat::open(machine.host(), 1000);
  ASSERT_TRUE(stat.ok()) << stat.error().message;
  machine.write("proc/stat", "cpu  1000 0 0 645845760002000 0 0 0 0 0 0");
  EXPECT_EQ(stat->read()->idle, seconds(2));
}

TEST(ProcStat, says_what_is_wrong) {
  const test::FakeSysfs machine;
  const auto missing = ProcStat::open(machine.host(), 100);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, base::ErrorKind::kService);
  EXPECT_NE(missing.error().message.find("ENOENT"), std::string::npos);
  machine.write("proc/stat", "cpu  1 2 3 4");
  auto stat = ProcStat::open(machine.host(), 100);
  ASSERT_TRUE(stat.ok());
  machine.write("proc/stat", "nonsense");
  EXPECT_FALSE(stat->read().ok());
  machine.write("proc/stat", "cpu  9007199254740992 2 3 4");
  EXPECT_FALSE(stat->read().ok());
  machine.write("proc/stat", "cpu  1 2 3 4");
  EXPECT_TRUE(stat->read().ok());  // it works again
}

}  // namespace
}  // namespace ebb::sensors
