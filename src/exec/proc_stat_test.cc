#include "exec/proc_stat.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace ebb::exec {
namespace {

// pid, name, state, ppid, pgrp, session, tty, tpgid, flags, 4 faults, utime, stime, cutime, cstime, prio, nice,
// threads, itrealvalue, starttime, more
std::string line_of(const std::string& name) {
  return "4711 (" + name + ") S 12 4711 12 34816 4711 4194304 1 2 3 4 150 50 700 300 20 0 8 0 123456 9 9\n";
}

TEST(ProcStat, its_fields_are_read_whatever_the_command_is_called) {
  for (const std::string name : {"python", "tmux: server", "a) R 1 1 (b", "))) S 1", "line\nend", "", "(sd-pam)"}) {
    const auto stat = parse_proc_stat(line_of(name));
    ASSERT_TRUE(stat) << name;
    EXPECT_EQ(stat->process, (ProcessRef{4711, 123456}));
    EXPECT_EQ(stat->state, 'S');
    EXPECT_EQ(stat->parent, 12);
    EXPECT_EQ(stat->threads, 8U);
    const std::int64_t tick_ms = 1000 / ::sysconf(_SC_CLK_TCK);
    EXPECT_EQ(stat->cpu, std::chrono::milliseconds(200 * tick_ms));
    EXPECT_EQ(stat->children_cpu, std::chrono::milliseconds(1000 * tick_ms));
  }
}

TEST(ProcStat, what_is_no_such_line_is_nothing) {
  const std::string good = line_of("x");
  for (const auto& text : std::vector<std::string>{
           std::string(), std::string("4711 (x) S 12"), std::string("4711 x S 12"), std::string(")("),
           good.substr(0, 40), "x" + good, "0" + good.substr(4), "4711 (x) SS" + good.substr(10),
           std::string(1 << 16, '('),
           "4711 (x) S 12 4711 12 34816 4711 4194304 1 2 3 4 -150 50 700 300 20 0 8 0 123456 9\n",
           "4711 (x) S 12 4711 12 34816 4711 4194304 1 2 3 4 99999999999999999999 50 700 300 20 0 8 0 123456 9\n"}) {
    EXPECT_FALSE(parse_proc_stat(text)) << text.substr(0, 60);
  }
}

TEST(ProcStat, absurd_counts_do_not_overflow) {
  const auto stat = parse_proc_stat(
      "1 (x) S 12 1 1 0 0 0 1 2 3 4 1152921504606846976 1152921504606846976 1152921504606846976 0 20 0 8 0 1 9\n");
  ASSERT_TRUE(stat);
  EXPECT_GT(stat->cpu + stat->children_cpu, time::Duration(0));
}

TEST(ProcStat, this_process_is_found_under_an_ugly_name) {
  char before[16] = {};
  ::prctl(PR_GET_NAME, before);
  ::prctl(PR_SET_NAME, "a) Z 0 (\n x");
  const auto stat = read_proc_stat("/proc", ::getpid());
  ::prctl(PR_SET_NAME, before);
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->process.pid, ::getpid());
  EXPECT_EQ(stat->parent, ::getppid());
  EXPECT_EQ(stat->state, 'R');
  EXPECT_GT(stat->process.start_ticks, 0U);
  EXPECT_FALSE(read_proc_stat("/proc", -1));
  EXPECT_FALSE(read_proc_stat("/nowhere", 1));
}

}  // namespace
}  // namespace ebb::exec
