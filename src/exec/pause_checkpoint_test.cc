#include "exec/pause_checkpoint.h"

#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

/// A job that is a shell script, which has said "ready".
class Checkpoint : public testing::Test {
 protected:
  void start(const std::string& script) {
    inbox_.emplace(*SignalInbox::open());
    Pipe out = make_pipe();
    const Redirected stdout_of(STDOUT_FILENO, out.write.get());
    auto job = LocalJob::start(spec_of({"/bin/sh", "-c", script}), *inbox_);
    ASSERT_TRUE(job.ok());
    job_.emplace(*std::move(job));
    EXPECT_EQ(read_line(out.read.get()), "ready");
  }
  void TearDown() override {
    if (!job_ || job_->status()) return;
    ::kill(job_->pid(), SIGKILL);
    run_to_end(*job_);
  }
  base::Expected<CheckpointEnd> ask(const CheckpointRequest& request) {
    return checkpoint(*job_, request, *inbox_, time::SystemClock());
  }
  std::optional<SignalInbox> inbox_;
  std::optional<LocalJob> job_;
};

constexpr const char* kSaves = "trap 'exit 3' USR1; echo ready; while :; do sleep 0.01; done";
constexpr const char* kIgnores = "trap '' USR1; echo ready; while :; do sleep 0.01; done";

TEST_F(Checkpoint, a_job_that_saves_and_ends_has_ended) {
  start(kSaves);
  const auto end = ask({SIGUSR1, kGenerous, false});
  ASSERT_TRUE(end.ok()) << end.error().message;
  EXPECT_TRUE(end->ended);
  EXPECT_FALSE(end->killed);
  EXPECT_EQ(job_->status()->code, 3);
  EXPECT_TRUE(ask({SIGUSR1, kGenerous, false})->ended);
}

TEST_F(Checkpoint, a_job_that_does_not_end_goes_on) {
  start(kIgnores);
  const auto end = ask({SIGUSR1, std::chrono::milliseconds(30), false});
  ASSERT_TRUE(end.ok());
  EXPECT_FALSE(end->ended);
  EXPECT_GE(end->took, std::chrono::milliseconds(30));
  EXPECT_EQ(::kill(job_->pid(), 0), 0);
}

TEST_F(Checkpoint, it_kills_when_told_to) {
  start(kIgnores);
  const auto end = ask({SIGUSR1, std::chrono::milliseconds(10), true});
  ASSERT_TRUE(end.ok());
  EXPECT_TRUE(end->ended);
  EXPECT_TRUE(end->killed);
  EXPECT_EQ(job_->status()->signal, SIGKILL);
}

TEST_F(Checkpoint, a_command_of_the_users_can_tell_the_job) {
  start(kSaves);
  const auto end = ask({std::vector<std::string>{"/bin/sh", "-c", "kill -USR1 $EBB_JOB_PID"}, kGenerous, false});
  ASSERT_TRUE(end.ok()) << end.error().message;
  EXPECT_TRUE(end->ended);
  EXPECT_EQ(job_->status()->code, 3);
}

TEST_F(Checkpoint, a_command_that_fails_is_said_at_once) {
  start(kIgnores);
  const auto end = ask({std::vector<std::string>{"/bin/sh", "-c", "exit 9"}, kGenerous, false});
  ASSERT_TRUE(end.ok());
  EXPECT_FALSE(end->ended);
  EXPECT_EQ(end->command_code, 9);
  EXPECT_FALSE(ask({std::vector<std::string>{"/no/such/command"}, kGenerous, false}).ok());
}

TEST_F(Checkpoint, a_command_that_hangs_is_killed_and_the_job_is_not) {
  start(kIgnores);
  const auto end = ask({std::vector<std::string>{"/bin/sleep", "60"}, std::chrono::milliseconds(20), false});
  ASSERT_TRUE(end.ok());
  EXPECT_FALSE(end->ended);
  EXPECT_FALSE(end->command_code);
  EXPECT_EQ(::kill(job_->pid(), 0), 0);
}

TEST_F(Checkpoint, what_makes_no_sense_is_refused) {
  start(kIgnores);
  EXPECT_EQ(ask({0, kGenerous, false}).error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(ask({4711, kGenerous, false}).error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(ask({SIGUSR1, std::chrono::seconds(-1), false}).error().kind, base::ErrorKind::kUsage);
}

}  // namespace
}  // namespace ebb::exec
