#include "slurm/squeue.h"

#include <gtest/gtest.h>

#include "time/text.h"

namespace ebb::slurm {
namespace {

// As squeue of Slurm 22.05.8 printed it; keys that are not read left out.
constexpr const char* kOld = R"({"meta": {}, "errors": [], "jobs": [
 {"array_job_id": 0, "array_task_id": null, "array_task_string": "", "command": "/tmp/j.sh",
  "comment": "hello \"q\" \u00e9", "deadline": 0, "eligible_time": 1795483636, "end_time": 6090450872, "exit_code": 0,
  "group_id": 0, "het_job_id": 0, "job_id": 1, "job_state": "PENDING", "name": "ebb:x:1", "cpus": 1, "node_count": 1,
  "partition": "main", "pre_sus_time": 0, "restart_cnt": 0, "start_time": 1795483636, "state_reason": "BeginTime",
  "standard_output": "/tmp/o-%j", "submit_time": 1795480036, "suspend_time": 0, "time_limit": null,
  "tres_req_str": "cpu=1,mem=1M,node=1,billing=1", "tres_alloc_str": "", "user_id": 0, "user_name": "root",
  "current_working_directory": "/tmp"},
 {"array_job_id": 2, "array_task_id": 1, "array_task_string": "", "job_id": 3, "job_state": "STOPPED",
  "name": "j.sh", "start_time": 1795480040, "end_time": 1795480640, "time_limit": 10, "user_id": 65534,
  "tres_req_str": "cpu=8,mem=16G,node=2,gres/gpu=4,gres/gpu:a100=4", "exit_code": 0},
 {"array_job_id": 2, "array_task_id": null, "array_task_string": "4-5%2", "job_id": 2, "job_state": "PENDING",
  "state_reason": "JobHeldUser", "start_time": 0},
 {"array_job_id": 0, "job_id": 6, "job_state": "FAILED", "exit_code": 2304, "suspend_time": 1795480082,
  "pre_sus_time": 1, "start_time": 1795480080, "end_time": 1795480115},
 {"array_job_id": 0, "job_id": 5, "job_state": "FAILED", "exit_code": 4021, "state_reason": "JobLaunchFailure"},
 {"array_job_id": 0, "job_id": 9, "job_state": "CANCELLED", "exit_code": 9},
 {"array_job_id": 0, "job_id": 7, "job_state": "COMPLETING", "exit_code": 0}]})";

// In the form of 23.11 and later.
constexpr const char* kNew = R"({"jobs": [
 {"array_job_id": {"set": true, "infinite": false, "number": 0},
  "array_task_id": {"set": false, "infinite": false, "number": 0}, "job_id": 12, "job_state": ["RUNNING", "COMPLETING"],
  "exit_code": {"status": ["SUCCESS"], "return_code": {"set": true, "infinite": false, "number": 0}},
  "start_time": {"set": true, "infinite": false, "number": 1795480080},
  "time_limit": {"set": false, "infinite": true, "number": 0}, "cpus": {"set": true, "infinite": false, "number": 64},
  "pre_sus_time": {"set": true, "infinite": false, "number": 0}, "name": "ebb:a:1", "user_id": 1000,
  "tres_alloc_str": "cpu=64,mem=512G,node=1,billing=64,gres/gpu:h100=8"},
 {"job_id": 13, "job_state": ["FAILED"], "exit_code": {"status": ["SIGNALED"], "return_code": {"set": false},
  "signal": {"id": {"set": true, "infinite": false, "number": 9}, "name": "KILL"}}},
 {"job_id": 14, "job_state": ["FAILED"], "exit_code": {"return_code": {"set": true, "number": 7},
  "signal": {"id": {"set": false, "number": 0}}}},
 {"job_id": 15, "job_state": ["PENDING", "REQUEUED"]}, {"job_id": 16, "job_state": ["SOMETHING_NEW"]}],
 "last_update": {"set": true, "number": 1}, "errors": []})";

TEST(SqueueTest, ReadsWhat22_05Prints) {
  const auto jobs = parse_squeue(kOld);
  ASSERT_TRUE(jobs) << jobs.error().message;
  ASSERT_EQ(jobs->size(), 7U);
  const auto& first = jobs->at(0);
  EXPECT_EQ(first.handle(), "1");
  EXPECT_EQ(first.state.state, JobState::kPending);
  EXPECT_EQ(first.comment, "hello \"q\" é");
  EXPECT_EQ(time::text_of(*first.eligible), "2026-11-24T01:27:16Z");
  EXPECT_FALSE(first.ended);
  EXPECT_FALSE(first.time_limit);
  EXPECT_FALSE(first.deadline);
  EXPECT_EQ(first.uid, 0U);
  EXPECT_EQ(first.memory_bytes, 1048576U);
  const auto& stopped = jobs->at(1);
  EXPECT_EQ(stopped.handle(), "2_1");
  EXPECT_TRUE(stopped.state.stopped);
  EXPECT_EQ(stopped.state.state, JobState::kRunning);
  EXPECT_EQ(stopped.uid, 65534U);
  EXPECT_EQ(stopped.gpus, 4);
  EXPECT_EQ(stopped.nodes, 2);
  EXPECT_EQ(*stopped.time_limit, std::chrono::minutes(10));
  EXPECT_EQ(jobs->at(2).elements, (std::vector<std::uint32_t>{4, 5}));
  EXPECT_TRUE(jobs->at(2).is_held());
  EXPECT_EQ(jobs->at(3).exit_code, 9);
  EXPECT_EQ(jobs->at(3).before_suspension, std::chrono::seconds(1));
  EXPECT_EQ(jobs->at(4).exit_code, 125);
  EXPECT_EQ(jobs->at(5).exit_code, 137);
  EXPECT_TRUE(jobs->at(6).state.completing);
  EXPECT_EQ(jobs->at(6).state.state, JobState::kRunning);
}

TEST(SqueueTest, ReadsWhatNewerOnesPrint) {
  const auto jobs = parse_squeue(kNew);
  ASSERT_TRUE(jobs) << jobs.error().message;
  const auto& first = jobs->at(0);
  EXPECT_EQ(first.handle(), "12");
  EXPECT_EQ(first.state.state, JobState::kRunning);
  EXPECT_TRUE(first.state.completing);
  EXPECT_EQ(time::text_of(*first.begun), "2026-11-24T00:28:00Z");
  EXPECT_EQ(first.gpus, 8);
  EXPECT_EQ(first.cpus, 64.0);
  EXPECT_FALSE(first.time_limit);
  EXPECT_EQ(jobs->at(1).exit_code, 137);
  EXPECT_EQ(jobs->at(2).exit_code, 7);
  EXPECT_EQ(jobs->at(3).state.state, JobState::kPending);
  EXPECT_EQ(jobs->at(4).state.state, JobState::kOther);
}

TEST(SqueueTest, AnEmptyListWithErrorsIsNoEmptyQueue) {
  // 22.05 with its controller down, exit code 0.
  const auto jobs =
      parse_squeue(R"({"errors": [{"description": "Failed while looking for jobs", "error_number": -1}], "jobs": []})");
  ASSERT_FALSE(jobs);
  EXPECT_EQ(jobs.error().kind, base::ErrorKind::kService);
  EXPECT_NE(jobs.error().message.find("slurmctld"), std::string::npos);
  ASSERT_TRUE(parse_squeue(R"({"errors": [], "jobs": []})"));
}

TEST(SqueueTest, ANameThatIsNoUtf8HidesNoJob) {
  const auto jobs = parse_squeue(
      "{\"jobs\": [{\"job_id\": 5, \"name\": \"a\xff\xc3\x28\xe2\x82é\"}, {\"job_id\": 6, \"name\": \"ok\"}]}");
  ASSERT_TRUE(jobs) << jobs.error().message;
  EXPECT_EQ(jobs->at(0).name,
            "a?"
            "?("
            "?"
            "?é");
  EXPECT_EQ(jobs->at(1).name, "ok");
}

TEST(SqueueTest, WhatIsNoListOfJobsIsRefused) {
  for (const char* text : {"", "  ", "{", "[]", "{}", R"({"jobs": 5})", R"({"jobs": [{}]})", R"({"jobs": [5]})",
                           R"({"jobs": [{"job_id": -1}]})", R"({"jobs": [{"job_id": 1e300}]})",
                           R"({"jobs": [{"job_id": 5, "array_job_id": 5, "array_task_string": "1-9999999999"}]})",
                           R"({"jobs": [{"job_id": 5, "array_job_id": 5, "array_task_string": "0-4000000000"}]})"}) {
    EXPECT_FALSE(parse_squeue(text)) << text;
  }
}

TEST(SqueueTest, FieldsOfAnotherFormAreEmpty) {
  const auto jobs = parse_squeue(
      R"({"jobs": [{"job_id": 5, "job_state": 7, "name": [], "cpus": "x", "start_time": -4, "time_limit": 1e99,
          "exit_code": "no", "user_id": {}, "tres_req_str": "cpu=,mem=x,gres/gpu=-1,node"}]})");
  ASSERT_TRUE(jobs) << jobs.error().message;
  EXPECT_EQ(jobs->at(0).state.state, JobState::kOther);
  EXPECT_FALSE(jobs->at(0).begun);
  EXPECT_FALSE(jobs->at(0).uid);
  EXPECT_EQ(jobs->at(0).gpus, 0);
}

TEST(ElementsTest, ListsOfAnArrayAreTakenApart) {
  EXPECT_EQ(*parse_elements("1,3-5,8-12:2%3"), (std::vector<std::uint32_t>{1, 3, 4, 5, 8, 10, 12}));
  EXPECT_EQ(parse_elements("0-999999")->size(), 1000000U);
  for (const char* text : {"", "a", "5-3", "1-", "-1", "1-5:0", "1,,2", "0-1000000", "0-999999,5", "4294967296"}) {
    EXPECT_FALSE(parse_elements(text)) << text;
  }
}

TEST(JobNameTest, OnlyAJobOrAnElementIsOne) {
  EXPECT_EQ(parse_job_name("123")->id, 123U);
  EXPECT_EQ(parse_job_name("123_4")->element, 4U);
  for (const char* text : {"", "0", "-1", "1 ", "1_", "_1", "1_a", "x", "1+1", "1.0", "1;2", "99999999999"}) {
    const auto name = parse_job_name(text);
    ASSERT_FALSE(name) << text;
    EXPECT_EQ(name.error().kind, base::ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace ebb::slurm
