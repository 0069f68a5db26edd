#include "simulate/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "simulate/executor.h"
#include "simulate/price.h"
#include "support/real_data.h"
#include "time/text.h"

namespace ebb::simulate {
namespace {

const time::Instant kBegin = *time::parse_instant("2024-05-01T00:00:00Z");

/// Hourly; the intensity by hour since the begin.
series::Series grid_of(std::size_t hours, const std::function<double(std::size_t)>& value) {
  std::vector<double> values(hours);
  for (std::size_t i = 0; i < hours; ++i) values[i] = value(i);
  series::Provenance provenance;
  provenance.signal = series::kMarginalDirect;
  return {provenance, kBegin, std::chrono::hours(1), std::move(values)};
}
/// 500 g/kWh by day, 100 from midnight to six.
series::Series day_and_night(std::size_t hours = 24 * 14) {
  return grid_of(hours, [](std::size_t hour) { return hour % 24 < 6 ? 100.0 : 500.0; });
}

TraceJob job_of(double submit_hours, double length_hours, double gpus = 1.0) {
  TraceJob job;
  job.submit = time::from_seconds(submit_hours * 3600.0);
  job.length = time::from_seconds(length_hours * 3600.0);
  job.gpus = gpus;
  return job;
}

Setup setup_of() {
  Setup setup;
  setup.zero = kBegin;
  setup.gpu_power = units::watts(1000.0);
  return setup;
}

Summary summary(const JobTrace& trace, const series::Series& grid, Policy policy, const Setup& setup) {
  const auto at_once = simulate(trace, grid, Policy::kAtOnce, setup);
  const auto outcome = simulate(trace, grid, policy, setup);
  EXPECT_TRUE(at_once && outcome);
  return summary_of(*outcome, *at_once);
}

JobTrace random_trace(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  JobTrace trace;
  for (std::size_t i = 0; i < count; ++i) {
    auto job = job_of(static_cast<double>(random() % 20000) / 100.0, 0.2 + static_cast<double>(random() % 1200) / 100.0,
                      1.0 + static_cast<double>(random() % 4));
    job.user = "u" + std::to_string(random() % 5);
    trace.jobs.push_back(job);
  }
  std::stable_sort(trace.jobs.begin(), trace.jobs.end(),
                   [](const auto& a, const auto& b) { return a.submit < b.submit; });
  return trace;
}

TEST(SimulationTest, AJobWaitsForTheNightAndItsGramsAreThoseOfTheNight) {
  const auto trace = JobTrace{{job_of(12, 2, 2)}, {}, {}, {}};
  const auto flexible = summary(trace, day_and_night(), Policy::kFlexibleStart, setup_of());
  EXPECT_DOUBLE_EQ(flexible.kwh, 4.0);
  EXPECT_DOUBLE_EQ(flexible.grams, 400.0);
  EXPECT_DOUBLE_EQ(flexible.saved_grams, 1600.0);
  EXPECT_EQ(flexible.delay_mean, std::chrono::hours(12));
  EXPECT_DOUBLE_EQ(*flexible.saved_grams_per_hour, 1600.0 / 12.0);
  const auto at_once = summary(trace, day_and_night(), Policy::kAtOnce, setup_of());
  EXPECT_DOUBLE_EQ(at_once.grams, 2000.0);
  EXPECT_EQ(at_once.delay_mean, std::chrono::hours(0));
}

TEST(SimulationTest, PausesCostWhatTheyCost) {
  // Nine hours from 2 o'clock on: four of the night, five that it would rather put into the next one.
  const auto trace = JobTrace{{job_of(2, 9)}, {}, {}, {}};
  auto setup = setup_of();
  const auto free = summary(trace, day_and_night(), Policy::kPauseResume, setup);
  EXPECT_DOUBLE_EQ(free.grams, 900.0);
  EXPECT_EQ(free.pauses, 1U);
  setup.costs.pause_power = units::watts(50.0);
  setup.costs.pause_energy = units::kilowatt_hours(0.5);
  const auto paid = summary(trace, day_and_night(), Policy::kPauseResume, setup);
  EXPECT_DOUBLE_EQ(paid.grams, 900.0 + 18 * 0.05 * 500.0 + 0.5 * 100.0);
  EXPECT_DOUBLE_EQ(paid.kwh, 9.0 + 18 * 0.05 + 0.5);
}

TEST(SimulationTest, OneGpuServesOneJobAfterTheOther) {
  const auto trace = JobTrace{{job_of(8, 3), job_of(8, 3), job_of(8, 3)}, {}, {}, {}};
  auto setup = setup_of();
  setup.gpus = 1;
  const auto at_once = summary(trace, day_and_night(), Policy::kAtOnce, setup);
  EXPECT_EQ(at_once.delay_mean, std::chrono::hours(3));
  EXPECT_EQ(at_once.delay_p95, std::chrono::hours(6));
  setup.slack = std::chrono::hours(4);
  EXPECT_EQ(summary(trace, day_and_night(), Policy::kAtOnce, setup).missed, 1U);
  const auto large =
      summary(JobTrace{{job_of(8, 3, 2), job_of(8, 1)}, {}, {}, {}}, day_and_night(), Policy::kAtOnce, setup);
  EXPECT_EQ(large.too_large, 1U);
  EXPECT_EQ(large.jobs, 1U);
}

TEST(SimulationTest, AnImpossibleDeadlineIsToldAndTheJobRunsAtOnce) {
  auto job = job_of(8, 3);
  job.deadline = std::chrono::hours(9);
  const auto trace = JobTrace{{job, job_of(8, 1)}, {}, {}, {}};
  const auto outcome = simulate(trace, day_and_night(), Policy::kFlexibleStart, setup_of());
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->jobs[0].impossible);
  EXPECT_EQ(outcome->jobs[0].delay, time::Duration(0));
  EXPECT_FALSE(outcome->jobs[0].missed);
  EXPECT_FALSE(outcome->jobs[1].impossible);
  EXPECT_GT(outcome->jobs[1].delay, time::Duration(0));
}

TEST(SimulationTest, MoreFreedomNeverCostsMoreWhereThereIsRoomAndTheGridIsKnown) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    std::mt19937_64 random(seed);
    const auto grid = grid_of(24 * 14, [&](std::size_t) { return static_cast<double>(random() % 600); });
    const auto trace = random_trace(seed, 120);
    const auto setup = setup_of();
    const auto flexible = summary(trace, grid, Policy::kFlexibleStart, setup);
    const auto pausing = summary(trace, grid, Policy::kPauseResume, setup);
    EXPECT_GT(flexible.saved_grams, 0.0);
    EXPECT_LE(pausing.grams, flexible.grams * (1.0 + 1e-9)) << seed;
    for (const auto& one : {flexible, pausing}) {
      EXPECT_EQ(one.missed, 0U) << seed;
      EXPECT_EQ(one.harmed, 0U) << seed;
      EXPECT_EQ(one.jobs, 120U);
      EXPECT_NEAR(one.kwh, flexible.kwh, 1e-9 * flexible.kwh);
    }
  }
}

TEST(SimulationTest, NoDeadlineIsMissedWithoutAForecastEither) {
  std::mt19937_64 random(9);
  const auto grid = grid_of(24 * 14, [&](std::size_t) { return static_cast<double>(random() % 600); });
  auto setup = setup_of();
  setup.knowledge = Knowledge::kYesterday;
  for (const auto policy : {Policy::kFlexibleStart, Policy::kPauseResume}) {
    const auto one = summary(random_trace(4, 60), grid, policy, setup);
    EXPECT_EQ(one.missed, 0U) << name_of(policy);
    EXPECT_EQ(one.jobs, 60U);
  }
}

TEST(SimulationTest, WaitingByTheHourSavesWithoutKnowingLengths) {
  const auto trace = random_trace(7, 150);
  const auto one = summary(trace, day_and_night(), Policy::kWaitingHour, setup_of());
  EXPECT_GT(one.saved_grams, 0.0);
  EXPECT_LE(one.delay_p95, std::chrono::hours(24));
}

TEST(SimulationTest, TheSameSeedGivesTheSameAndAnotherOneAnother) {
  const auto trace = random_trace(5, 80);
  auto setup = setup_of();
  setup.length_error = 0.5;
  setup.gpus = 20;
  const auto once = summary(trace, day_and_night(), Policy::kFlexibleStart, setup);
  const auto again = summary(trace, day_and_night(), Policy::kFlexibleStart, setup);
  EXPECT_EQ(once.grams, again.grams);
  EXPECT_EQ(once.delay_p95, again.delay_p95);
  setup.seed = 2;
  EXPECT_NE(summary(trace, day_and_night(), Policy::kFlexibleStart, setup).grams, once.grams);
}

TEST(SimulationTest, WhatTheDataDoNotHoldIsCountedAndNotPriced) {
  auto grid = grid_of(24 * 3, [](std::size_t hour) { return hour == 10 ? series::kMissing : 300.0; });
  const auto trace = JobTrace{{job_of(9, 3), job_of(12, 1), job_of(60, 2)}, {}, {}, {}};
  const auto one = summary(trace, grid, Policy::kAtOnce, setup_of());
  EXPECT_EQ(one.unpriced, 1U);
  EXPECT_EQ(one.beyond_data, 1U);
  EXPECT_EQ(one.jobs, 1U);
  EXPECT_DOUBLE_EQ(one.grams, 300.0);
  const auto none = simulate(JobTrace{{job_of(500, 1)}, {}, {}, {}}, grid, Policy::kAtOnce, setup_of());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, base::ErrorKind::kNoData);
}

TEST(SimulationTest, ARealTraceOfAClusterKeepsTheDeadlinesThatCanBeKept) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  const auto trace = load_job_trace(folder + "/traces/elasticflow-philly/philly_103959.csv", {});
  ASSERT_TRUE(trace) << trace.error().message;
  const auto grid = day_and_night(24 * 150);
  auto setup = setup_of();
  const auto flexible = summary(*trace, grid, Policy::kFlexibleStart, setup);
  EXPECT_EQ(flexible.impossible, 466U);
  EXPECT_EQ(flexible.missed, 0U);
  EXPECT_EQ(flexible.harmed, 0U);
  EXPECT_GT(flexible.saved_grams, 0.0);
  const auto pausing = summary(*trace, grid, Policy::kPauseResume, setup);
  EXPECT_EQ(pausing.missed, 0U);
  EXPECT_LE(pausing.grams, flexible.grams * (1.0 + 1e-9));
  // On a cluster that is full: the queue hands out what there is, never more, and all jobs end.
  setup.gpus = 40;
  const auto full = simulate(*trace, grid, Policy::kPauseResume, setup);
  ASSERT_TRUE(full);
  const auto ran = std::count_if(full->jobs.begin(), full->jobs.end(),
                                 [](const auto& job) { return job.fate == JobOutcome::Fate::kRan; });
  EXPECT_EQ(ran, 876);
}

TEST(SimulatedExecutorTest, PausesStopTheClockAndRestartsDoNoWork) {
  SimulatedClock clock(kBegin);
  SimulatedExecutor executor(clock, [](const exec::Task&) {
    return SimulatedExecutor::Truth{std::chrono::hours(2), std::chrono::minutes(10)};
  });
  exec::Task task;
  task.id = "a";
  const exec::TaskRef ref{"a", 1, "a"};
  const auto seen = [&] { return executor.observe(std::vector{ref})->front(); };
  EXPECT_EQ(seen().state, exec::TaskState::kUnknown);
  EXPECT_TRUE(executor.start(task));
  EXPECT_TRUE(executor.start(task));
  EXPECT_EQ(*executor.next_end(), kBegin + std::chrono::hours(2));
  clock.set(kBegin + std::chrono::hours(1));
  EXPECT_TRUE(executor.pause(task, ref));
  EXPECT_FALSE(executor.next_end());
  clock.set(kBegin + std::chrono::hours(3));
  EXPECT_EQ(seen().paused, std::chrono::hours(2));
  EXPECT_TRUE(executor.resume(task, ref));
  EXPECT_EQ(*executor.next_end(), kBegin + std::chrono::hours(4) + std::chrono::minutes(10));
  clock.set(kBegin + std::chrono::hours(3) + std::chrono::minutes(5));
  EXPECT_TRUE(executor.pause(task, ref));
  EXPECT_EQ(seen().ran, std::chrono::hours(1)) << "the restart was not over";
  EXPECT_TRUE(executor.resume(task, ref));
  clock.set(kBegin + std::chrono::hours(9));
  EXPECT_EQ(seen().state, exec::TaskState::kEnded);
  EXPECT_EQ(*seen().ended, kBegin + std::chrono::hours(4) + std::chrono::minutes(15));
  EXPECT_EQ(seen().exit_code, 0);
  EXPECT_TRUE(executor.cancel(task, ref));
  EXPECT_EQ(seen().exit_code, 0);
}

TEST(PeakTest, IsTheMostAtOneMoment) {
  auto first = job_of(0, 2, 3);
  auto second = job_of(0, 2, 4);
  second.start = std::chrono::hours(2);
  EXPECT_EQ(peak_of({{first, second}, {}, {}, {}}).gpus, 4) << "one ends as the other begins";
  second.start = std::chrono::hours(1);
  EXPECT_EQ(peak_of({{first, second}, {}, {}, {}}).gpus, 7);
}

}  // namespace
}  // namespace ebb::simulate
