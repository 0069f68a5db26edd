#include "exec/group.h"

#include <fmt/ranges.h>
#include <sys/stat.h>

#include <fstream>

#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

GroupOptions named(const std::string& name, GroupKind prefer = GroupKind::kV2) {
  GroupOptions options;
  options.name = fmt::format("test-{}-{}", ::getpid(), name);
  options.prefer = prefer;
  return options;
}

JobGroup group_of(const GroupOptions& options) {
  auto group = JobGroup::create(options);
  EXPECT_TRUE(group.ok());
  return *std::move(group);
}

std::string all_of(const std::vector<std::string>& reasons) { return fmt::format("{}", fmt::join(reasons, "; ")); }

JobSpec in_group(std::vector<std::string> argv, const JobGroup& group) {
  JobSpec spec = spec_of(std::move(argv));
  spec.launch.group = &group;
  return spec;
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

/// The kinds of cgroup that can be had here.
class GroupOfKind : public testing::TestWithParam<GroupKind> {
 protected:
  JobGroup make(const std::string& name) { return group_of(named(name, GetParam())); }
};

#define NEED_GROUP(group)           \
  if ((group).kind() != GetParam()) \
  GTEST_SKIP() << "no " << name_of(GetParam()) << " here: " << all_of((group).why_not_better())

TEST_P(GroupOfKind, counts_what_a_command_and_its_children_used) {
  auto group = make("counts");
  NEED_GROUP(group);
  EXPECT_FALSE(group.joined());
  EXPECT_EQ(*group.cpu_time(), time::Duration(0));
  const auto status = run(in_group(role({"fork-burn", "4", "0.05"}), group));
  EXPECT_EQ(status.code, 0);
  const auto used = time::in_seconds(*group.cpu_time());
  EXPECT_GE(used, 0.2);
  EXPECT_NEAR(used, time::in_seconds(status.cpu), 0.02 * used);
  EXPECT_EQ(group.remove()->kind, GroupEnd::Kind::kRemoved);
  EXPECT_FALSE(exists(group.path()));
}

TEST_P(GroupOfKind, knows_its_processes_from_their_first_instruction_on) {
  auto group = make("knows");
  NEED_GROUP(group);
  Pipe in = make_pipe();
  auto inbox = SignalInbox::open();
  const Redirected stdin_of(STDIN_FILENO, in.read.get());
  auto job = LocalJob::start(in_group({"/bin/cat"}, group), *inbox);
  ASSERT_TRUE(job.ok()) << job.error().message;
  EXPECT_TRUE(job->in_group()) << job->why_not_in_group();
  EXPECT_EQ(*group.process_ids(), std::vector{job->pid()});
  EXPECT_EQ(job->left_behind(), 0U);
  in.write.reset();
  EXPECT_EQ(run_to_end(*job).code, 0);
  EXPECT_TRUE(group.process_ids()->empty());
  EXPECT_EQ(group.remove()->kind, GroupEnd::Kind::kRemoved);
}

TEST_P(GroupOfKind, what_lives_on_keeps_its_group_and_is_said) {
  auto group = make("lives-on");
  NEED_GROUP(group);
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  {
    const Redirected stdin_of(STDIN_FILENO, in.read.get());
    const Redirected stdout_of(STDOUT_FILENO, out.write.get());
    EXPECT_EQ(run(in_group(role({"daemon"}), group)).code, 0);
  }
  const std::string daemon = read_line(out.read.get());
  EXPECT_EQ(std::to_string(group.process_ids()->at(0)), daemon);
  const auto end = group.remove();
  EXPECT_EQ(end->kind, GroupEnd::Kind::kOccupied);
  EXPECT_EQ(end->processes, 1U);
  EXPECT_TRUE(exists(group.path()));
  // When it ends, the next group made beside it takes the empty one away.
  in.write.reset();
  out.write.reset();
  EXPECT_EQ(read_all(out.read.get()), "");
  for (int i = 0; i < 1000 && exists(group.path()); ++i)
    EXPECT_EQ(make("next").remove()->kind, GroupEnd::Kind::kRemoved);
  EXPECT_FALSE(exists(group.path()));
}

TEST_P(GroupOfKind, several_ranks_share_one_and_the_last_removes_it) {
  auto first = make("shared");
  NEED_GROUP(first);
  EXPECT_EQ(run(in_group(role({"burn", "0.02"}), first)).code, 0);
  auto second = make("shared");
  EXPECT_FALSE(first.joined());
  EXPECT_TRUE(second.joined());
  EXPECT_EQ(second.path(), first.path());
  EXPECT_GE(*second.cpu_time(), std::chrono::milliseconds(20));
  EXPECT_EQ(first.remove()->kind, GroupEnd::Kind::kShared);
  EXPECT_TRUE(exists(second.path()));
  EXPECT_EQ(second.remove()->kind, GroupEnd::Kind::kRemoved);
  EXPECT_FALSE(exists(second.path()));
}

TEST_P(GroupOfKind, one_of_a_run_that_was_killed_is_reclaimed) {
  Pipe ready = make_pipe();
  std::string path;
  const pid_t run = fork_child([&] {
    const auto group = group_of(named("stale", GetParam()));
    write_text(ready.write.get(), std::string(name_of(group.kind())) + "\n" + group.path() + "\n");
    ::pause();
  });
  const std::string kind = read_line(ready.read.get());
  path = read_line(ready.read.get());
  {
    // It is in use: nobody takes it away.
    auto other = make("other");
    EXPECT_TRUE(kind != name_of(GetParam()) || exists(path));
    static_cast<void>(other.remove());
  }
  ::kill(run, SIGKILL);
  wait_for(run);
  auto next = make("next");
  if (kind != name_of(GetParam())) GTEST_SKIP() << "no " << name_of(GetParam()) << " here";
  EXPECT_FALSE(exists(path));
  EXPECT_EQ(next.remove()->kind, GroupEnd::Kind::kRemoved);
}

TEST_P(GroupOfKind, groups_that_the_job_made_in_it_are_counted_and_removed) {
  auto group = make("nested");
  NEED_GROUP(group);
  const std::string nested = group.path() + "/of-the-job";
  ASSERT_EQ(::mkdir(nested.c_str(), 0755), 0);
  const auto script = "echo 0 > " + nested + "/cgroup.procs; exec cat";
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  auto inbox = SignalInbox::open();
  {
    const Redirected stdin_of(STDIN_FILENO, in.read.get());
    const Redirected stdout_of(STDOUT_FILENO, out.write.get());
    auto job = LocalJob::start(in_group({"/bin/sh", "-c", script}, group), *inbox);
    ASSERT_TRUE(job.ok());
    write_text(in.write.get(), "moved\n");
    EXPECT_EQ(read_line(out.read.get()), "moved");
    EXPECT_EQ(*group.process_ids(), std::vector{job->pid()});
    in.write.reset();
    EXPECT_EQ(run_to_end(*job).code, 0);
  }
  EXPECT_EQ(group.remove()->kind, GroupEnd::Kind::kRemoved);
}

INSTANTIATE_TEST_SUITE_P(Cgroups, GroupOfKind, testing::Values(GroupKind::kV2, GroupKind::kV1),
                         [](const auto& kind) { return kind.param == GroupKind::kV2 ? "v2" : "v1"; });

TEST(Group, none_is_a_group_too_and_counts_nothing) {
  auto group = group_of(named("none", GroupKind::kNone));
  EXPECT_EQ(group.kind(), GroupKind::kNone);
  EXPECT_TRUE(group.why_not_better().empty());
  EXPECT_EQ(group.cpu_time().error().kind, base::ErrorKind::kNoData);
  EXPECT_FALSE(group.process_ids().ok());
  EXPECT_FALSE(group.memory_bytes());
  EXPECT_EQ(group.clone_into_fd(), -1);
  EXPECT_TRUE(group.join_from_child());
  EXPECT_EQ(run(in_group({"/bin/true"}, group)).code, 0);
  EXPECT_EQ(group.remove()->kind, GroupEnd::Kind::kRemoved);
}

TEST(Group, a_user_without_rights_gets_none_and_the_reasons) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become nobody";
  const std::string said = in_child([] {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) return std::string("cannot become nobody");
    const auto group = group_of(named("nobody"));
    return fmt::format("{}; {}", name_of(group.kind()), all_of(group.why_not_better()));
  });
  EXPECT_EQ(said.substr(0, 13), "process-tree;") << said;
  EXPECT_NE(said.find("cgroup-v2: "), std::string::npos) << said;
  EXPECT_NE(said.find("cgroup-v1: "), std::string::npos) << said;
}

TEST(Group, a_name_that_is_no_name_is_refused) {
  for (const std::string name : {"", "..", "a/b", "a b", "a\n"}) {
    GroupOptions options;
    options.name = name;
    const auto group = JobGroup::create(options);
    ASSERT_FALSE(group.ok()) << name;
    EXPECT_EQ(group.error().kind, base::ErrorKind::kUsage);
  }
}

/// A machine of the test's own: what the two files of /proc/self say.
class GroupElsewhere : public testing::Test {
 protected:
  GroupOptions options(const std::string& mountinfo, const std::string& own) {
    std::ofstream(folder_.path() + "/mountinfo") << mountinfo;
    std::ofstream(folder_.path() + "/cgroup") << own;
    GroupOptions options = named("elsewhere");
    options.mountinfo = folder_.path() + "/mountinfo";
    options.own_cgroup = folder_.path() + "/cgroup";
    return options;
  }
  std::string why_none(const GroupOptions& options) {
    auto group = group_of(options);
    EXPECT_EQ(group.kind(), GroupKind::kNone);
    return all_of(group.why_not_better());
  }
  TemporaryFolder folder_;
};

TEST_F(GroupElsewhere, what_is_no_cgroup_is_refused_and_left_as_it_was) {
  const std::string top = folder_.path() + "/top";
  ASSERT_EQ(::mkdir(top.c_str(), 0755), 0);
  const auto why = why_none(options("41 31 0:38 / " + top + " rw - cgroup2 cgroup2 rw\n", "0::/\n"));
  EXPECT_NE(why.find("cgroup-v2: " + top), std::string::npos) << why;
  EXPECT_NE(why.find("cgroup-v1: this process is in no cgroup of the v1 hierarchy cpuacct"), std::string::npos) << why;
  EXPECT_TRUE(std::filesystem::is_empty(top));
}

TEST_F(GroupElsewhere, a_hierarchy_that_shares_out_cpu_time_is_not_used) {
  auto given = options("32 31 0:29 / " + folder_.path() + " rw - cgroup cgroup rw,cpu,cpuacct\n", "4:cpu,cpuacct:/\n");
  const auto why = why_none(given);
  EXPECT_NE(why.find("the controller cpu would give the job another share"), std::string::npos) << why;
}

TEST_F(GroupElsewhere, no_proc_at_all_is_a_reason_and_no_failure) {
  auto given = named("no-proc");
  given.mountinfo = folder_.path() + "/none";
  EXPECT_NE(why_none(given).find("No such file or directory"), std::string::npos);
}

}  // namespace
}  // namespace ebb::exec
