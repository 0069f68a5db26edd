#include "slurm/executor.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "slurm/fake_commands.h"
#include "time/text.h"

namespace ebb::slurm {
namespace {

using exec::Pausable;
using exec::TaskRef;
using exec::TaskState;

const time::Instant kNow(std::chrono::seconds(1795480100));
const TaskRef kRef{"j1", 1, "7"};

class ExecutorTest : public testing::Test {
 protected:
  void queue(const std::string& jobs) {
    commands_.answer({"squeue"}, {0, R"({"errors": [], "jobs": [)" + jobs + "]}", ""});
  }
  void no_history() { commands_.answer({"sacct"}, {1, "", "Slurm accounting storage is disabled\n"}); }
  static std::string job(int id, const std::string& state, const std::string& more = "",
                         const std::string& name = "ebb:j1:1") {
    return fmt::format(
        R"({{"job_id": {}, "job_state": "{}", "name": "{}", "user_id": {}, "start_time": 1795480040, "submit_time": 1795480030{}}})",
        id, state, name, ::geteuid(), more.empty() ? "" : ", " + more);
  }
  exec::Task task() {
    exec::Task task;
    task.id = "j1";
    task.argv = {"train"};
    task.uid = ::geteuid();
    task.gid = ::getegid();
    task.pausable = Pausable::kFreeze;
    return task;
  }
  exec::Observation seen(const TaskRef& ref = kRef) {
    const auto all = executor_.observe(std::vector{ref});
    EXPECT_TRUE(all) << all.error().message;
    return all ? all->front() : exec::Observation();
  }

  test::FakeCommands commands_;
  time::FakeClock clock_{kNow};
  SlurmExecutor executor_{commands_, clock_};
};

TEST_F(ExecutorTest, AJobIsLookedForBeforeItIsSubmitted) {
  no_history();
  queue("");
  commands_.answer({"sbatch"}, {0, "7\n", ""});
  EXPECT_EQ(*executor_.start(task()), "7");
  queue(job(7, "PENDING"));
  EXPECT_EQ(*executor_.start(task()), "7");
  EXPECT_EQ(commands_.lines("sbatch").size(), 1U);
}

TEST_F(ExecutorTest, AJobThatTheHistoryKnowsIsNotSubmittedAgain) {
  queue("");
  commands_.answer(
      {"sacct"},
      {0, fmt::format("JobID\x1fState\x1fUID\x1fJobName\n5\x1f{}\x1f{}\x1f{}\n", "COMPLETED", ::geteuid(), "ebb:j1:1"),
       ""});
  EXPECT_EQ(*executor_.start(task()), "5");
  EXPECT_TRUE(commands_.lines("sbatch").empty());
}

TEST_F(ExecutorTest, NothingIsSubmittedWhileNobodyCanTellWhetherItWas) {
  commands_.fail({"squeue"}, "down");
  EXPECT_FALSE(executor_.start(task()));
  commands_.answer({"sacct"}, {1, "", "sacct: error: slurm_persist_conn_open: Unable to connect to slurmdbd\n"});
  test::FakeCommands again;
  again.answer({"squeue"}, {0, R"({"errors": [], "jobs": []})", ""});
  again.answer({"sacct"}, {1, "", "sacct: error: Connection refused\n"});
  SlurmExecutor executor(again, clock_);
  const auto started = executor.start(task());
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, base::ErrorKind::kService);
  EXPECT_TRUE(again.lines("sbatch").empty());
}

TEST_F(ExecutorTest, SomebodyElsesJobOfThatNameIsNotOurs) {
  no_history();
  queue(fmt::format(R"({{"job_id": 5, "job_state": "RUNNING", "name": "ebb:j1:1", "user_id": {}}})", ::geteuid() + 1));
  commands_.answer({"sbatch"}, {0, "7;cluster\n", ""});
  EXPECT_EQ(*executor_.start(task()), "7");
}

TEST_F(ExecutorTest, WhereSlurmLetsUsItSuspendsElseItStopsProcesses) {
  queue(job(7, "RUNNING"));
  commands_.answer({"scontrol"}, {0, "", ""});
  commands_.answer({"scancel"}, {0, "", ""});
  ASSERT_TRUE(executor_.pause(task(), kRef));
  EXPECT_EQ(commands_.lines("scontrol").front(), "scontrol suspend 7");
  EXPECT_TRUE(commands_.lines("scancel").empty());
  commands_.answer({"scontrol", "suspend"}, {1, "", "Access/permission denied for job 7\n"});
  ASSERT_TRUE(executor_.pause(task(), kRef));
  EXPECT_EQ(commands_.lines("scancel"), std::vector<std::string>{"scancel --signal=STOP --full 7"});
  EXPECT_EQ(commands_.lines("scontrol").back(), "scontrol update JobId=7 Comment=ebb{pauses=1,since=1795480100}");
}

TEST_F(ExecutorTest, WhatIsPausedOrEndedIsNotPausedAgain) {
  for (const char* state : {"SUSPENDED", "STOPPED", "COMPLETED", "COMPLETING"}) {
    queue(job(7, state));
    EXPECT_TRUE(executor_.pause(task(), kRef)) << state;
  }
  EXPECT_EQ(commands_.calls.size(), 4U) << "only squeue was asked";
}

TEST_F(ExecutorTest, AStoppedJobGoesOnAndItsPauseIsWrittenDown) {
  queue(job(7, "STOPPED", R"("comment": "mine ebb{pauses=2,stopped=10,since=1795480080}")"));
  commands_.answer({"scontrol"}, {0, "", ""});
  commands_.answer({"scancel"}, {0, "", ""});
  const auto paused = seen();
  EXPECT_EQ(paused.state, TaskState::kPaused);
  EXPECT_EQ(paused.ran, std::chrono::seconds(30));
  EXPECT_EQ(paused.paused, std::chrono::seconds(30));
  EXPECT_EQ(paused.pauses, 2U);
  ASSERT_TRUE(executor_.resume(task(), kRef));
  EXPECT_EQ(commands_.lines("scancel").back(), "scancel --signal=CONT --full 7");
  EXPECT_EQ(commands_.lines("scontrol").back(), "scontrol update JobId=7 Comment=mine ebb{pauses=2,stopped=30}");
}

TEST_F(ExecutorTest, ASuspensionIsCountedAsSlurmCountsIt) {
  queue(job(7, "SUSPENDED", R"("suspend_time": 1795480060, "pre_sus_time": 20)"));
  EXPECT_EQ(seen().ran, std::chrono::seconds(20));
  EXPECT_EQ(seen().paused, std::chrono::seconds(40));
  queue(job(7, "RUNNING", R"("suspend_time": 1795480090, "pre_sus_time": 20)"));
  EXPECT_EQ(seen().ran, std::chrono::seconds(30));
  EXPECT_EQ(seen().paused, std::chrono::seconds(30));
}

TEST_F(ExecutorTest, ACheckpointIsAskedForOnceWithinItsGrace) {
  auto save = task();
  save.pausable = Pausable::kCheckpoint;
  save.grace = std::chrono::seconds(60);
  commands_.answer({"scontrol"}, {0, "", ""});
  commands_.answer({"scancel"}, {0, "", ""});
  queue(job(7, "RUNNING"));
  ASSERT_TRUE(executor_.pause(save, kRef));
  EXPECT_EQ(commands_.lines("scancel").back(), "scancel --signal=10 --batch 7");
  queue(job(7, "RUNNING", R"("comment": "ebb{pauses=1,checkpoint=1795480160}")"));
  ASSERT_TRUE(executor_.pause(save, kRef));
  EXPECT_EQ(commands_.lines("scancel").size(), 1U);
  EXPECT_EQ(seen().state, TaskState::kPausing);
  clock_.advance(std::chrono::seconds(61));
  EXPECT_EQ(seen().state, TaskState::kRunning);
  EXPECT_NE(seen().note.find("does it take the signal"), std::string::npos);
  no_history();
  queue(job(7, "COMPLETED",
            R"("comment": "ebb{pauses=1,checkpoint=1795480160}", "end_time": 1795480120, "exit_code": 0)"));
  EXPECT_TRUE(seen().checkpointed);
  queue(job(7, "TIMEOUT", R"("comment": "ebb{pauses=1,checkpoint=1795480160}", "end_time": 1795480120)"));
  EXPECT_FALSE(seen().checkpointed);
}

TEST_F(ExecutorTest, ASuspendedJobIsResumedBeforeItIsAskedForACheckpoint) {
  auto save = task();
  save.pausable = Pausable::kCheckpoint;
  commands_.answer({"scontrol"}, {0, "", ""});
  queue(job(7, "SUSPENDED"));
  const auto asked = executor_.pause(save, kRef);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, base::ErrorKind::kService) << "to be asked again";
  EXPECT_EQ(commands_.lines("scontrol"), std::vector<std::string>{"scontrol resume 7"});
}

TEST_F(ExecutorTest, WhatSlurmEndedItselfNeverHasCode0) {
  no_history();
  for (const char* state : {"TIMEOUT", "CANCELLED", "PREEMPTED", "OUT_OF_MEMORY", "DEADLINE", "FAILED", "BOOT_FAIL"}) {
    queue(job(7, state, R"("exit_code": 0, "end_time": 1795480090)"));
    EXPECT_EQ(seen().state, TaskState::kEnded) << state;
    EXPECT_NE(seen().exit_code, 0) << state;
  }
  queue(job(7, "NODE_FAIL"));
  EXPECT_EQ(seen().state, TaskState::kLost);
}

TEST_F(ExecutorTest, AControllerThatDoesNotAnswerIsAnErrorAndNoLoss) {
  commands_.answer({"squeue"}, {1, "", "slurm_load_jobs error: Unable to contact slurm controller\n"});
  const auto down = executor_.observe(std::vector{kRef});
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().kind, base::ErrorKind::kService);
  commands_.answer({"squeue"},
                   {0, R"({"errors": [{"description": "Failed while looking for jobs"}], "jobs": []})", ""});
  EXPECT_FALSE(executor_.observe(std::vector{kRef}));
}

TEST_F(ExecutorTest, AJobThatIsGoneIsLostOnlyWhereNobodyCanKnow) {
  queue("");
  commands_.answer({"sacct"}, {1, "", "sacct: error: Problem talking to the database: Connection refused\n"});
  EXPECT_EQ(seen().state, TaskState::kRunning) << "the history may answer later";
  EXPECT_NE(seen().note.find("cannot be read now"), std::string::npos);
  EXPECT_FALSE(executor_.observe(std::vector{TaskRef{"j1", 1, ""}})) << "whether it was started is not known";
  const std::string header =
      "JobID\x1fState\x1fUID\x1f"
      "ConsumedEnergyRaw\x1fJobName\n";
  commands_.answer({"sacct"}, {0, header, ""});
  EXPECT_EQ(seen().state, TaskState::kRunning) << "it may be behind";
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(seen().state, TaskState::kLost);
  commands_.answer({"sacct"},
                   {0, header + fmt::format("7\x1f{}\x1f{}\x1f{}\x1f{}\n", "COMPLETED", 0, 3600, "ebb:j1:1"), ""});
  EXPECT_EQ(seen().state, TaskState::kEnded);
  EXPECT_DOUBLE_EQ(units::in_joules(*seen().energy), 3600.0);
  commands_.answer({"sacct"}, {0, header, ""});
  EXPECT_EQ(seen(TaskRef{"j1", 1, ""}).state, TaskState::kUnknown);
}

TEST_F(ExecutorTest, AnotherJobUnderAnOldIdIsNotOurs) {
  no_history();
  queue(job(7, "RUNNING", "", "theirs"));
  EXPECT_EQ(seen().state, TaskState::kLost);
  EXPECT_EQ(seen({"x", 1, "adopted:7"}).state, TaskState::kRunning);
}

TEST_F(ExecutorTest, OneCallAnswersForAll) {
  queue(job(7, "RUNNING") + "," + job(8, "PENDING", "", "ebb:j2:1"));
  const auto all = executor_.observe(std::vector{kRef, TaskRef{"j2", 1, "8"}, TaskRef{"j1", 1, ""}});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->at(0).state, TaskState::kRunning);
  EXPECT_EQ(all->at(1).state, TaskState::kPending);
  EXPECT_EQ(all->at(2).handle, "7");
  EXPECT_EQ(commands_.calls.size(), 1U);
}

TEST_F(ExecutorTest, SlurmIsAskedNoMoreOftenThanItIsWanted) {
  SlurmExecutor executor(commands_, clock_, {"", std::chrono::hours(1), std::chrono::seconds(10)});
  commands_.answer({"scontrol"}, {0, "", ""});
  queue(job(7, "RUNNING"));
  const auto ran = [&] { return executor.observe(std::vector{kRef})->front().ran; };
  EXPECT_EQ(ran(), std::chrono::seconds(60));
  clock_.advance(std::chrono::seconds(9));
  EXPECT_EQ(ran(), std::chrono::seconds(69)) << "what runs goes on";
  EXPECT_EQ(commands_.lines("squeue").size(), 1U);
  clock_.advance(std::chrono::seconds(1));
  ran();
  EXPECT_EQ(commands_.lines("squeue").size(), 2U);
  ASSERT_TRUE(executor.pause(task(), kRef));
  ran();
  EXPECT_EQ(commands_.lines("squeue").size(), 4U) << "once to pause, and once as something was done";
}

TEST_F(ExecutorTest, AnAdoptedJobIsQueuedAgainOnceAfterItsCheckpoint) {
  SlurmExecutor executor(commands_, clock_, {"", std::chrono::hours(1), std::chrono::seconds(10)});
  commands_.answer({"scontrol"}, {0, "", ""});
  const auto state = [&] { return executor.observe(std::vector{TaskRef{"x", 1, "adopted:7"}})->front().state; };
  queue(job(7, "COMPLETED", R"("comment": "ebb{pauses=1,checkpoint=1795480160}", "end_time": 1795480090)", "theirs"));
  EXPECT_EQ(state(), TaskState::kPausing);
  queue(job(7, "PENDING",
            R"("comment": "ebb{pauses=1,checkpoint=1795480160}", "restart_cnt": 1, "state_reason": "JobHeldUser")",
            "theirs"));
  EXPECT_EQ(state(), TaskState::kPaused);
  EXPECT_EQ(commands_.lines("scontrol"), std::vector<std::string>{"scontrol requeuehold 7"});
}

TEST_F(ExecutorTest, WhatWasCancelledIsNeverStarted) {
  queue("");
  ASSERT_TRUE(executor_.cancel(task(), {"j1", 1, ""}));
  EXPECT_FALSE(executor_.start(task()));
  EXPECT_TRUE(commands_.lines("sbatch").empty());
}

TEST_F(ExecutorTest, AnAdministratorsHoldStays) {
  queue(job(7, "PENDING", R"("state_reason": "JobHeldAdmin")", "theirs"));
  const auto released = executor_.release({"", 1, "adopted:7"});
  ASSERT_FALSE(released);
  EXPECT_NE(released.error().message.find("administrator"), std::string::npos);
}

TEST_F(ExecutorTest, AJobQueuedAgainStartsWithoutSlurmsDelay) {
  queue(job(7, "PENDING", R"("state_reason": "JobHeldUser", "restart_cnt": 1, "eligible_time": 1795480220)", "theirs"));
  commands_.answer({"scontrol"}, {0, "", ""});
  ASSERT_TRUE(executor_.release({"", 1, "adopted:7"}));
  EXPECT_EQ(commands_.lines("scontrol"),
            (std::vector<std::string>{"scontrol release 7", "scontrol update JobId=7 StartTime=now"}));
}

TEST_F(ExecutorTest, AnArrayIsAdoptedAsItsElements) {
  queue(
      R"({"job_id": 5, "array_job_id": 5, "array_task_string": "3-4%1", "job_state": "PENDING", "name": "a", "user_id": 9,
          "time_limit": 30, "deadline": 1795490000, "tres_req_str": "cpu=4,gres/gpu=2"},
         {"job_id": 6, "array_job_id": 5, "array_task_id": 1, "job_state": "RUNNING", "name": "a", "user_id": 9})");
  const auto adopted = executor_.adopt("5");
  ASSERT_TRUE(adopted) << adopted.error().message;
  ASSERT_EQ(adopted->size(), 3U);
  EXPECT_EQ(adopted->at(0).ref.handle, "adopted:5_1");
  EXPECT_EQ(adopted->at(0).now.state, TaskState::kRunning);
  EXPECT_EQ(adopted->at(2).task.id, "slurm-5_4");
  EXPECT_EQ(adopted->at(2).task.uid, 9U);
  EXPECT_EQ(adopted->at(2).task.resources.gpus, 2);
  EXPECT_EQ(*adopted->at(2).time_limit, std::chrono::minutes(30));
  EXPECT_EQ(time::text_of(*adopted->at(2).deadline), "2026-11-24T03:13:20Z");
  EXPECT_EQ(executor_.adopt("5_4")->size(), 1U);
  EXPECT_FALSE(executor_.adopt("5_9"));
  EXPECT_EQ(seen({"x", 1, "adopted:5_4"}).state, TaskState::kPending);
}

}  // namespace
}  // namespace ebb::slurm
