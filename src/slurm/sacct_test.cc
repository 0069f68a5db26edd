#include "slurm/sacct.h"

#include <gtest/gtest.h>

#include "time/text.h"

namespace ebb::slurm {
namespace {

// As sacct of Slurm 22.05.8 printed it, with SLURM_TIME_FORMAT=%s and another separator.
constexpr const char* kHeader =
    "JobID~JobIDRaw~User~UID~Account~Partition~State~ExitCode~Submit~Eligible~Start~End~ElapsedRaw~Suspended~"
    "TimelimitRaw~ReqTRES~AllocTRES~ConsumedEnergyRaw~WorkDir~Comment~JobName\n";
constexpr const char* kRows =
    "1~1~root~0~root~main~FAILED~3:0~1795482180~1795482180~1795482181~1795482184~3~00:00:00~10~billing=1,cpu=1,mem=1M,"
    "node=1~billing=1,cpu=1,node=1~~/tmp~c|x~a~b\n"
    "3~3~root~0~root~main~COMPLETED~0:0~1795482180~1795482180~1795482181~1795482190~6~00:00:03~525600~billing=1,cpu=1,"
    "mem=1M,node=1~billing=1,cpu=1,node=1~5400~/tmp~~ebb:sus:1\n"
    "3.batch~3.batch~root~0~root~~COMPLETED~0:0~1795482181~1795482181~1795482181~1795482190~6~00:00:03~~~cpu=1~~~~"
    "batch\n"
    "2_1~4~nobody~65534~~main~COMPLETED~0:0~1795482180~1795482181~1795482181~1795482183~2~00:00:00~UNLIMITED~billing=1,"
    "cpu=1,mem=1M,node=1~billing=1,cpu=1,node=1~~/tmp~~ebb:arr:1\n"
    "7~7~root~0~root~main~CANCELLED by 0~0:0~1795482185~1795482185~1795482185~1795482186~1~00:00:00~525600~billing=1,"
    "cpu=1,mem=1M,node=1~billing=1,cpu=1,node=1~~/tmp~~wrap\n"
    "8_[1-3%2]~8~root~0~root~main~PENDING~0:0~1795482185~1795482185~Unknown~Unknown~0~00:00:00~525600~cpu=1~~~/"
    "tmp~~w\n";

SacctOptions tilde() {
  SacctOptions options;
  options.separator = '~';
  return options;
}

TEST(SacctRowsTest, ReadsWhat22_05Prints) {
  const auto read = parse_sacct(std::string(kHeader) + kRows, tilde());
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->jobs.size(), 5U);
  EXPECT_EQ(read->steps, 1U);
  const auto& failed = read->jobs[0];
  EXPECT_EQ(failed.exit_code, 3);
  EXPECT_EQ(failed.name, "a~b");
  EXPECT_EQ(failed.comment, "c|x");
  EXPECT_EQ(*failed.time_limit, std::chrono::minutes(10));
  const auto& suspended = read->jobs[1];
  EXPECT_EQ(*suspended.elapsed, std::chrono::seconds(6));
  EXPECT_EQ(suspended.suspended, std::chrono::seconds(3));
  EXPECT_DOUBLE_EQ(units::in_joules(*suspended.energy), 5400.0);
  EXPECT_EQ(read->jobs[2].handle(), "2_1");
  EXPECT_EQ(read->jobs[2].id, 4U);
  EXPECT_EQ(read->jobs[2].uid, 65534U);
  EXPECT_FALSE(read->jobs[2].time_limit);
  EXPECT_FALSE(read->jobs[2].energy);
  EXPECT_EQ(read->jobs[3].state.state, JobState::kCancelled);
  EXPECT_EQ(read->jobs[4].elements.size(), 3U);
  EXPECT_FALSE(read->jobs[4].begun);
}

TEST(SacctRowsTest, LocalTimesNeedSomebodyWhoKnowsThem) {
  const std::string text =
      "JobID|State|Start|Elapsed|Timelimit|\n5|COMPLETED|2026-11-24T01:03:00|1-02:03:04|2-00:00:00|\n";
  EXPECT_FALSE(parse_sacct(text, {}));
  SacctOptions options;
  options.moment = [](std::string_view local) { return time::parse_instant(std::string(local) + "+01:00"); };
  const auto read = parse_sacct(text, options);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(time::text_of(*read->jobs[0].begun), "2026-11-24T00:03:00Z");
  EXPECT_EQ(*read->jobs[0].elapsed, std::chrono::seconds(93784));
  EXPECT_EQ(*read->jobs[0].time_limit, std::chrono::hours(48));
}

TEST(SacctRowsTest, ATornRowIsCountedAndTheNextOneRead) {
  const auto read = parse_sacct("JobID|State|JobName\n1|COMPLETED|two\nlines\n2|FAILED|x\n", {});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->jobs.size(), 2U);
  EXPECT_EQ(read->torn, 1U);
  EXPECT_EQ(read->first_torn, "sacct:3");
}

TEST(SacctRowsTest, WhatBreaksTheFormIsRefusedByLine) {
  const auto message = [](const std::string& text) {
    const auto read = parse_sacct(text, {});
    return read ? std::string("it was taken") : read.error().message;
  };
  EXPECT_NE(message("").find("no header"), std::string::npos);
  EXPECT_NE(message("JobID|Start\n").find("sacct:1: it needs the columns"), std::string::npos);
  EXPECT_NE(message("JobID|JobID\n").find("twice"), std::string::npos);
  EXPECT_NE(message("JobID|State\n\nx|COMPLETED\n").find("sacct:3: JobID"), std::string::npos);
  EXPECT_NE(message("JobID|State\n1|\n").find("sacct:2: State is empty"), std::string::npos);
  EXPECT_NE(message("JobID|State|ExitCode\n1|FAILED|x\n").find("ExitCode"), std::string::npos);
  EXPECT_NE(message("JobID|State|ElapsedRaw\n1|FAILED|-3\n").find("ElapsedRaw"), std::string::npos);
  EXPECT_NE(message("JobID|State|ElapsedRaw\n1|FAILED|1e300\n").find("ElapsedRaw"), std::string::npos);
  EXPECT_NE(message("JobID|State|Start\n1|FAILED|99999999999999\n").find("Start"), std::string::npos);
}

TEST(SacctRowsTest, NoEnergyIsNeverZeroJoules) {
  for (const char* text : {"", "0", "18446744073709551614", "4294967294", "-5", "nan"}) {
    const auto read = parse_sacct("JobID|State|ConsumedEnergyRaw\n1|COMPLETED|" + std::string(text) + "\n", {});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_FALSE(read->jobs[0].energy) << text;
  }
}

}  // namespace
}  // namespace ebb::slurm
