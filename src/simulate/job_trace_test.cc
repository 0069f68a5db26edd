#include "simulate/job_trace.h"

#include <gtest/gtest.h>

#include "support/real_data.h"
#include "time/text.h"

namespace ebb::simulate {
namespace {

std::string message_of(const std::string& text, const TraceOptions& options = {}) {
  const auto trace = parse_job_trace(text, "t.csv", options);
  return trace ? "it was taken" : trace.error().message;
}

TEST(JobTraceTest, PlainRowsWithMomentsOrSeconds) {
  const auto trace = parse_job_trace(
      "# a comment\nsubmit,start,end,gpus,user,deadline\n"
      "2024-05-01T12:00:00Z,2024-05-01T12:10:00Z,2024-05-01T13:10:00Z,2,ada,2024-05-02T00:00:00Z\n"
      "2024-05-01T13:00:00+02:00,2024-05-01T11:00:00Z,2024-05-01T11:30:00Z,,bob,\n",
      "t.csv", {});
  ASSERT_TRUE(trace) << trace.error().message;
  ASSERT_EQ(trace->jobs.size(), 2U);
  ASSERT_TRUE(trace->zero);
  EXPECT_EQ(time::text_of(*trace->zero + trace->jobs[0].submit), "2024-05-01T11:00:00Z") << "by submission";
  EXPECT_EQ(trace->jobs[1].length, std::chrono::hours(1));
  EXPECT_EQ(trace->jobs[1].gpus, 2.0);
  EXPECT_EQ(trace->jobs[1].user, "ada");
  EXPECT_TRUE(trace->jobs[1].deadline);
  const auto seconds = parse_job_trace("submit,seconds,cpus\n10,60,4\n0,30.5,1\n", "t.csv", {});
  ASSERT_TRUE(seconds) << seconds.error().message;
  EXPECT_FALSE(seconds->zero);
  EXPECT_EQ(seconds->jobs[0].length, std::chrono::milliseconds(30500));
}

TEST(JobTraceTest, WhatBreaksTheFormIsRefusedByLine) {
  EXPECT_NE(message_of("").find("no header"), std::string::npos);
  EXPECT_NE(message_of("a,b\n1,2\n").find("none that is known"), std::string::npos);
  EXPECT_NE(message_of("submit,seconds\n1\n").find("t.csv:2: 1 fields"), std::string::npos);
  EXPECT_NE(message_of("submit,seconds\n\n1,nan\n").find("t.csv:3: seconds"), std::string::npos);
  EXPECT_NE(message_of("submit,seconds\n2024-05-01T12:00:00,5\n").find("t.csv:2: submit"), std::string::npos);
  EXPECT_NE(message_of("submit,seconds\n2024-05-01T12:00:00Z,5\n7,5\n").find("t.csv:3: submit is a number"),
            std::string::npos);
  EXPECT_NE(message_of("submit,start,end\n0,10,5\n").find("t.csv:2: it ends before"), std::string::npos);
  EXPECT_NE(message_of("submit,seconds,gpus\n0,10,-1\n").find("t.csv:2: gpus"), std::string::npos);
  EXPECT_NE(message_of("submit,seconds\n0,0\n").find("no job in it that ran"), std::string::npos);
  EXPECT_NE(message_of("submit,seconds\n1e300,5\n").find("t.csv:2"), std::string::npos);
}

TEST(JobTraceTest, GaiasUnitIsNeverGuessed) {
  const std::string text = "arrival_time,length,cpus\n0.5,2.0,3\n";
  EXPECT_NE(message_of(text).find("--unit"), std::string::npos);
  const auto trace = parse_job_trace(text, "t.csv", {"h", ""});
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->jobs[0].submit, std::chrono::minutes(30));
  EXPECT_EQ(trace->jobs[0].length, std::chrono::hours(2));
  EXPECT_EQ(parse_job_trace(text, "t.csv", {"s", ""})->jobs[0].length, std::chrono::seconds(2));
}

TEST(JobTraceTest, SacctRowsAreJobsAndTheirLocalTimesNeedAZone) {
  const std::string text =
      "JobID|User|State|Submit|Eligible|Start|End|Elapsed|AllocTRES|JobName\n"
      "1|ada|COMPLETED|2024-05-01T10:00:00|2024-05-01T10:00:00|2024-05-01T10:30:00|2024-05-01T12:30:00|01:30:00|cpu=8,"
      "gres/gpu=2|a|b\n"
      "1.batch|ada|COMPLETED|2024-05-01T10:30:00|2024-05-01T10:30:00|2024-05-01T10:30:00|2024-05-01T12:30:00|02:00:00||"
      "batch\n"
      "2|ada|CANCELLED by 5|2024-05-01T10:00:00|Unknown|Unknown|2024-05-01T10:05:00|00:00:00||x\n"
      "3|ada|RUNNING|2024-05-01T10:00:00|2024-05-01T10:00:00|2024-05-01T10:30:00|Unknown|01:00:00|cpu=1|y\n";
  EXPECT_NE(message_of(text).find("--time-zone"), std::string::npos);
  const auto trace = parse_job_trace(text, "t.txt", {"", "Europe/Berlin"});
  ASSERT_TRUE(trace) << trace.error().message;
  ASSERT_EQ(trace->jobs.size(), 1U);
  const auto& job = trace->jobs[0];
  EXPECT_EQ(time::text_of(*trace->zero + job.submit), "2024-05-01T08:00:00Z");
  EXPECT_EQ(job.length, std::chrono::minutes(90)) << "less than from start to end: it was suspended";
  EXPECT_EQ(job.gpus, 2.0);
  EXPECT_EQ(trace->warnings.size(), 1U);
}

TEST(JobTraceTest, RealTracesAreReadAsTheirNotesSay) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  const auto philly = load_job_trace(folder + "/traces/elasticflow-philly/philly_103959.csv", {});
  ASSERT_TRUE(philly) << philly.error().message;
  EXPECT_EQ(philly->jobs.size(), 876U);
  std::size_t impossible = 0;
  double gpu_hours = 0.0;
  for (const auto& job : philly->jobs) {
    impossible += *job.deadline < job.submit + job.length ? 1 : 0;
    gpu_hours += job.gpus * time::in_seconds(job.length) / 3600.0;
  }
  EXPECT_EQ(impossible, 466U);
  EXPECT_NEAR(gpu_hours, 42816.0, 1.0);
  const auto pai = load_job_trace(folder + "/traces/gaia/pai-100k.csv", {"h", ""});
  ASSERT_TRUE(pai) << pai.error().message;
  EXPECT_GT(pai->jobs.size(), 99'900U);
  EXPECT_LT(pai->jobs.back().submit, std::chrono::hours(24 * 366));
}

}  // namespace
}  // namespace ebb::simulate
