#include "sensors/raw_sensor.h"

#include <gtest/gtest.h>

#include "support/fake_raw_source.h"

namespace ebb::sensors {
namespace {

using std::chrono::seconds;
using test::raw_failure;
using test::raw_value;

std::unique_ptr<RawMeter> counter() {
  return counter_meter({.unit = units::joules(1e-6), .range = 262143328850, .max_power = units::watts(1000)});
}

RawChannel channel_of(std::deque<RawValue> looks, std::unique_ptr<RawMeter> meter = counter()) {
  Channel channel;
  channel.name = "package0";
  return {std::move(channel), std::make_unique<test::FakeRawSource>(std::move(looks)), std::move(meter), "energy_uj"};
}

/// A sensor with one channel, read once a second from second 100 on.
class OneChannel {
 public:
  explicit OneChannel(RawChannel channel) : sensor_("rapl", std::chrono::milliseconds(100), one(std::move(channel))) {}

  std::vector<Reading> next() {
    std::vector<Reading> readings;
    health_ = sensor_.read({seconds(second_++), std::nullopt}, readings);
    return readings;
  }
  [[nodiscard]] Health health() const { return health_; }

 private:
  static std::vector<RawChannel> one(RawChannel channel) {
    std::vector<RawChannel> channels;
    channels.push_back(std::move(channel));
    return channels;
  }
  RawSensor sensor_;
  int second_ = 100;
  Health health_ = Health::kFine;
};

double joules_of(const Reading& reading) { return reading.energy ? units::in_joules(*reading.energy) : -1.0; }

TEST(RawSensor, the_first_read_is_the_baseline_and_later_ones_follow_without_overlap) {
  OneChannel machine(channel_of({raw_value(1'000'000), raw_value(3'000'000), raw_value(6'000'000)}));
  EXPECT_TRUE(machine.next().empty());
  const auto first = machine.next();
  const auto second = machine.next();
  ASSERT_EQ(first.size() + second.size(), 2U);
  EXPECT_DOUBLE_EQ(joules_of(first[0]), 2.0);
  EXPECT_EQ(first[0].from, seconds(100));
  EXPECT_EQ(first[0].to, seconds(101));
  EXPECT_DOUBLE_EQ(joules_of(second[0]), 3.0);
  EXPECT_EQ(second[0].from, seconds(101));
  EXPECT_EQ(machine.health(), Health::kFine);
}

TEST(RawSensor, one_eio_among_reads_keeps_the_total_and_records_a_gap) {
  std::deque<RawValue> looks;
  for (std::uint64_t i = 0; i < 60; ++i) looks.push_back(raw_value(i * 200'000'000));  // 200 W
  looks[30] = raw_failure(GapCause::kReadFailed, "EIO (Input/output error) from energy_uj");
  OneChannel machine(channel_of(std::move(looks)));
  double total = 0.0;
  std::vector<Reading> gaps;
  for (int i = 0; i < 60; ++i) {
    for (const auto& reading : machine.next()) {
      if (reading.energy) total += joules_of(reading);
      if (!reading.energy) gaps.push_back(reading);
    }
    EXPECT_EQ(machine.health(), i == 30 ? Health::kRetry : Health::kFine);
  }
  EXPECT_DOUBLE_EQ(total, 59 * 200.0);
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].cause, GapCause::kReadFailed);
  EXPECT_EQ(gaps[0].detail, "EIO (Input/output error) from energy_uj");
  EXPECT_EQ(gaps[0].from, seconds(129));
  EXPECT_EQ(gaps[0].to, seconds(130));
}

TEST(RawSensor, the_energy_after_a_failed_read_covers_the_gap) {
  OneChannel machine(channel_of({raw_value(0), raw_failure(GapCause::kReadFailed, "EIO"), raw_value(400'000'000)}));
  machine.next();
  machine.next();
  const auto after = machine.next();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].from, seconds(100));
  EXPECT_EQ(after[0].to, seconds(102));
  EXPECT_DOUBLE_EQ(joules_of(after[0]), 400.0);
}

TEST(RawSensor, a_counter_that_starts_anew_in_mid_run_is_a_gap_and_goes_on) {
  OneChannel machine(channel_of(
      {raw_value(99'000'000'000), raw_value(99'300'000'000), raw_value(100'000'000), raw_value(400'000'000)}));
  machine.next();
  EXPECT_DOUBLE_EQ(joules_of(machine.next().at(0)), 300.0);
  const auto reset = machine.next().at(0);
  EXPECT_FALSE(reset.energy);
  EXPECT_EQ(reset.cause, GapCause::kReset);
  EXPECT_EQ(reset.from, seconds(101));
  EXPECT_DOUBLE_EQ(joules_of(machine.next().at(0)), 300.0);
}

TEST(RawSensor, a_reset_behind_a_failed_read_is_told_from_the_failure_on) {
  OneChannel machine(
      channel_of({raw_value(99'000'000'000), raw_failure(GapCause::kReadFailed, "EIO"), raw_value(100'000'000)}));
  machine.next();
  machine.next();
  const auto reset = machine.next().at(0);
  EXPECT_EQ(reset.cause, GapCause::kReset);
  EXPECT_EQ(reset.from, seconds(101));
  EXPECT_EQ(reset.to, seconds(102));
}

TEST(RawSensor, a_missing_baseline_is_a_gap_that_nothing_recovers) {
  OneChannel machine(
      channel_of({raw_failure(GapCause::kReadFailed, "EIO"), raw_value(500'000'000), raw_value(700'000'000)}));
  EXPECT_TRUE(machine.next().empty());
  const auto late = machine.next().at(0);
  EXPECT_FALSE(late.energy);
  EXPECT_EQ(late.cause, GapCause::kUnread);
  EXPECT_DOUBLE_EQ(joules_of(machine.next().at(0)), 200.0);
}

TEST(RawSensor, a_lost_channel_is_not_read_again_and_stays_a_gap) {
  auto source = std::make_unique<test::FakeRawSource>(
      std::deque<RawValue>{raw_value(0), raw_failure(GapCause::kLost, "ENODEV"), raw_value(9)});
  const auto reads = source->count();
  OneChannel machine({Channel{}, std::move(source), counter(), "energy_uj"});
  machine.next();
  for (int i = 0; i < 3; ++i) {
    const auto gap = machine.next().at(0);
    EXPECT_FALSE(gap.energy);
    EXPECT_EQ(gap.cause, GapCause::kLost);
    EXPECT_EQ(gap.detail, "ENODEV");
    EXPECT_EQ(gap.to - gap.from, seconds(1));
    EXPECT_EQ(machine.health(), Health::kGone);
  }
  EXPECT_EQ(*reads, 2);
}

TEST(RawSensor, one_of_two_channels_lost_leaves_the_sensor_alive) {
  std::vector<RawChannel> channels;
  channels.push_back(channel_of({raw_value(0), raw_failure(GapCause::kLost, "ENODEV")}));
  channels.push_back(channel_of({raw_value(0), raw_value(5'000'000)}));
  RawSensor sensor("rapl", seconds(1), std::move(channels));
  std::vector<Reading> readings;
  sensor.read({seconds(1), {}}, readings);
  EXPECT_EQ(sensor.read({seconds(2), {}}, readings), Health::kRetry);
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[1].channel, 1U);
  EXPECT_DOUBLE_EQ(joules_of(readings[1]), 5.0);
}

TEST(RawSensor, a_suspend_that_restarts_the_counter_is_a_gap_and_no_spike) {
  // The steady clock stands still while the machine sleeps: one second for hours, and the counter is at its begin.
  OneChannel machine(channel_of(
      {raw_value(131'000'000'000), raw_value(131'010'000'000), raw_value(3'000'000), raw_value(13'000'000)}));
  machine.next();
  EXPECT_DOUBLE_EQ(joules_of(machine.next().at(0)), 10.0);
  EXPECT_FALSE(machine.next().at(0).energy);
  EXPECT_DOUBLE_EQ(joules_of(machine.next().at(0)), 10.0);
}

TEST(RawSensor, a_source_that_says_that_it_restarted_is_believed) {
  auto restarted = raw_value(900'000'000);
  restarted.restarted = GapCause::kSuspended;
  OneChannel machine(channel_of({raw_value(800'000'000), restarted, raw_value(950'000'000)}));
  machine.next();
  const auto gap = machine.next().at(0);
  EXPECT_FALSE(gap.energy);
  EXPECT_EQ(gap.cause, GapCause::kSuspended);
  EXPECT_DOUBLE_EQ(joules_of(machine.next().at(0)), 50.0);
}

TEST(RawSensor, powers_are_integrated) {
  OneChannel machine(channel_of({raw_value(100), raw_value(300)}, power_meter(units::watts(1), seconds(10))));
  machine.next();
  EXPECT_DOUBLE_EQ(joules_of(machine.next().at(0)), 200.0);
}

TEST(RawSensor, two_reads_at_one_moment_tell_nothing_twice) {
  std::vector<RawChannel> channels;
  channels.push_back(channel_of({raw_value(0), raw_value(0), raw_value(7'000'000)}));
  RawSensor sensor("rapl", seconds(1), std::move(channels));
  std::vector<Reading> readings;
  for (const int second : {1, 1, 2}) sensor.read({seconds(second), {}}, readings);
  ASSERT_EQ(readings.size(), 1U);
  EXPECT_DOUBLE_EQ(joules_of(readings[0]), 7.0);
}

}  // namespace
}  // namespace ebb::sensors
