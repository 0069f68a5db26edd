#include "keeper/local_executor.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <random>

#include "keeper/boot.h"
#include "keeper/test_keeping.h"

namespace ebb::keeper {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share
using exec::TaskState;
using std::chrono::milliseconds;

class Executor : public Keeping {};

/// A zombie does not.
bool lives(pid_t pid) {
  const auto stat = exec::read_proc_stat("/proc", pid);
  return stat && stat->state != 'Z' && stat->state != 'X';
}

TEST_F(Executor, a_job_runs_where_and_as_it_is_told_and_its_end_is_known) {
  auto job = task("1-a", "pwd; cat; echo \"$EBB_TASK $STRANGE\"; exit 42");
  job.environment.emplace_back("STRANGE=\xff\n=");
  const auto before = clock_.now();
  start(job);
  const auto seen = wait_for(job, TaskState::kEnded);
  EXPECT_EQ(seen.exit_code, 42);
  EXPECT_FALSE(seen.checkpointed);
  EXPECT_GE(seen.begun.value_or(time::Instant{}), before);
  EXPECT_GE(seen.ended.value_or(time::Instant{}), *seen.begun);
  EXPECT_TRUE(seen.energy.has_value());
  EXPECT_EQ(seen.run_id, "1-a.1");
  EXPECT_EQ(text_of_file(job.output), job.folder + "\n1-a.1 \xff\n=\n");
  EXPECT_EQ(text_of_file(seen.handle + "/filed"), "1-a.1");
  struct stat info {};
  ASSERT_EQ(::stat(job.output.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(Executor, all_that_a_job_says_is_kept_and_what_was_there_before_stays) {
  const auto job = task("1-a", "i=0; while test $i -lt 20000; do echo $i; i=$((i+1)); done; echo end >&2");
  std::ofstream(job.output) << "before\n";
  start(job);
  wait_for(job, TaskState::kEnded);
  const auto said = text_of_file(job.output);
  EXPECT_TRUE(said.starts_with("before\n0\n1\n"));
  EXPECT_TRUE(said.ends_with("\n19999\nend\n"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 20002);
}

TEST_F(Executor, what_cannot_be_started_says_so) {
  auto job = task("1-a", "");
  job.argv = {"/no/such/program"};
  start(job);
  auto seen = wait_for(job, TaskState::kEnded);
  EXPECT_EQ(seen.exit_code, 127);
  EXPECT_NE(seen.note.find("no/such"), std::string::npos);
  EXPECT_NE(text_of_file(job.output).find("no/such"), std::string::npos);
  auto homeless = task("2-b", "echo here");
  homeless.folder = "/no/such/folder";
  start(homeless);
  seen = wait_for(homeless, TaskState::kEnded);
  EXPECT_EQ(seen.exit_code, 125);
  EXPECT_NE(seen.note.find("/no/such/folder"), std::string::npos);
}

TEST_F(Executor, what_was_never_started_is_unknown) {
  EXPECT_EQ(see(task("1-a", "")).state, TaskState::kUnknown);
  const auto job = task("1-a", "exit 0");
  start(job);
  auto next = job;
  next.attempt = 2;
  EXPECT_EQ(see(next).state, TaskState::kUnknown);
}

TEST_F(Executor, asked_again_it_runs_once) {
  const auto job = task("1-a", "echo once >> once");
  const auto begin = clock_.steady();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(executor_->start(job).ok());
    if (i == 0) RecordProperty("start_microseconds", static_cast<int>((clock_.steady() - begin).count() / 1000));
  }
  start(job);
  wait_for(job, TaskState::kEnded);
  ASSERT_TRUE(executor_->start(job).ok());
  EXPECT_EQ(text_of_file(file("once")), "once\n");
}

TEST_F(Executor, eight_that_start_it_at_once_run_it_once) {
  const auto job = task("1-a", "echo once >> once; sleep 0.1");
  std::vector<pid_t> starters;
  for (int i = 0; i < 8; ++i) {
    starters.push_back(::fork());
    if (starters.back() == 0) ::_exit(LocalExecutor(options(), clock_).start(job).ok() ? 0 : 1);
  }
  for (const pid_t starter : starters) {
    int code = -1;
    ::waitpid(starter, &code, 0);
    EXPECT_EQ(code, 0);
  }
  started_.push_back(job);
  wait_for(job, TaskState::kEnded);
  EXPECT_EQ(text_of_file(file("once")), "once\n");
}

TEST_F(Executor, its_starter_killed_at_any_moment_it_runs_once) {
  std::mt19937 random(7);
  for (int i = 0; i < 25; ++i) {
    const auto job = task("j" + std::to_string(i), "echo once >> once" + std::to_string(i));
    const pid_t starter = ::fork();
    if (starter == 0) {
      // As a terminal's job or a daemon: killed with all that hangs on it.
      ::setsid();
      static_cast<void>(LocalExecutor(options(), clock_).start(job));
      ::_exit(0);
    }
    const auto until = clock_.steady() + std::chrono::microseconds(random() % 8000);
    while (clock_.steady() < until) {
    }
    ::kill(-starter, SIGKILL);
    ::kill(starter, SIGKILL);
    ::waitpid(starter, nullptr, 0);
    start(job);
    wait_for(job, TaskState::kEnded);
    EXPECT_EQ(text_of_file(file("once" + std::to_string(i))), "once\n");
  }
}

TEST_F(Executor, paused_it_stands_still_and_resumed_it_goes_on) {
  const auto job = task("1-a", kWrites);
  start(job);
  ASSERT_TRUE(comes_true([&] { return size("1-a.out") > 4; }));
  ASSERT_TRUE(executor_->pause(job, ref(job)).ok());
  const auto paused = wait_for(job, TaskState::kPaused);
  EXPECT_EQ(paused.pauses, 1U);
  const auto before = size("1-a.out");
  ::poll(nullptr, 0, 60);
  EXPECT_EQ(size("1-a.out"), before);
  EXPECT_EQ(see(job).ran, paused.ran);
  EXPECT_GT(see(job).paused, paused.paused);
  // Asked again, nothing changes.
  ASSERT_TRUE(executor_->pause(job, ref(job)).ok());
  ASSERT_TRUE(executor_->resume(job, ref(job)).ok());
  wait_for(job, TaskState::kRunning);
  EXPECT_TRUE(comes_true([&] { return size("1-a.out") > before + 4; }));
  EXPECT_GE(see(job).paused, milliseconds(60));
  ASSERT_TRUE(executor_->cancel(job, ref(job)).ok());
  EXPECT_EQ(wait_for(job, TaskState::kEnded).exit_code, 143);
  EXPECT_TRUE(executor_->pause(job, ref(job)).ok());
  EXPECT_TRUE(executor_->cancel(job, ref(job)).ok());
}

TEST_F(Executor, one_that_may_not_be_paused_is_not) {
  auto job = task("1-a", kWrites);
  job.pausable = exec::Pausable::kNo;
  start(job);
  const auto paused = executor_->pause(job, ref(job));
  ASSERT_FALSE(paused.ok());
  EXPECT_EQ(paused.error().kind, base::ErrorKind::kUsage);
}

TEST_F(Executor, cancelled_all_of_it_ends_a_paused_one_too) {
  for (const bool paused : {false, true}) {
    const auto job = task(paused ? "2-b" : "1-a",
                          "setsid sh -c 'echo $$ > child; while :; do sleep 0.01; done' & "
                          "echo $$ > self; while :; do sleep 0.01; done");
    for (const char* name : {"child", "self"}) std::filesystem::remove(file(name));
    start(job);
    ASSERT_TRUE(comes_true([&] { return size("child") > 0 && size("self") > 0; }));
    if (paused) {
      ASSERT_TRUE(executor_->pause(job, ref(job)).ok());
      wait_for(job, TaskState::kPaused);
    }
    ASSERT_TRUE(executor_->cancel(job, ref(job)).ok());
    EXPECT_EQ(wait_for(job, TaskState::kEnded).exit_code, 143);
    for (const char* name : {"child", "self"}) {
      EXPECT_FALSE(lives(std::atoi(text_of_file(file(name)).c_str()))) << name;
    }
  }
}

TEST_F(Executor, cancelled_before_its_start_it_never_runs) {
  const auto job = task("1-a", "echo ran > ran");
  ASSERT_TRUE(executor_->cancel(job, ref(job)).ok());
  EXPECT_EQ(see(job).state, TaskState::kEnded);
  EXPECT_EQ(see(job).exit_code, 143);
  start(job);
  EXPECT_EQ(see(job).state, TaskState::kEnded);
  EXPECT_FALSE(is_there("ran"));
}

TEST_F(Executor, a_checkpointed_one_ends_and_the_next_attempt_goes_on) {
  auto job = task("1-a",
                  "test -e saved && exit 5; trap 'touch saved; exit 0' USR1; touch ready; "
                  "while :; do sleep 0.01; done");
  job.pausable = exec::Pausable::kCheckpoint;
  start(job);
  ASSERT_TRUE(comes_true([&] { return is_there("ready"); }));
  ASSERT_TRUE(executor_->pause(job, ref(job)).ok());
  auto seen = wait_for(job, TaskState::kEnded);
  EXPECT_TRUE(seen.checkpointed);
  EXPECT_EQ(seen.exit_code, 0);
  auto next = job;
  next.attempt = 2;
  start(next);
  seen = wait_for(next, TaskState::kEnded);
  EXPECT_FALSE(seen.checkpointed);
  EXPECT_EQ(seen.exit_code, 5);
}

TEST_F(Executor, boards_are_handed_out_by_number) {
  auto job = task("1-a", "echo \"$CUDA_DEVICE_ORDER $CUDA_VISIBLE_DEVICES $ROCR_VISIBLE_DEVICES\"");
  job.boards = {2, 0};
  job.environment.emplace_back("CUDA_VISIBLE_DEVICES=7");
  start(job);
  wait_for(job, TaskState::kEnded);
  EXPECT_EQ(text_of_file(job.output), "PCI_BUS_ID 2,0 2,0\n");
}

TEST_F(Executor, its_keeper_killed_the_job_goes_on_and_is_kept_again) {
  const auto job = task("1-a", kWrites);
  start(job);
  ASSERT_TRUE(comes_true([&] { return size("1-a.out") > 4; }));
  const auto first = status(job).keeper;
  ASSERT_EQ(::kill(first.pid, SIGKILL), 0);
  ASSERT_TRUE(comes_true([&] { return !is_alive(first); }));
  EXPECT_TRUE(comes_true([&] { return see(job).state == TaskState::kRunning; }));
  EXPECT_TRUE(comes_true([&] { return see(job).note.find("not measured") != std::string::npos; }));
  EXPECT_TRUE(comes_true([&] { return status(job).keeper != first; }));
  ASSERT_TRUE(executor_->pause(job, ref(job)).ok());
  wait_for(job, TaskState::kPaused);
  const auto before = size("1-a.out");
  ::poll(nullptr, 0, 60);
  EXPECT_EQ(size("1-a.out"), before);
  ASSERT_TRUE(executor_->resume(job, ref(job)).ok());
  EXPECT_TRUE(comes_true([&] { return size("1-a.out") > before; }));
  ASSERT_TRUE(executor_->cancel(job, ref(job)).ok());
  EXPECT_TRUE(comes_true([&] { return is_over(job); }));
  EXPECT_EQ(see(job).state, TaskState::kEnded);
}

TEST_F(Executor, its_keeper_killed_its_end_is_known_or_it_is_lost_but_nothing_else) {
  const auto job = task("1-a", "echo > ready; while test ! -e stop; do sleep 0.01; done; exit 3");
  // Whoever becomes its parent has to wait for it: here that is this process.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1L);
  start(job);
  ASSERT_TRUE(comes_true([&] { return is_there("ready"); }));
  const auto keeper = status(job).keeper;
  ::kill(keeper.pid, SIGKILL);
  ASSERT_TRUE(comes_true([&] { return !is_alive(keeper); }));
  // Where it was killed before it wrote down the start, the next one first looks for the job.
  EXPECT_TRUE(comes_true([&] { return see(job).state == TaskState::kRunning; }));
  std::ofstream(file("stop")) << "";
  ASSERT_TRUE(comes_true([&] {
    ::waitpid(-1, nullptr, WNOHANG);
    return is_over(job);
  }));
  ::prctl(PR_SET_CHILD_SUBREAPER, 0L);
  const auto seen = see(job);
  // The kernel tells since Linux 6.15.
  RecordProperty("end", std::string(name_of(seen.state)));
  if (seen.state == TaskState::kEnded) {
    EXPECT_EQ(seen.exit_code, 3);
  } else {
    EXPECT_FALSE(seen.exit_code.has_value());
    EXPECT_NE(seen.note.find("nobody knows"), std::string::npos);
  }
}

TEST_F(Executor, its_keeper_killed_while_it_is_paused_it_stays_paused) {
  const auto job = task("1-a", kWrites);
  start(job);
  ASSERT_TRUE(comes_true([&] { return size("1-a.out") > 4; }));
  ASSERT_TRUE(executor_->pause(job, ref(job)).ok());
  wait_for(job, TaskState::kPaused);
  const auto keeper = status(job).keeper;
  ASSERT_EQ(::kill(keeper.pid, SIGKILL), 0);
  ASSERT_TRUE(comes_true([&] { return !is_alive(keeper); }));
  const auto before = size("1-a.out");
  EXPECT_EQ(see(job).state, TaskState::kPaused);
  ::poll(nullptr, 0, 60);
  EXPECT_EQ(size("1-a.out"), before);
  EXPECT_EQ(see(job).state, TaskState::kPaused);
  ASSERT_TRUE(executor_->resume(job, ref(job)).ok());
  EXPECT_TRUE(comes_true([&] { return size("1-a.out") > before; }));
}

TEST_F(Executor, its_keeper_killed_before_it_wrote_down_its_start_it_is_found) {
  const auto job = task("1-a", kWrites);
  start(job);
  ASSERT_TRUE(comes_true([&] { return size("1-a.out") > 4; }));
  auto written = status(job);
  ASSERT_EQ(::kill(written.keeper.pid, SIGKILL), 0);
  ASSERT_TRUE(comes_true([&] { return !is_alive(written.keeper); }));
  written.state = TaskState::kPending;
  const auto process = std::exchange(written.job, {});
  const auto folder = Folder::open(executor_->folder_of(job.id), std::nullopt);
  ASSERT_TRUE(folder->write("attempt-1.status", json_of(written), false).ok());
  EXPECT_TRUE(comes_true([&] { return see(job).state == TaskState::kRunning; }));
  EXPECT_TRUE(comes_true([&] { return status(job).job == process; }));
}

TEST_F(Executor, its_keeper_and_the_job_killed_it_is_lost) {
  const auto job = task("1-a", "echo $$ > self; while :; do sleep 0.01; done");
  start(job);
  ASSERT_TRUE(comes_true([&] { return size("self") > 0 && see(job).state == TaskState::kRunning; }));
  const auto written = status(job);
  ::kill(written.keeper.pid, SIGKILL);
  ::kill(written.job.pid, SIGKILL);
  ASSERT_TRUE(comes_true([&] { return !is_alive(written.keeper) && !is_alive(written.job); }));
  EXPECT_EQ(see(job).state, TaskState::kLost);
  EXPECT_FALSE(see(job).exit_code.has_value());
  EXPECT_TRUE(executor_->cancel(job, ref(job)).ok());
}

TEST_F(Executor, what_a_user_puts_in_his_folder_is_not_followed) {
  const auto job = task("1-a", "echo x > ran");
  std::filesystem::create_directories(executor_->folder_of(job.id));
  std::filesystem::permissions(executor_->folder_of(job.id), std::filesystem::perms(0700));
  std::ofstream(file("victim")) << "precious";
  // His output a link: the job does not begin.
  std::filesystem::create_symlink(file("victim"), job.output);
  start(job);
  EXPECT_EQ(wait_for(job, TaskState::kEnded).exit_code, 125);
  EXPECT_EQ(text_of_file(file("victim")), "precious");
  EXPECT_FALSE(is_there("ran"));
  // His status a link, a FIFO, or without end: what it says is not believed.
  const std::string status = executor_->folder_of(job.id) + "/attempt-1.status";
  const auto written = text_of_file(status);
  std::ofstream(file("forged")) << written;
  std::filesystem::remove(status);
  std::filesystem::create_symlink(file("forged"), status);
  // Its keeper may still be about to leave.
  EXPECT_TRUE(comes_true([&] { return see(job).state == TaskState::kLost; }));
  std::filesystem::remove(status);
  ASSERT_EQ(::mkfifo(status.c_str(), 0600), 0);
  EXPECT_EQ(see(job).state, TaskState::kLost);
  std::filesystem::remove(status);
  std::ofstream(status) << std::string(100'000, ' ');
  EXPECT_EQ(see(job).state, TaskState::kLost);
  std::filesystem::remove(status);
  std::ofstream(status) << written;
}

TEST_F(Executor, a_claim_or_a_log_that_is_a_link_stops_the_start) {
  for (const std::string name : {"attempt-1.claim", "attempt-1.log"}) {
    const auto job = task(name == "attempt-1.claim" ? "1-a" : "2-b", "echo x > ran");
    std::filesystem::create_directories(executor_->folder_of(job.id));
    std::filesystem::permissions(executor_->folder_of(job.id), std::filesystem::perms(0700));
    std::filesystem::create_symlink(file("elsewhere"), executor_->folder_of(job.id) + "/" + name);
    EXPECT_FALSE(executor_->start(job).ok());
    EXPECT_FALSE(is_there("elsewhere"));
    EXPECT_FALSE(is_there("ran"));
  }
}

TEST_F(Executor, a_folder_that_is_open_to_others_is_not_used) {
  const auto job = task("1-a", "echo x > ran");
  std::filesystem::create_directories(executor_->folder_of(job.id));
  std::filesystem::permissions(executor_->folder_of(job.id), std::filesystem::perms(0755));
  const auto handle = executor_->start(job);
  ASSERT_FALSE(handle.ok());
  EXPECT_NE(handle.error().message.find("chmod 700"), std::string::npos);
}

TEST_F(Executor, root_runs_a_job_as_its_user_who_sees_nobody_elses) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root: jobs run as this user";
  auto job =
      task("1-a", "id -u; id -g; id -G; cat " + executor_->folder_of("2-b") + "/attempt-1.task || echo closed; " +
                      "ls " + executor_->folder_of("2-b") + " || echo closed; " + kWrites);
  auto other = task("2-b", "exit 0");
  std::filesystem::permissions(folder_ + "/place", std::filesystem::perms(0777));
  job.uid = 65534;
  job.gid = 65534;
  start(other);
  wait_for(other, TaskState::kEnded);
  start(job);
  ASSERT_TRUE(comes_true([&] { return text_of_file(job.output).find("x\n") != std::string::npos; }));
  const auto said = text_of_file(job.output);
  EXPECT_TRUE(said.starts_with("65534\n65534\n65534\n")) << said;
  EXPECT_NE(said.find("closed\n"), std::string::npos);
  EXPECT_EQ(said.find("ebb-task"), std::string::npos);
  struct stat info {};
  for (const std::string name : {"", "/attempt-1.task", "/attempt-1.status", "/attempt-1.claim", "/attempt-1.sock"}) {
    ASSERT_EQ(::stat((executor_->folder_of(job.id) + name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_uid, 65534U) << name;
    EXPECT_EQ(info.st_mode & 077U, 0U) << name;
  }
  // Spoken to as root, and kept again as the user.
  ASSERT_TRUE(executor_->pause(job, ref(job)).ok());
  wait_for(job, TaskState::kPaused);
  const auto keeper = status(job).keeper;
  ::kill(keeper.pid, SIGKILL);
  ASSERT_TRUE(comes_true([&] { return !is_alive(keeper); }));
  EXPECT_EQ(see(job).state, TaskState::kPaused);
  ASSERT_EQ(::stat(("/proc/" + std::to_string(status(job).keeper.pid)).c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 65534U);
  ASSERT_TRUE(executor_->cancel(job, ref(job)).ok());
  EXPECT_EQ(wait_for(job, TaskState::kEnded).state, TaskState::kEnded);
}

TEST_F(Executor, only_root_runs_jobs_of_others) {
  if (::geteuid() == 0) GTEST_SKIP() << "this is root";
  auto job = task("1-a", "exit 0");
  job.uid = ::geteuid() + 1;
  const auto handle = executor_->start(job);
  ASSERT_FALSE(handle.ok());
  EXPECT_EQ(handle.error().kind, base::ErrorKind::kUsage);
}

TEST_F(Executor, a_hundred_running_jobs_are_seen_quickly) {
  const auto job = task("1-a", kWrites);
  start(job);
  wait_for(job, TaskState::kRunning);
  const std::vector<exec::TaskRef> refs(100, ref(job));
  const auto begin = clock_.steady();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(executor_->observe(refs)->size(), 100U);
  const auto each = (clock_.steady() - begin) / 1000;
  RecordProperty("microseconds_each", static_cast<int>(each.count() / 1000));
  EXPECT_LT(each, milliseconds(2));
}

}  // namespace
}  // namespace ebb::keeper
