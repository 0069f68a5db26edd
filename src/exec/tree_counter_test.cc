#include "exec/tree_counter.h"

#include <fmt/format.h>

#include <fstream>

#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using Counts = TreeCounter::Counts;

/// A /proc of the test's own, in clock ticks of 10 ms.
class TreeOfProcesses : public testing::Test {
 protected:
  struct Process {
    pid_t pid = 0;
    pid_t parent = 0;
    int ticks = 0;
    int children_ticks = 0;
    int start = 1;
    char state = 'S';
  };
  void put(const Process& p) {
    const std::string folder = proc() + "/" + std::to_string(p.pid);
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/stat") << fmt::format("{} (x) {} {} 0 0 0 0 0 0 0 0 0 {} 0 {} 0 20 0 1 0 {} 0\n", p.pid,
                                                   p.state, p.parent, p.ticks, p.children_ticks, p.start);
  }
  void end(pid_t pid) { std::filesystem::remove_all(proc() + "/" + std::to_string(pid)); }
  std::int64_t ticks() { return counter_.sample() / std::chrono::nanoseconds(1'000'000'000 / ::sysconf(_SC_CLK_TCK)); }
  [[nodiscard]] const std::string& proc() const { return folder_.path(); }

  test::TemporaryFolder folder_;
  TreeCounter counter_{proc()};
};

TEST_F(TreeOfProcesses, all_descendants_count_and_nobody_else) {
  put({10, 1, 5});
  put({11, 10, 7});
  put({12, 11, 100});
  put({20, 1, 1000});
  counter_.add_root({10, 1}, Counts::kAll);
  EXPECT_EQ(ticks(), 112);
  EXPECT_EQ(counter_.live(), 3U);
}

TEST_F(TreeOfProcesses, one_that_was_waited_for_counts_once) {
  put({10, 1, 5});
  put({11, 10, 7});
  counter_.add_root({10, 1}, Counts::kAll);
  EXPECT_EQ(ticks(), 12);
  put({11, 10, 9, 0, 1, 'Z'});
  EXPECT_EQ(ticks(), 14);
  EXPECT_EQ(counter_.live(), 1U);
  end(11);
  put({10, 1, 5, 9});
  EXPECT_EQ(ticks(), 14);
}

TEST_F(TreeOfProcesses, children_too_short_to_be_seen_count_through_their_parent) {
  put({10, 1, 0});
  counter_.add_root({10, 1}, Counts::kAll);
  EXPECT_EQ(ticks(), 0);
  put({10, 1, 0, 2000});
  EXPECT_EQ(ticks(), 2000);
}

TEST_F(TreeOfProcesses, an_orphan_stays_in_the_tree) {
  put({10, 1, 1});
  put({11, 10, 2});
  put({12, 11, 3});
  put({13, 12, 4});
  counter_.add_root({10, 1}, Counts::kAll);
  EXPECT_EQ(ticks(), 10);
  // 11 dies, and 12 becomes a child of init; it starts another.
  end(11);
  put({10, 1, 1, 2});
  put({12, 1, 30});
  put({14, 12, 500});
  EXPECT_EQ(ticks(), 1 + 2 + 30 + 4 + 500);
  // So does the root, for which somebody outside waited: what was seen of it stays.
  end(10);
  EXPECT_EQ(ticks(), 537);
  EXPECT_FALSE(counter_.is_alive(0));
  end(13);
  put({12, 1, 31, 4});
  EXPECT_EQ(ticks(), 538);
}

TEST_F(TreeOfProcesses, a_pid_given_to_somebody_else_is_not_ours) {
  put({10, 1, 5});
  put({11, 10, 7});
  counter_.add_root({10, 1}, Counts::kAll);
  EXPECT_EQ(ticks(), 12);
  put({11, 1, 9999, 0, 77});
  put({10, 1, 5, 7});
  EXPECT_EQ(ticks(), 12);
  put({10, 1, 8888, 0, 78});
  EXPECT_EQ(ticks(), 12);
  EXPECT_EQ(counter_.live(), 0U);
}

TEST_F(TreeOfProcesses, the_total_never_falls) {
  put({10, 1, 5});
  put({11, 10, 70});
  counter_.add_root({10, 1}, Counts::kAll);
  EXPECT_EQ(ticks(), 75);
  // 10 ignores SIGCHLD: nobody is told what 11 used.
  end(11);
  EXPECT_EQ(ticks(), 75);
  put({10, 1, 6});
  EXPECT_EQ(ticks(), 75);
}

TEST_F(TreeOfProcesses, a_root_that_only_measures_is_left_out) {
  put({10, 1, 1000, 3});
  put({11, 10, 7});
  put({20, 1, 1000, 3});
  put({21, 20, 7});
  counter_.add_root({10, 1}, Counts::kNothing);
  const auto other = counter_.add_root({20, 1}, Counts::kChildren);
  EXPECT_EQ(ticks(), 7 + 3 + 7);
  EXPECT_EQ(counter_.live(), 2U);
  // What wait4 said of 11 comes in its place.
  counter_.waited_for(0, std::chrono::milliseconds(95));
  end(11);
  EXPECT_EQ(ticks(), 9 + 3 + 7);
  // The other's meter dies first, then its command ends: what was seen stays, until the exact figure is known.
  end(20);
  put({21, 1, 8});
  EXPECT_EQ(ticks(), 9 + 3 + 8);
  end(21);
  EXPECT_EQ(ticks(), 9 + 3 + 8);
  counter_.set_final(other, std::chrono::milliseconds(120));
  EXPECT_EQ(ticks(), 9 + 12);
}

TEST_F(TreeOfProcesses, what_was_there_before_is_not_of_the_job) {
  put({10, 1, 0});
  put({11, 10, 1000});
  put({12, 11, 1000});
  put({13, 10, 7});
  counter_.add_root({10, 1}, Counts::kNothing);
  counter_.exclude({{11, 1}});
  EXPECT_EQ(ticks(), 7);
}

}  // namespace
}  // namespace ebb::exec
