#include "exec/process_tree.h"

#include <fmt/format.h>
#include <sys/prctl.h>

#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

ProcessTree tree_here() {
  auto tree = ProcessTree::open();
  EXPECT_TRUE(tree.ok()) << tree.error().message;
  return *std::move(tree);
}

JobSpec counted(std::vector<std::string> argv, ProcessTree& tree) {
  JobSpec spec = spec_of(std::move(argv));
  spec.tree = &tree;
  return spec;
}

/// Asks again until it is so; each question is some work, so this ends.
bool comes_true(const std::function<bool()>& question) {
  const time::SystemClock clock;
  const auto deadline = clock.steady() + kGenerous;
  while (clock.steady() < deadline) {
    if (question()) return true;
  }
  return false;
}

TEST(ProcessTree, trap_1_many_short_children_are_within_two_percent_of_the_cgroup) {
  GroupOptions options;
  options.name = fmt::format("test-{}-trap-1", ::getpid());
  auto group = JobGroup::create(options);
  ASSERT_TRUE(group.ok());
  auto tree = tree_here();
  JobSpec spec = counted(role({"fork-burn", "20", "0.05"}), tree);
  spec.launch.group = &*group;
  EXPECT_EQ(run(spec).code, 0);
  const double by_tree = time::in_seconds(*tree.cpu_time());
  EXPECT_GE(by_tree, 20 * 0.05);
  EXPECT_EQ(tree.live(), 0U);
  if (group->kind() == GroupKind::kNone) GTEST_SKIP() << "no cgroup to compare with";
  const double by_group = time::in_seconds(*group->cpu_time());
  EXPECT_NEAR(by_tree, by_group, 0.02 * by_group);
  static_cast<void>(group->remove());
}

TEST(ProcessTree, a_running_tree_is_seen_to_use_cpu_time) {
  auto tree = tree_here();
  auto inbox = SignalInbox::open();
  auto job = LocalJob::start(counted({"/bin/sh", "-c", "ulimit -t 60; (while :; do :; done); :"}, tree), *inbox);
  ASSERT_TRUE(job.ok());
  EXPECT_TRUE(comes_true([&] { return *tree.cpu_time() >= std::chrono::milliseconds(50) && tree.live() > 0; }));
  const auto before = *tree.cpu_time();
  EXPECT_GE(*tree.cpu_time(), before);
  ::kill(job->pid(), SIGKILL);
  EXPECT_EQ(run_to_end(*job).signal, SIGKILL);
  // The shell's child lives on and is ours now.
  EXPECT_EQ(job->left_behind(), 1U);
  std::vector<pid_t> orphans;
  ProcReader reader("/proc");
  reader.begin();
  reader.children_of(::getpid(), 1, orphans);
  ASSERT_EQ(orphans.size(), 1U);
  ::kill(orphans[0], SIGKILL);
  wait_for(orphans[0]);
}

TEST(ProcessTree, a_grandchild_whose_parent_died_is_counted_to_its_end) {
  auto tree = tree_here();
  Pipe out = make_pipe();
  auto inbox = SignalInbox::open();
  std::optional<LocalJob> job;
  {
    const Redirected stdout_of(STDOUT_FILENO, out.write.get());
    auto started = LocalJob::start(counted(role({"orphan-burn", "0.3"}), tree), *inbox);
    ASSERT_TRUE(started.ok());
    job = *std::move(started);
  }
  out.write.reset();
  EXPECT_EQ(run_to_end(*job).code, 0);
  EXPECT_EQ(read_all(out.read.get()), "burnt\n");
  // It has said its last word: now its end comes to us, its subreaper.
  const time::SystemClock clock;
  EXPECT_TRUE(comes_true([&] {
    static_cast<void>(job->wait_until(clock, clock.steady() + std::chrono::milliseconds(1)));
    return job->left_behind() == 0 && *tree.cpu_time() >= std::chrono::milliseconds(300);
  }));
}

TEST(ProcessTree, children_from_before_do_not_count) {
  const pid_t before = fork_child(burn_on);
  {
    auto tree = tree_here();
    EXPECT_TRUE(comes_true([&] {
      const auto stat = read_proc_stat("/proc", before);
      return stat && stat->cpu >= std::chrono::milliseconds(50);
    }));
    EXPECT_EQ(*tree.cpu_time(), time::Duration(0));
    EXPECT_EQ(tree.live(), 0U);
    ::kill(before, SIGKILL);
    wait_for(before);
    tree.reaped(before, std::chrono::seconds(1));
    EXPECT_EQ(*tree.cpu_time(), time::Duration(0));
    tree.reaped(before, std::chrono::seconds(1));
    EXPECT_EQ(*tree.cpu_time(), std::chrono::seconds(1));
  }
  int is_subreaper = 1;
  ::prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper);
  EXPECT_EQ(is_subreaper, 0);
}

TEST(ProcessTree, an_unprivileged_user_gets_the_same_figure) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become nobody: the other tests ran without rights";
  const std::string said = in_child([] {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) return std::string("cannot become nobody");
    auto tree = tree_here();
    const auto burn = "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done";
    const auto status = run(counted({"/bin/sh", "-c", burn}, tree));
    const auto used = tree.cpu_time();
    return fmt::format("{} {} {}", status.code, status.cpu > time::Duration(0), used && *used == status.cpu);
  });
  EXPECT_EQ(said, "0 true true");
}

TEST(ProcessTree, another_ranks_processes_count_and_in_the_end_its_own_figure) {
  Pipe to_rank = make_pipe();
  Pipe from_rank = make_pipe();
  // The other rank: a meter that waits for one child, and then has another.
  const pid_t meter = fork_child([&] {
    wait_for(fork_child([] {
      while (read_proc_stat("/proc", ::getpid())->cpu < std::chrono::milliseconds(60)) {
      }
    }));
    const pid_t job = fork_child(burn_on);
    write_text(from_rank.write.get(), std::to_string(job) + "\n");
    read_line(to_rank.read.get());
    ::kill(job, SIGKILL);
    wait_for(job);
  });
  const pid_t job = std::stoi(read_line(from_rank.read.get()));
  auto tree = tree_here();
  RankRecord record{read_proc_stat("/proc", meter)->process, read_proc_stat("/proc", job)->process, 1, {}, {}};
  tree.follow(record);
  EXPECT_GE(*tree.cpu_time(), std::chrono::milliseconds(60));
  EXPECT_TRUE(comes_true([&] { return *tree.cpu_time() >= std::chrono::milliseconds(150); }));
  write_text(to_rank.write.get(), "end\n");
  wait_for(meter);
  const auto seen = *tree.cpu_time();
  record.cpu = seen + std::chrono::milliseconds(5);
  tree.follow(record);
  EXPECT_EQ(*tree.cpu_time(), *record.cpu);
}

TEST(ProcessTree, a_rank_whose_meter_was_killed_is_followed_by_its_command) {
  const pid_t job = fork_child(burn_on);
  auto tree = tree_here();
  tree.follow({{::getppid(), 1}, read_proc_stat("/proc", job)->process, 1, {}, {}});
  EXPECT_TRUE(comes_true([&] { return *tree.cpu_time() >= std::chrono::milliseconds(30); }));
  ::kill(job, SIGKILL);
  wait_for(job);
  EXPECT_GE(*tree.cpu_time(), std::chrono::milliseconds(30));
}

TEST(ProcessTree, a_proc_that_is_not_ours_is_refused) {
  const auto tree = ProcessTree::open("/nowhere");
  ASSERT_FALSE(tree.ok());
  EXPECT_EQ(tree.error().kind, base::ErrorKind::kService);
}

TEST(AttachedTree, starts_at_zero_and_follows_the_tree_to_its_end) {
  // A tree that runs already: a shell whose child works.
  Pipe out = make_pipe();
  const pid_t pid = fork_child([&] {
    const pid_t worker = fork_child(burn_on);
    write_text(out.write.get(), std::to_string(worker) + "\n");
    ::pause();
  });
  const pid_t worker = std::stoi(read_line(out.read.get()));
  auto tree = AttachedTree::open(pid);
  ASSERT_TRUE(tree.ok()) << tree.error().message;
  EXPECT_EQ(tree->process(), read_proc_stat("/proc", pid)->process);
  EXPECT_FALSE(tree->ended());
  EXPECT_TRUE(comes_true([&] { return *tree->cpu_time() >= std::chrono::milliseconds(30); }));
  EXPECT_EQ(tree->live(), 2U);
  ::kill(pid, SIGKILL);
  EXPECT_TRUE(tree->end_fd() < 0 || is_readable(tree->end_fd()));
  EXPECT_TRUE(tree->ended());
  wait_for(pid);
  EXPECT_TRUE(tree->ended());
  // The worker has another parent now, and is counted on.
  const auto before = *tree->cpu_time();
  EXPECT_TRUE(comes_true([&] { return *tree->cpu_time() >= before + std::chrono::milliseconds(30); }));
  EXPECT_EQ(tree->live(), 1U);
  ::kill(worker, SIGKILL);
  EXPECT_TRUE(comes_true([&] { return *tree->cpu_time() >= before && tree->live() == 0; }));
}

TEST(AttachedTree, does_not_count_what_was_used_before) {
  const pid_t pid = fork_child(burn_on);
  EXPECT_TRUE(comes_true([&] { return read_proc_stat("/proc", pid)->cpu >= std::chrono::milliseconds(200); }));
  ::kill(pid, SIGSTOP);
  EXPECT_TRUE(comes_true([&] { return read_proc_stat("/proc", pid)->state == 'T'; }));
  auto tree = AttachedTree::open(pid);
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(*tree->cpu_time(), time::Duration(0));
  ::kill(pid, SIGKILL);
  wait_for(pid);
}

TEST(AttachedTree, nobody_and_ourselves_are_refused) {
  const pid_t gone = fork_child([] {});
  wait_for(gone);
  for (const pid_t pid : {gone, ::getpid(), 0, -1}) {
    const auto tree = AttachedTree::open(pid);
    ASSERT_FALSE(tree.ok()) << pid;
    EXPECT_EQ(tree.error().kind, base::ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace ebb::exec
