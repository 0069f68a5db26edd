#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "imports/import.h"
#include "imports/run_checks.h"
#include "imports/sacct_energy.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

constexpr const char* kHeader =
    "JobID|JobName|User|Account|Start|End|Elapsed|State|ExitCode|ConsumedEnergyRaw|AllocTRES|NodeList\n";

ImportOptions in_zone(const std::string& zone) {
  ImportOptions options;
  options.time_zone = zone;
  return options;
}

base::Expected<Imported> imported(const std::string& rows, const ImportOptions& options = in_zone("UTC")) {
  return import_runs(Format::kSlurmSacct, kHeader + rows, "jobs.txt", options);
}

std::string message_of(const base::Expected<Imported>& result) {
  return result ? "it was taken" : result.error().message;
}

bool mentions(const std::vector<std::string>& texts, const std::string& words) {
  return std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.find(words) != text.npos; });
}

/// A row from 10:00 to 11:00 on node01.
std::string row(const std::string& id, const std::string& energy, const std::string& nodes = "node01",
                const std::string& tres = "cpu=8,node=1") {
  return fmt::format("{}|train|ada|bio|2024-05-01T10:00:00|2024-05-01T11:00:00|01:00:00|COMPLETED|0:0|{}|{}|{}\n", id,
                     energy, tres, nodes);
}

double joules_of(const std::string& rows) {
  const auto read = imported(rows);
  EXPECT_TRUE(read) << message_of(read);
  return read && read->runs.size() == 1 ? units::in_joules(energy_of(read->runs[0])) : -1.0;
}

TEST(SacctTest, AJobBecomesARunWithItsNodesEnergy) {
  const auto read =
      imported(row("38113", "20543125", "nid[001-004]", "cpu=1152,energy=20543125,node=4"), in_zone("Europe/Zurich"));
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs.size(), 1U);
  const auto& run = read->runs[0];
  EXPECT_EQ(fault_of(run), "");
  EXPECT_EQ(run.header.run_id, "slurm-38113");
  EXPECT_EQ(run.header.user, "ada");
  EXPECT_EQ(run.header.project, "bio");
  EXPECT_EQ(run.header.command, std::vector<std::string>{"train"});
  EXPECT_EQ(time::text_of(run.when().begin), "2024-05-01T08:00:00Z");
  EXPECT_EQ(run.nodes[0].name, "nid[001-004]");
  EXPECT_EQ(run.nodes[0].exit_code, 0);
  EXPECT_EQ(run.components[0].component.method, "imported:slurm-consumed-energy");
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(run)), 20543125);
  EXPECT_TRUE(mentions(run.notes, "whole nodes"));
}

TEST(SacctTest, StepsAreNotAddedToTheirJob) {
  EXPECT_DOUBLE_EQ(joules_of(row("7", "1000") + row("7.batch", "900") + row("7.extern", "1000")), 1000);
  EXPECT_DOUBLE_EQ(joules_of(row("7", "1000", "a[1-2]", "node=2") + row("7.0", "980", "a[1-2]")), 1000);
}

TEST(SacctTest, AJobRowThatIsTheSumOfStepsSideBySideIsTakenOnce) {
  const std::string rows = row("7", "1900") + row("7.batch", "1000") + row("7.0", "900");
  EXPECT_DOUBLE_EQ(joules_of(rows), 1000);
  const auto read = imported(rows);
  EXPECT_NEAR(read->runs[0].components[0].component.high_factor, 1.15 * 1.9, 1e-9);
  EXPECT_TRUE(mentions(read->runs[0].notes, "the sum of steps that ran at the same time"));
  EXPECT_TRUE(mentions(read->warnings, "counts steps that ran at the same time twice"));
}

TEST(SacctTest, WhereTheJobRowHasNoneTheStepsAreUsedWithoutCountingAnyTwice) {
  EXPECT_DOUBLE_EQ(joules_of(row("7", "") + row("7.extern", "1000") + row("7.0", "900")), 1000);
  EXPECT_DOUBLE_EQ(joules_of(row("7", "0") + row("7.batch", "800") + row("7.0", "790")), 800);
  const std::string step = "|s|ada|bio|2024-05-01T{}:00|2024-05-01T{}:00|00:10:00|COMPLETED|0:0|{}||a[1-2]\n";
  const std::string one = "7.0" + fmt::format(fmt::runtime(step), "10:00", "10:10", "300");
  const std::string two = "7.1" + fmt::format(fmt::runtime(step), "10:10", "10:20", "400");
  EXPECT_DOUBLE_EQ(joules_of(row("7", "", "a[1-2]", "node=2") + one + two), 700);
  // Side by side on several nodes: which of them share nodes is not known.
  const auto beside = "7.1" + fmt::format(fmt::runtime(step), "10:05", "10:20", "400");
  EXPECT_FALSE(imported(row("7", "", "a[1-2]", "node=2") + one + beside));
}

TEST(SacctTest, NoEnergyIsNeverZeroJoules) {
  for (const char* energy : {"", "0", "18446744073709551614", "18446744073709551615", "4294967294", "18.45E"}) {
    const auto alone = imported(row("7", energy));
    ASSERT_FALSE(alone) << energy;
    EXPECT_EQ(alone.error().kind, base::ErrorKind::kNoData);
    const auto beside = imported(row("7", energy) + row("8", "5"));
    ASSERT_TRUE(beside) << message_of(beside);
    EXPECT_EQ(beside->runs.size(), 1U);
    EXPECT_TRUE(mentions(beside->warnings, "1 jobs have no known energy (7)")) << beside->warnings.front();
  }
}

TEST(SacctTest, PrefixesOfTheReadableColumnAreThousands) {
  EXPECT_DOUBLE_EQ(units::in_joules(**parse_consumed_energy("1.52M")), 1.52e6);
  EXPECT_DOUBLE_EQ(units::in_joules(**parse_consumed_energy("912.16K")), 912160);
  EXPECT_DOUBLE_EQ(units::in_joules(**parse_consumed_energy("38")), 38);
  EXPECT_FALSE(parse_consumed_energy("-1"));
  EXPECT_FALSE(parse_consumed_energy("K"));
  EXPECT_FALSE(parse_consumed_energy("nan"));
  const auto read = import_runs(Format::kSlurmSacct,
                                "JobID|Start|End|ConsumedEnergy\n1|2024-05-01T10:00:00|2024-05-01T10:00:10|2.5K\n", "j",
                                in_zone("UTC"));
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 2500);
}

TEST(SacctTest, ElapsedHasDaysAndFractions) {
  EXPECT_EQ(*parse_elapsed("1-02:03:04"), std::chrono::seconds(93784));
  EXPECT_EQ(*parse_elapsed("00:35:02"), std::chrono::seconds(2102));
  EXPECT_EQ(*parse_elapsed("01:02.500"), std::chrono::milliseconds(62500));
  for (const char* text : {"", "5", "1-", "-1:00:00", "x:00", "1:2:3:4", "999999999-00:00:00", "nan:00"}) {
    EXPECT_FALSE(parse_elapsed(text)) << text;
  }
}

TEST(SacctTest, AJobThatRunsEndsWhereSacctWasAskedAndHasNoExitCode) {
  const auto read = imported("9|x|ada|bio|2024-05-01T10:00:00|Unknown|00:30:00|RUNNING|0:0|500||n1\n");
  ASSERT_TRUE(read) << message_of(read);
  const auto& run = read->runs[0];
  EXPECT_EQ(run.when().length(), std::chrono::minutes(30));
  EXPECT_FALSE(run.nodes[0].exit_code.has_value());
  EXPECT_EQ(run.header.tags.at("import.state"), "running");
  const auto waiting =
      imported(row("8", "5") + "9_[1-3]|x|ada|bio|Unknown|Unknown|00:00:00|PENDING|0:0|0||None assigned\n");
  ASSERT_TRUE(waiting) << message_of(waiting);
  EXPECT_TRUE(mentions(waiting->warnings, "1 jobs have not begun"));
}

TEST(SacctTest, ArrayTasksAreJobsAndAKilledOneHasItsSignal) {
  std::string killed = row("5_2", "20");
  killed.replace(killed.find("|0:0|"), 5, "|0:9|");
  const auto read = imported(row("5_1", "10") + row("5_1.batch", "10") + killed);
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs.size(), 2U);
  EXPECT_EQ(read->runs[0].header.run_id, "slurm-5_1");
  EXPECT_EQ(read->runs[1].nodes[0].exit_code, 137);
  EXPECT_TRUE(mentions(read->warnings, "1 jobs began while another of this file had the same nodes"));
}

TEST(SacctTest, AJobThatWasQueuedAgainIsTwoRunsAndTheSameRowTwiceIsRefused) {
  std::string later = row("5", "30");
  later.replace(later.find("T10:00"), 6, "T12:00");
  later.replace(later.find("T11:00"), 6, "T13:00");
  const auto read = imported(row("5", "10") + later);
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs.size(), 2U);
  EXPECT_NE(read->runs[0].header.run_id, read->runs[1].header.run_id);
  EXPECT_NE(message_of(imported(row("5", "10") + row("5", "10") + row("5", "10"))).find("the same job comes twice"),
            std::string::npos);
}

TEST(SacctTest, ElapsedTellsWhichOfTwoEqualLocalTimesIsMeant) {
  const std::string rows =
      "1|x|ada|bio|2024-10-27T02:30:00|2024-10-27T02:40:00|01:10:00|COMPLETED|0:0|500||n1\n"
      "2|x|ada|bio|2024-10-27T02:30:00|2024-10-27T02:40:00|00:10:00|COMPLETED|0:0|500||n2\n";
  const auto read = imported(rows, in_zone("Europe/Berlin"));
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_EQ(read->runs[0].when().length(), std::chrono::minutes(70));
  EXPECT_EQ(read->runs[1].when().length(), std::chrono::minutes(10));
}

TEST(SacctTest, WhatBreaksTheFormIsRefusedByLine) {
  EXPECT_NE(message_of(imported("1|a|b\n")).find("jobs.txt:2: 3 fields"), std::string::npos);
  EXPECT_NE(message_of(imported(row("1.0", "5"))).find("jobs.txt:2: the step"), std::string::npos);
  EXPECT_NE(message_of(imported(row("1", "-5"))).find("jobs.txt:2: ConsumedEnergy"), std::string::npos);
  EXPECT_NE(message_of(imported(row("", "5"))).find("jobs.txt:2: JobID"), std::string::npos);
  std::string backwards = row("1", "5");
  backwards.replace(backwards.find("T11:00"), 6, "T09:00");
  EXPECT_NE(message_of(imported(row("2", "5") + backwards)).find("jobs.txt:3: it ends before"), std::string::npos);
  EXPECT_NE(message_of(imported(row("1", "5"), {})).find("--time-zone"), std::string::npos);
  const auto columns = import_runs(Format::kSlurmSacct, "JobID|State\n1|x\n", "j", in_zone("UTC"));
  EXPECT_NE(message_of(columns).find("sacct -P --format="), std::string::npos);
}

TEST(SacctTest, ATrailingSeparatorIsThatOfTheOtherParsableForm) {
  const auto read = import_runs(Format::kSlurmSacct,
                                "JobID|Start|End|ConsumedEnergyRaw|\n1|2024-05-01T10:00:00|2024-05-01T10:00:10|25|\n",
                                "j", in_zone("UTC"));
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_EQ(fault_of(read->runs[0]), "");
}

TEST(SacctTest, EnergyIsConservedOverManyJobs) {
  std::mt19937_64 random(5);
  std::string rows;
  double expected = 0.0;
  const auto day = *time::parse_instant("2024-05-01T00:00:00Z");
  for (int i = 1; i <= 500; ++i) {
    const auto begin = day + std::chrono::seconds(random() % 1000000);
    const auto end = begin + std::chrono::seconds(random() % 100000);
    const auto joules = 1 + random() % 1000000000;
    expected += static_cast<double>(joules);
    rows += fmt::format("{}|x|u|a|{}|{}||COMPLETED|0:0|{}||n{}\n", i, time::text_of(begin), time::text_of(end), joules,
                        i % 40);
  }
  const auto read = imported(rows);
  ASSERT_TRUE(read) << message_of(read);
  double sum = 0.0;
  for (const auto& run : read->runs) {
    ASSERT_EQ(fault_of(run), "");
    for (const auto& [slot, energy] : run.components[0].by_slot) sum += units::in_joules(energy);
  }
  EXPECT_NEAR(sum, expected, 1e-9 * expected);
}

}  // namespace
}  // namespace ebb::imports
