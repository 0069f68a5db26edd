#include "slurm/command.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "slurm/system_commands.h"

namespace ebb::slurm {
namespace {

Answer said(int code, std::string err) { return {code, "", std::move(err)}; }

std::string output_of(SystemCommands& commands, const Call& call) {
  const auto answer = commands.run(call);
  EXPECT_TRUE(answer) << answer.error().message;
  return answer ? answer->out : "";
}

class CommandsTest : public testing::Test {
 protected:
  SystemCommands commands() {
    return SystemCommands(
        [this](const std::string& name) {
          const auto found = environment_.find(name);
          return found == environment_.end() ? std::nullopt : std::optional(found->second);
        },
        clock_);
  }
  std::map<std::string, std::string> environment_{{"PATH", "/usr/bin:/bin"}};
  time::SystemClock clock_;
};

TEST_F(CommandsTest, ACommandGivesItsCodeItsOutputAndItsErrors) {
  auto run = commands();
  const auto answer = run.run({{"sh", "-c", "cat; echo wrong >&2; exit 3"}, "a script\n", std::nullopt});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->code, 3);
  EXPECT_EQ(answer->out, "a script\n");
  EXPECT_EQ(answer->err, "wrong\n");
  const auto killed = run.run({{"sh", "-c", "kill -9 $$"}, "", std::nullopt});
  ASSERT_TRUE(killed);
  EXPECT_EQ(killed->code, 137);
}

TEST_F(CommandsTest, OnlyWhatFindsSlurmIsHandedOn) {
  environment_["SLURM_JWT"] = "secret";
  environment_["SBATCH_PARTITION"] = "other";
  environment_["SQUEUE_FORMAT"] = "%i";
  environment_["SLURM_CONF"] = "/etc/x.conf";
  environment_["TZ"] = "America/New_York";
  auto run = commands();
  const auto shown = output_of(run, {{"env"}, "", std::nullopt});
  EXPECT_EQ(shown.find("secret"), std::string::npos);
  EXPECT_EQ(shown.find("SBATCH"), std::string::npos);
  EXPECT_EQ(shown.find("SQUEUE"), std::string::npos);
  EXPECT_NE(shown.find("SLURM_CONF=/etc/x.conf\n"), std::string::npos);
  EXPECT_NE(shown.find("TZ=UTC\n"), std::string::npos);
}

TEST_F(CommandsTest, WhatDoesNotEndIsKilledWithItsChildren) {
  auto run = commands();
  const auto begin = clock_.steady();
  std::string name = (std::filesystem::temp_directory_path() / "ebb-slurm-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const auto pid_file = name + "/pid";
  const auto answer = run.run({{"sh", "-c", "sleep 300 & echo $! > " + pid_file + "; trap '' TERM; wait; sleep 300"},
                               "",
                               std::nullopt,
                               std::chrono::milliseconds(500)});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::ErrorKind::kService);
  EXPECT_NE(answer.error().message.find("did not answer within 0.5s"), std::string::npos) << answer.error().message;
  EXPECT_LT(clock_.steady() - begin, std::chrono::seconds(30));
  pid_t child = 0;
  std::ifstream(pid_file) >> child;
  ASSERT_GT(child, 0);
  // Killed at once; how soon the kernel is done with it depends on what else runs here.
  const auto is_gone = [child] {
    std::string stat;
    std::getline(std::ifstream("/proc/" + std::to_string(child) + "/stat"), stat);
    return stat.empty() || stat.find(") Z ") != std::string::npos || stat.find(") X ") != std::string::npos;
  };
  while (!is_gone() && clock_.steady() - begin < std::chrono::seconds(30)) ::poll(nullptr, 0, 5);
  EXPECT_TRUE(is_gone());
  std::filesystem::remove_all(name);
}

TEST_F(CommandsTest, AChildThatKeepsThePipeOpenDoesNotMakeItWait) {
  auto run = commands();
  const auto begin = clock_.steady();
  EXPECT_EQ(output_of(run, {{"sh", "-c", "echo 12; sleep 300 &"}, "", std::nullopt}), "12\n");
  EXPECT_LT(clock_.steady() - begin, std::chrono::seconds(15));
}

TEST_F(CommandsTest, LongAnswersAreReadWhole) {
  auto run = commands();
  EXPECT_EQ(output_of(run, {{"sh", "-c", "head -c 3000000 /dev/zero"}, "", std::nullopt}).size(), 3000000U);
}

TEST_F(CommandsTest, WhatCannotBeRunIsTold) {
  auto run = commands();
  const auto missing = run.run({{"squeue-that-is-not-here"}, "", std::nullopt});
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("installed"), std::string::npos);
  const auto nul = run.run({{"echo", std::string("a\0b", 3)}, "", std::nullopt});
  ASSERT_FALSE(nul);
  EXPECT_EQ(nul.error().kind, base::ErrorKind::kUsage);
  const auto folder = run.run({{"/tmp"}, "", std::nullopt});
  EXPECT_FALSE(folder);
}

TEST_F(CommandsTest, OnlyRootRunsThemForSomebodyElse) {
  auto run = commands();
  const auto answer = run.run({{"id", "-u"}, "", Person{65534, 65534}});
  if (::geteuid() != 0) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, base::ErrorKind::kUsage);
    return;
  }
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->out, "65534\n");
}

TEST(RefusalTest, SlurmsTextsAreToldApart) {
  EXPECT_EQ(refusal_of(said(1, "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n")),
            Refusal::kNoController);
  EXPECT_EQ(refusal_of(said(1, "Access/permission denied for job 6\n")), Refusal::kNotAllowed);
  EXPECT_EQ(refusal_of(said(1, "Job has already finished for job 5\n")), Refusal::kEnded);
  EXPECT_EQ(refusal_of(said(1, "Job is not suspended for job 6\n")), Refusal::kNotSuspended);
  EXPECT_EQ(refusal_of(said(1, "slurm_suspend error: Invalid job id specified\n")), Refusal::kNoSuchJob);
  EXPECT_EQ(refusal_of(said(1, "Slurm accounting storage is disabled\n")), Refusal::kNoAccounting);
  EXPECT_EQ(refusal_of(said(1, "something new")), Refusal::kOther);
  EXPECT_EQ(refusal_of(said(0, "Unable to contact slurm controller")), Refusal::kNone);
}

TEST(RefusalTest, TheReasonIsSlurmsLastLineWithoutItsPrefix) {
  const auto error = refused("sbatch did not take the job",
                             said(1,
                                  "sbatch: error: cli_filter\nsbatch: error: Batch job submission failed: Invalid "
                                  "partition name specified\n"));
  EXPECT_EQ(error.kind, base::ErrorKind::kService);
  EXPECT_EQ(error.message,
            "sbatch did not take the job: Slurm says: Batch job submission failed: Invalid partition name specified");
  EXPECT_EQ(refused("it", said(4, "")).message, "it: Slurm says: it ended with code 4 and said nothing");
}

TEST(RefusalTest, TextsOfOthersAreOneLineAndNotCutInACharacter) {
  EXPECT_EQ(on_one_line("a\nb\tc\x1b[1m"), "a b c [1m");
  EXPECT_EQ(on_one_line("aaé", 3), "aa");
}

}  // namespace
}  // namespace ebb::slurm
