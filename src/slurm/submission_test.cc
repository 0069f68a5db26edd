#include "slurm/submission.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "slurm/marks.h"

namespace ebb::slurm {
namespace {

exec::Task task_of(std::vector<std::string> argv) {
  exec::Task task;
  task.id = "j1";
  task.attempt = 2;
  task.argv = std::move(argv);
  task.folder = "/home/ada";
  task.output = "/home/ada/out";
  task.uid = 1000;
  task.gid = 1001;
  return task;
}

bool has(const Call& call, const std::string& word) {
  return std::find(call.argv.begin(), call.argv.end(), word) != call.argv.end();
}

TEST(SubmissionTest, TellsSlurmWhatTheTaskNeeds) {
  auto task = task_of({"train", "--epochs", "3"});
  task.resources = {1.5, 3'000'000'000, 2};
  task.not_before = time::Instant(std::chrono::milliseconds(1795480036500));
  task.engine_options = {"--partition=gpu", "--requeue"};
  const auto call = submission_of(task, "");
  ASSERT_TRUE(call) << call.error().message;
  for (const char* word : {"--cpus-per-task=2", "--gres=gpu:2", "--mem=2862M", "--partition=gpu", "--job-name=ebb:j1:2",
                           "--dependency=singleton", "--begin=uts1795480037", "--output=/home/ada/out", "--parsable"}) {
    EXPECT_TRUE(has(*call, word)) << word;
  }
  EXPECT_FALSE(has(*call, "--no-requeue"));
  EXPECT_EQ(call->person->uid, 1000U);
  EXPECT_EQ(call->person->gid, 1001U);
  EXPECT_NE(call->input.find("\nexec 'train' '--epochs' '3'\n"), std::string::npos) << call->input;
}

TEST(SubmissionTest, WithEbbTheRunIsMeasuredOnItsNode) {
  auto task = task_of({"train"});
  task.run_options = {"--zone", "DE"};
  EXPECT_NE(script_of(task, "/opt/ebb").find("exec '/opt/ebb' 'run' '--run-id=j1-2' '--zone' 'DE' '--' 'train'\n"),
            std::string::npos);
  task.run_options = {"--run-id", "own"};
  EXPECT_EQ(script_of(task, "/opt/ebb").find("j1-2"), std::string::npos);
}

TEST(SubmissionTest, NoLineOfTheScriptBeginsWithSomebodyElsesText) {
  auto task = task_of({"a", "\n#SBATCH --hold\n", "'\n#SBATCH x", "\r\n"});
  task.environment = {"A=\n#SBATCH --hold", "odd-name=\n#SBATCH y", "PATH=/bin"};
  task.folder = "/x\n#SBATCH z";
  const auto script = script_of(task, "");
  base::Lines lines(script);
  while (const auto line = lines.next()) {
    if (lines.number() > 1) {
      EXPECT_FALSE(line->starts_with("#")) << *line;
    }
  }
  EXPECT_EQ(script.find("\r\n"), std::string::npos);
}

TEST(SubmissionTest, TheEnvironmentIsTheTasksAndSlurmsOwnStaysSlurms) {
  auto task = task_of({"x"});
  task.environment = {"A=1",    "SLURM_JOB_ID=7",         "SBATCH_HOLD=1", "IFS=x",
                      "PPID=3", "CUDA_VISIBLE_DEVICES=0", "=bad",          "B="};
  auto script = script_of(task, "");
  EXPECT_NE(script.find("export A='1'\n"), std::string::npos);
  EXPECT_NE(script.find("export B=''\n"), std::string::npos);
  EXPECT_NE(script.find("CUDA_VISIBLE_DEVICES"), std::string::npos);
  for (const char* name : {"SLURM_JOB_ID", "SBATCH", "IFS", "PPID", "bad"}) {
    EXPECT_EQ(script.find(name), std::string::npos) << name;
  }
  task.resources.gpus = 1;
  EXPECT_EQ(script_of(task, "").find("CUDA_VISIBLE_DEVICES"), std::string::npos) << "Slurm hands the boards out";
}

TEST(SubmissionTest, WhatSlurmCannotBeToldIsRefused) {
  EXPECT_FALSE(submission_of(task_of({}), ""));
  EXPECT_FALSE(submission_of(task_of({"-x"}), ""));
  EXPECT_FALSE(submission_of(task_of({std::string("a\0b", 3)}), ""));
  auto task = task_of({"x"});
  task.output = "/a\\b";
  EXPECT_FALSE(submission_of(task, ""));
  task.output = "/a%jb";
  EXPECT_TRUE(has(*submission_of(task, ""), "--output=/a%%jb"));
  task.checkpoint_command = {"save"};
  EXPECT_FALSE(submission_of(task, ""));
}

TEST(SubmissionTest, EngineOptionsThatUndoAreRefusedShortenedOnesToo) {
  for (const char* word : {"--array=1", "--arra=1", "--wrap=x", "--w", "--job-name=x", "--job=x", "--export=NONE",
                           "-n1", "script.sh", "", "-", "--", "--outpu=x", "--uid=0", "--chdir=/x", "--test-only"}) {
    auto task = task_of({"x"});
    task.engine_options = {word};
    const auto call = submission_of(task, "");
    ASSERT_FALSE(call) << word;
    EXPECT_EQ(call.error().kind, base::ErrorKind::kUsage);
  }
  for (const char* word : {"--partition=gpu", "--time=10", "--hold", "--exclusive", "--nodes=2", "--constraint=a&b"}) {
    auto task = task_of({"x"});
    task.engine_options = {word};
    EXPECT_TRUE(submission_of(task, "")) << word;
  }
}

TEST(MarksTest, AreReadBackAndLeaveTheOwnersTextAlone) {
  Marks marks;
  marks.owners = "my {words} ebb";
  marks.pauses = 3;
  marks.stopped = std::chrono::seconds(35);
  marks.stopped_since = time::Instant(std::chrono::seconds(1795480036));
  marks.checkpoint_until = time::Instant(std::chrono::seconds(1795480336));
  EXPECT_EQ(text_of(marks), "my {words} ebb ebb{pauses=3,stopped=35,since=1795480036,checkpoint=1795480336}");
  EXPECT_EQ(parse_marks(text_of(marks)), marks);
  EXPECT_EQ(parse_marks(text_of(Marks{})), Marks{});
  for (const char* text :
       {"", "ebb{", "}", "ebb{}x", "ebb{pauses=x}", "ebb{pauses=-1}", "ebb{pauses=99999999999999}"}) {
    EXPECT_EQ(parse_marks(text).owners, text);
    EXPECT_EQ(parse_marks(text).pauses, 0U);
  }
}

}  // namespace
}  // namespace ebb::slurm
