#include "meter/meter.h"

#include <gtest/gtest.h>

#include <random>

#include "sensors/fake_sensor.h"
#include "time/text.h"

namespace ebb::meter {
namespace {

using hardware::ComponentKind;
using sensors::FakeSensor;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class FakeJob final : public JobUsage {
 public:
  std::optional<time::Duration> cpu_time() override { return readable ? std::optional(cpu) : std::nullopt; }
  std::optional<double> memory_share() override { return memory; }
  bool has_process(int pid) override { return pid == own_pid; }

  time::Duration cpu{0};
  std::optional<double> memory;
  bool readable = true;
  int own_pid = 100;
};

/// A machine with a clock, CPUs and a sink that remembers; nothing of it is real.
class MeterTest : public ::testing::Test {
 protected:
  Meter& start(Options options = {}) {
    meter.emplace(
        clock, [this] { return std::optional(cpu); }, [this] { return own; }, job,
        [this](const trace::Record& record) -> base::Status {
          if (disk_full) return base::service_error("no space left on the disk");
          records.push_back(record);
          return base::Done{};
        },
        std::move(options));
    return *meter;
  }

  FakeSensor& add(std::vector<sensors::Channel> channels, std::optional<time::Duration> since = std::nullopt) {
    auto sensor = std::make_unique<FakeSensor>("fake", std::move(channels));
    auto& there = *sensor;
    meter->add(std::move(sensor), since);
    return there;
  }

  static sensors::Channel channel(std::string name, ComponentKind kind,
                                  std::optional<units::Power> idle = std::nullopt) {
    sensors::Channel made;
    made.name = std::move(name);
    made.kind = kind;
    made.method = "measured:fake";
    made.idle = idle;
    return made;
  }

  /// One sampling after a second in which the job used `job_s` CPU seconds and the others `other_s` of `cpus`.
  void second(double job_s, double other_s, double cpus = 4.0) {
    clock.advance(seconds(1));
    job.cpu += time::from_seconds(job_s);
    cpu.busy += time::from_seconds(job_s + other_s);
    cpu.idle += time::from_seconds(cpus - job_s - other_s);
    meter->sample();
  }

  template <typename R>
  std::vector<R> all() const {
    std::vector<R> found;
    for (const auto& record : records) {
      if (const auto* one = std::get_if<R>(&record)) found.push_back(*one);
    }
    return found;
  }

  trace::ComponentEnergy sum(std::uint32_t component) const {
    trace::ComponentEnergy total;
    for (const auto& interval : all<trace::Interval>()) {
      for (const auto& part : interval.energies) {
        if (part.component != component) continue;
        total.job += part.job;
        total.job_idle += part.job_idle;
        total.idle += part.idle;
        total.others += part.others;
      }
    }
    return total;
  }

  time::FakeClock clock{*time::parse_instant("2026-03-01T00:00:00Z")};
  sensors::CpuTimes cpu;
  time::Duration own{0};
  FakeJob job;
  bool disk_full = false;
  std::vector<trace::Record> records;
  std::optional<Meter> meter;
};

TEST_F(MeterTest, APackageIsSharedByCpuTimeWithIdleKeptApart) {
  start();
  add({channel("package0", ComponentKind::kCpu, units::watts(20))}).set_power(0, units::watts(100));
  for (int i = 0; i < 10; ++i) second(1.0, 3.0);
  const auto total = sum(0);
  EXPECT_NEAR(units::in_joules(total.job), 10 * 80 * 0.25, 1e-9);
  EXPECT_NEAR(units::in_joules(total.others), 10 * 80 * 0.75, 1e-9);
  EXPECT_NEAR(units::in_joules(total.job_idle), 10 * 20 * 0.25, 1e-9);  // a quarter of the machine was the job's
  EXPECT_NEAR(units::in_joules(total.idle), 10 * 20 * 0.75, 1e-9);
}

TEST_F(MeterTest, AttributedAndIdleAndOthersAreWhatWasMeasuredWhateverHappens) {
  std::mt19937_64 random(20260301);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int round = 0; round < 200; ++round) {
    records.clear();
    Options options;
    options.allocation.whole_machine = round % 5 == 0;
    if (round % 3 == 0) options.allocation.cpus = unit(random) * 1.2;
    if (round % 2 == 0) options.boards = std::vector<std::string>{"0"};
    start(options);
    auto& sensor = add({channel("package0", ComponentKind::kCpu, units::watts(60 * unit(random))),
                        channel("dram0", ComponentKind::kDram), channel("gpu0", ComponentKind::kGpu, units::watts(30)),
                        channel("gpu1", ComponentKind::kGpu)});
    if (round % 7 != 0) sensor.set_users(2, {{100, unit(random)}, {200, unit(random)}});
    if (round % 4 != 0) sensor.set_users(3, {});
    double expected = 0.0;
    for (int i = 0; i < 20; ++i) {
      job.memory = round % 2 == 0 ? std::optional(unit(random) * 1.1) : std::nullopt;
      job.readable = unit(random) > 0.1;
      for (std::size_t c = 0; c < 4; ++c) {
        const double watts = 100 * unit(random);
        sensor.set_power(c, units::watts(watts));
        expected += watts;
      }
      // Clocks of their own: the job may seem to have used more than the machine.
      clock.advance(seconds(1));
      job.cpu += time::from_seconds(2 * unit(random));
      cpu.busy += time::from_seconds(2 * unit(random));
      cpu.idle += time::from_seconds(2 * unit(random));
      meter->sample();
    }
    double measured = 0.0;
    for (std::uint32_t c = 0; c < 4; ++c) {
      const auto total = sum(c);
      for (const auto part : {total.job, total.job_idle, total.idle, total.others}) {
        EXPECT_GE(units::in_joules(part), -1e-9);
      }
      measured += units::in_joules(total.measured());
    }
    EXPECT_NEAR(measured, expected, 1e-9 * expected) << "round " << round;
    job.readable = true;
  }
}

// Trap 2.
TEST_F(MeterTest, EightBoardsOf400WForAnHourAre3Point2KwhNotTheirMean) {
  Options options;
  options.period = seconds(10);
  start(options);
  std::vector<sensors::Channel> boards;
  for (int i = 0; i < 8; ++i) boards.push_back(channel("gpu" + std::to_string(i), ComponentKind::kGpu));
  auto& sensor = add(boards);
  for (std::size_t i = 0; i < 8; ++i) {
    sensor.set_power(i, units::watts(400));
    sensor.set_users(i, {{100, 1.0}});
  }
  for (int i = 0; i < 360; ++i) {
    clock.advance(seconds(10));
    meter->sample();
  }
  EXPECT_NEAR(units::in_kwh(meter->job_energy()), 3.2, 1e-9);
}

// Trap 3, at the meter: the sensor's own test is in rapl_test.
TEST_F(MeterTest, OneFailedReadIsARecoveredGapAndNoEnergyIsLost) {
  start();
  auto& sensor = add({channel("package0", ComponentKind::kCpu)});
  sensor.set_power(0, units::watts(50));
  second(1, 0);
  sensor.fail_in(0, sensors::GapCause::kReadFailed);
  second(1, 0);
  second(1, 0);
  EXPECT_NEAR(units::in_joules(sum(0).measured()), 150, 1e-9);
  EXPECT_NEAR(units::in_joules(sum(0).job), 150, 1e-9);
  const auto gaps = all<trace::Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].cause, "read-failed");
  EXPECT_TRUE(gaps[0].recovered);
}

TEST_F(MeterTest, AReadingThatFailsToTheEndIsRecoveredByNothing) {
  start();
  auto& sensor = add({channel("package0", ComponentKind::kCpu)});
  sensor.set_power(0, units::watts(50));
  second(1, 0);
  sensor.fail_in(0, sensors::GapCause::kReadFailed);
  sensor.fail_in(1, sensors::GapCause::kReadFailed);
  second(1, 0);
  second(1, 0);
  EXPECT_TRUE(all<trace::Gap>().empty());
  meter->end({});
  const auto gaps = all<trace::Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_FALSE(gaps[0].recovered);
  EXPECT_EQ(gaps[0].to - gaps[0].from, seconds(2));
  EXPECT_TRUE(std::holds_alternative<trace::End>(records.back()));
}

// Trap 13.
TEST_F(MeterTest, AResetIsAGapThatNothingRecovers) {
  start();
  auto& sensor = add({channel("gpu0", ComponentKind::kGpu)});
  sensor.set_power(0, units::watts(50));
  second(1, 0);
  sensor.fail_in(0, sensors::GapCause::kReset);
  second(1, 0);
  second(1, 0);
  EXPECT_NEAR(units::in_joules(sum(0).measured()), 100, 1e-9);
  const auto gaps = all<trace::Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].cause, "reset");
  EXPECT_FALSE(gaps[0].recovered);
  EXPECT_EQ(gaps[0].to - gaps[0].from, seconds(1));
}

// Trap 18.
TEST_F(MeterTest, TheMachinesSleepIsAGapAndTheWallClockIsAnchoredAnew) {
  start();
  add({channel("package0", ComponentKind::kCpu)}).set_power(0, units::watts(50));
  second(1, 0);
  clock.sleep(hours(2));
  second(1, 0);
  const auto gaps = all<trace::Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].cause, "suspended");
  EXPECT_EQ(gaps[0].to - gaps[0].from, hours(2));
}

TEST_F(MeterTest, SettingTheClockMovesNoEnergyInTime) {
  start();
  add({channel("package0", ComponentKind::kCpu)}).set_power(0, units::watts(50));
  second(1, 0);
  clock.step(-hours(3));
  second(1, 0);
  const auto anchors = all<trace::Anchor>();
  ASSERT_EQ(anchors.size(), 1U);
  EXPECT_EQ(anchors[0].utc, clock.now());
  EXPECT_NEAR(units::in_joules(sum(0).measured()), 100, 1e-9);
}

// Trap 18.
TEST_F(MeterTest, StolenCpuTimeIsSaid) {
  start();
  add({channel("package0", ComponentKind::kCpu)}).set_power(0, units::watts(50));
  second(1, 0);
  cpu.steal += seconds(2);
  second(1, 0);
  const auto gaps = all<trace::Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].cause, "steal");
  EXPECT_NE(gaps[0].detail.find("33%"), std::string::npos) << gaps[0].detail;
}

TEST_F(MeterTest, ASamplingThatCameTooLateIsSaid) {
  start();
  add({channel("package0", ComponentKind::kCpu)}).set_power(0, units::watts(50));
  clock.advance(seconds(30));
  cpu.idle += seconds(120);
  meter->sample();
  const auto gaps = all<trace::Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].cause, "late");
  EXPECT_TRUE(gaps[0].recovered);
}

// Trap 21.
TEST_F(MeterTest, ACounterThatDisagreesWithIntegratedPowerOverAMinuteReportsBoth) {
  start();
  auto& sensor = add({channel("gpu0", ComponentKind::kGpu)});
  sensor.set_power(0, units::watts(100));
  sensor.set_users(0, {{100, 1.0}});
  sensor.set_cross_check(0.8);
  for (int i = 0; i < 130; ++i) second(0, 0);
  const auto notes = all<trace::Note>();
  ASSERT_EQ(notes.size(), 1U) << "told once";
  EXPECT_NE(notes[0].text.find("6000.0 J by the counter"), std::string::npos) << notes[0].text;
  EXPECT_NE(notes[0].text.find("4800.0 J by power"), std::string::npos) << notes[0].text;
}

TEST_F(MeterTest, ACounterThatAgreesWithin10PercentSaysNothing) {
  start();
  auto& sensor = add({channel("gpu0", ComponentKind::kGpu)});
  sensor.set_power(0, units::watts(100));
  sensor.set_users(0, {{100, 1.0}});
  sensor.set_cross_check(0.95);
  for (int i = 0; i < 130; ++i) second(0, 0);
  EXPECT_TRUE(all<trace::Note>().empty());
}

// Trap 22.
TEST_F(MeterTest, ABoardGivenToAPausedJobGoesOnCosting) {
  Options options;
  options.boards = std::vector<std::string>{"0"};
  start(options);
  auto& sensor = add({channel("gpu0", ComponentKind::kGpu, units::watts(70))});
  sensor.set_power(0, units::watts(60));
  sensor.set_users(0, {});
  meter->pause_edge(true);
  for (int i = 0; i < 100; ++i) second(0, 0);
  meter->pause_edge(false);
  EXPECT_NEAR(units::in_joules(sum(0).job_idle), 6000, 1e-6);
  EXPECT_NEAR(units::in_joules(meter->job_energy()), 6000, 1e-6);
  EXPECT_EQ(all<trace::PauseEdge>().size(), 2U);
}

TEST_F(MeterTest, ABoardOfSomebodyElseIsNotTheJobs) {
  Options options;
  options.boards = std::vector<std::string>{"1"};
  start(options);
  auto& sensor = add({channel("gpu0", ComponentKind::kGpu, units::watts(30)), channel("gpu1", ComponentKind::kGpu)});
  sensor.set_power(0, units::watts(300));
  sensor.set_power(1, units::watts(200));
  sensor.set_users(0, {{200, 1.0}});
  sensor.set_users(1, {{100, 1.0}});
  for (int i = 0; i < 10; ++i) second(0, 0);
  EXPECT_EQ(units::in_joules(sum(0).job + sum(0).job_idle), 0.0);
  EXPECT_NEAR(units::in_joules(sum(0).others), 2700, 1e-9);
  EXPECT_NEAR(units::in_joules(sum(1).job), 2000, 1e-9);
}

TEST_F(MeterTest, JobsThatShareABoardShareItsWork) {
  start();
  auto& sensor = add({channel("gpu0", ComponentKind::kGpu, units::watts(100))});
  sensor.set_power(0, units::watts(300));
  sensor.set_users(0, {{100, 0.6}, {200, 0.2}});
  for (int i = 0; i < 10; ++i) second(0, 0);
  EXPECT_NEAR(units::in_joules(sum(0).job), 2000 * 0.75, 1e-9);
  EXPECT_NEAR(units::in_joules(sum(0).others), 2000 * 0.25, 1e-9);
  EXPECT_NEAR(units::in_joules(sum(0).job_idle), 1000 * 0.75, 1e-9);
  ASSERT_EQ(all<trace::Note>().size(), 1U);
}

TEST_F(MeterTest, UnknownUsersOfABoardThatNobodyNamedAreTakenAsTheJobsAndSaid) {
  start();
  add({channel("gpu0", ComponentKind::kGpu)}).set_power(0, units::watts(300));
  for (int i = 0; i < 3; ++i) second(0, 0);
  EXPECT_NEAR(units::in_joules(sum(0).job), 900, 1e-9);
  ASSERT_EQ(all<trace::Note>().size(), 1U);
  EXPECT_NE(all<trace::Note>()[0].text.find("CUDA_VISIBLE_DEVICES"), std::string::npos);
}

TEST_F(MeterTest, ASensorThatOpensLateLeavesAGapBeforeItsBaseline) {
  start();
  const auto begin = clock.steady();
  second(1, 0);
  second(1, 0);
  add({channel("gpu0", ComponentKind::kGpu)}, begin);
  const auto gaps = all<trace::Gap>();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].cause, "unread");
  EXPECT_EQ(gaps[0].to - gaps[0].from, seconds(2));
}

TEST_F(MeterTest, AModelCountsFromTheMetersOwnFirstLook) {
  start();
  second(1, 0);
  auto model = std::make_unique<FakeSensor>("model", std::vector{channel("cpu", ComponentKind::kCpu)});
  model->set_power(0, units::watts(10));
  meter->add_from_start(std::move(model));
  second(1, 0);
  EXPECT_TRUE(all<trace::Gap>().empty());
  EXPECT_NEAR(units::in_joules(sum(0).job), 20, 1e-9);
}

TEST_F(MeterTest, ASlowSensorIsReadNoSoonerThanItSaysAndLosesNothing) {
  start();
  auto slow = std::make_unique<FakeSensor>("slow", std::vector{channel("gpu0", ComponentKind::kGpu)}, seconds(5));
  auto& sensor = *slow;
  sensor.set_power(0, units::watts(10));
  meter->add(std::move(slow), std::nullopt);
  for (int i = 0; i < 22; ++i) second(0, 0);
  EXPECT_EQ(sensor.readings(), 1 + 4);
  meter->sample(true);
  EXPECT_NEAR(units::in_joules(sum(0).measured()), 220, 1e-9);
}

TEST_F(MeterTest, AMarkReadsEverythingFirst) {
  start();
  auto& sensor = add({channel("package0", ComponentKind::kCpu)});
  sensor.set_power(0, units::watts(10));
  second(1, 0);
  clock.advance(milliseconds(300));
  job.cpu += milliseconds(300);
  cpu.busy += milliseconds(300);
  meter->mark(trace::Mark::Kind::kBegin, "epoch");
  EXPECT_NEAR(units::in_joules(sum(0).measured()), 13, 1e-9);
  ASSERT_TRUE(std::holds_alternative<trace::Mark>(records.back()));
  EXPECT_EQ(std::get<trace::Mark>(records.back()).steady, clock.steady());
}

TEST_F(MeterTest, ASensorThatIsGoneIsNotReadAgainAndSaid) {
  start();
  auto& sensor = add({channel("gpu0", ComponentKind::kGpu)});
  second(1, 0);
  sensor.set_health(sensors::Health::kGone);
  second(1, 0);
  const int readings = sensor.readings();
  second(1, 0);
  EXPECT_EQ(sensor.readings(), readings);
  ASSERT_FALSE(all<trace::Note>().empty());
}

TEST_F(MeterTest, AFullDiskKeepsRecordsUntilThereIsRoom) {
  start();
  add({channel("package0", ComponentKind::kCpu)}).set_power(0, units::watts(50));
  second(1, 0);
  disk_full = true;
  for (int i = 0; i < 5; ++i) second(1, 0);
  ASSERT_TRUE(meter->write_error());
  EXPECT_EQ(meter->unwritten(), 5U);
  disk_full = false;
  second(1, 0);
  EXPECT_FALSE(meter->write_error());
  EXPECT_NEAR(units::in_joules(sum(0).measured()), 350, 1e-9);
  time::Duration last{0};
  for (const auto& interval : all<trace::Interval>()) {
    EXPECT_EQ(interval.from, last) << "in order, none missing";
    last = interval.to;
  }
}

TEST_F(MeterTest, AMeasuredPackageThatIsSharedIsCalledAttributedAndAWholeMachinesIsNot) {
  start();
  add({channel("package0", ComponentKind::kCpu), channel("gpu0", ComponentKind::kGpu)});
  EXPECT_EQ(all<trace::Component>()[0].method, "attributed:fake");
  EXPECT_EQ(all<trace::Component>()[1].method, "measured:fake");
  records.clear();
  Options options;
  options.allocation.whole_machine = true;
  start(options);
  add({channel("package0", ComponentKind::kCpu)});
  EXPECT_EQ(all<trace::Component>()[0].method, "measured:fake");
}

}  // namespace
}  // namespace ebb::meter
