#include "sensors/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "sensors/fake_sensor.h"
#include "support/fake_sysfs.h"

namespace ebb::sensors {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kPackage =
    "# channel: package0; kind=cpu; method=measured:rapl-powercap; raw=counter; unit_joules=1e-6; range=999999999; "
    "max_watts=100\n";
constexpr const char* kGpu = "# channel: gpu0; kind=gpu; method=measured:nvml-power; raw=power; unit_watts=1\n";

/// A recording played, read at times since its begin; the machine's steady clock stands elsewhere.
class Player {
 public:
  explicit Player(const std::string& text) {
    const auto recording = parse_recording(text, "r.csv");
    EXPECT_TRUE(recording.ok()) << (recording.ok() ? "" : recording.error().message);
    if (recording.ok()) sensor_ = make_replay(*recording);
  }

  std::vector<Reading> at(time::Duration since_begin) {
    std::vector<Reading> readings;
    health_ = sensor_->read({seconds(7777) + since_begin, std::nullopt}, readings);
    return readings;
  }
  /// Joules at that time; -1 for a gap, -2 for nothing.
  double joules_at(time::Duration since_begin) {
    const auto readings = at(since_begin);
    if (readings.empty()) return -2;
    return readings[0].energy ? units::in_joules(*readings[0].energy) : -1;
  }
  [[nodiscard]] Health health() const { return health_; }
  [[nodiscard]] Sensor& sensor() { return *sensor_; }

 private:
  std::unique_ptr<Sensor> sensor_;
  Health health_ = Health::kFine;
};

std::string with(const std::string& channels, const std::string& rows, const std::string& more = "") {
  return "# ebb-recording: 1\n" + more + channels + "seconds,channel,value\n" + rows;
}

TEST(Replay, raw_counters_go_through_the_real_unwrapping) {
  Player player(with(kPackage,
                     "0,package0,990000000\n1,package0,10000000\n2,package0,30000000\n3,package0,5000000\n"
                     "4,package0,25000000\n"));
  EXPECT_EQ(player.joules_at(seconds(0)), -2);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(1)), 20.0);  // over a wrap
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(2)), 20.0);
  EXPECT_EQ(player.joules_at(seconds(3)), -1);  // a reset
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(4)), 20.0);
}

TEST(Replay, between_rows_a_counter_stands_still_and_then_catches_up) {
  Player player(with("# channel: gpu0; kind=gpu; method=m; raw=counter; unit_joules=1e-6; max_watts=100\n",
                     "0,gpu0,0\n10,gpu0,900000000\n"));
  player.at(seconds(0));
  EXPECT_EQ(player.joules_at(seconds(5)), 0.0);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(10)), 900.0);
}

TEST(Replay, powers_are_integrated_and_one_that_is_stale_is_a_gap) {
  Player player(with(kGpu, "0,gpu0,100\n1,gpu0,300\n20,gpu0,300\n21,gpu0,300\n"));
  player.at(seconds(0));
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(1)), 200.0);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(11)), 3000.0);
  EXPECT_EQ(player.joules_at(seconds(19)), -1);
  EXPECT_EQ(player.joules_at(seconds(20)), -1);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(21)), 300.0);
}

TEST(Replay, gaps_of_the_recording_are_gaps_again) {
  Player player(with(kPackage,
                     "0,package0,0\n1,package0,read-failed\n2,package0,20000000\n3,package0,suspended:21000000\n"
                     "4,package0,31000000\n5,package0,lost\n"));
  player.at(seconds(0));
  auto failed = player.at(seconds(1)).at(0);
  EXPECT_FALSE(failed.energy);
  EXPECT_EQ(failed.cause, GapCause::kReadFailed);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(2)), 20.0);
  EXPECT_EQ(player.at(seconds(3)).at(0).cause, GapCause::kSuspended);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(4)), 10.0);
  EXPECT_EQ(player.at(seconds(5)).at(0).cause, GapCause::kLost);
  EXPECT_EQ(player.health(), Health::kGone);
}

TEST(Replay, a_restart_between_two_reads_is_not_overlooked) {
  Player player(with(kPackage, "0,package0,0\n1,package0,reset:5\n2,package0,30000000\n3,package0,40000000\n"));
  player.at(seconds(0));
  EXPECT_EQ(player.at(seconds(2)).at(0).cause, GapCause::kReset);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(3)), 10.0);
}

TEST(Replay, a_recording_that_ends_is_lost_from_then_on) {
  Player player(with(kPackage, "0,package0,0\n2,package0,10000000\n"));
  player.at(seconds(0));
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(2)), 10.0);
  const auto end = player.at(seconds(3)).at(0);
  EXPECT_EQ(end.cause, GapCause::kLost);
  EXPECT_EQ(end.detail, "the recording ends after 2s");
  EXPECT_EQ(end.from, seconds(7777 + 2));
  EXPECT_EQ(player.at(seconds(4)).at(0).from, seconds(7777 + 3));
}

TEST(Replay, a_loop_goes_on_from_where_its_counters_were) {
  Player player(with(kPackage, "0,package0,500000000\n1,package0,510000000\n2,package0,540000000\n", "# loop: yes\n"));
  player.at(seconds(0));
  double total = 0;
  for (int half = 1; half <= 400; ++half) {
    const double joules = player.joules_at(milliseconds(500 * half));
    ASSERT_GE(joules, 0.0) << half;  // the counter wraps on its way
    total += joules;
  }
  EXPECT_DOUBLE_EQ(total, 100 * 40.0);
}

TEST(Replay, rounds_of_a_loop_that_nobody_looks_into_count_too) {
  Player player(with("# channel: gpu0; kind=gpu; method=m; raw=counter; unit_joules=1\n", "0,gpu0,0\n2,gpu0,10\n",
                     "# loop: yes\n"));
  player.at(seconds(0));
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(20)), 100.0);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(22)), 10.0);
}

TEST(Replay, a_channel_whose_first_row_comes_late_has_a_gap_before_it) {
  Player player(with(std::string(kPackage) + kGpu, "0,gpu0,100\n2,package0,0\n3,gpu0,100\n3,package0,7000000\n"));
  player.at(seconds(0));
  const auto early = player.at(seconds(1));
  ASSERT_EQ(early.size(), 2U);
  EXPECT_EQ(early[0].cause, GapCause::kUnread);
  EXPECT_DOUBLE_EQ(units::in_joules(*early[1].energy), 100.0);
  EXPECT_EQ(player.at(seconds(2)).at(0).cause, GapCause::kUnread);
  EXPECT_DOUBLE_EQ(player.joules_at(seconds(3)), 7.0);
}

TEST(Replay, says_what_is_wrong_with_a_file) {
  const test::FakeSysfs folder;
  const auto missing = open_replay(folder.path("nothing.csv"));
  EXPECT_EQ(missing.sensor, nullptr);
  EXPECT_FALSE(missing.present);
  EXPECT_FALSE(missing.why.empty());
  std::ofstream(folder.path("bad.csv")) << "time,g_per_kwh\n";
  EXPECT_NE(open_replay(folder.path("bad.csv")).why.find("bad.csv:1: this is no recording"), std::string::npos);
  std::ofstream(folder.path("good.csv")) << with(kPackage, "0,package0,0\n0.25,package0,1\n");
  const auto good = open_replay(folder.path("good.csv"));
  ASSERT_NE(good.sensor, nullptr);
  EXPECT_EQ(good.sensor->name(), "replay");
  EXPECT_EQ(good.sensor->period(), milliseconds(250));
  EXPECT_EQ(good.sensor->channels()[0].method, "measured:rapl-powercap");
  EXPECT_EQ(good.warnings.size(), 1U);
}

/// Ticks at whole seconds, `count` of them.
std::function<std::optional<Tick>()> ticks(int count) {
  return [second = 0, count]() mutable -> std::optional<Tick> {
    if (second == count) return std::nullopt;
    return Tick{seconds(500 + second++), std::nullopt};
  };
}

Channel channel(const std::string& name) {
  Channel channel;
  channel.name = name;
  channel.kind = hardware::ComponentKind::kGpu;
  channel.method = "measured:test";
  return channel;
}

TEST(Record, what_sensors_tell_plays_back_the_same) {
  FakeSensor boards("nvml", {channel("gpu0"), channel("gpu1")});
  boards.set_power(0, units::watts(300));
  boards.set_power(1, units::watts(50));
  boards.fail_in(3, GapCause::kReadFailed);
  boards.fail_in(6, GapCause::kReset);
  FakeSensor package("rapl", {channel("gpu0")});  // a name that is taken
  package.set_power(0, units::watts(120));
  const Recording recording = record({&boards, &package}, ticks(10));
  const std::string text = text_of(recording);

  FakeSensor same_boards("nvml", {channel("gpu0"), channel("gpu1")});
  same_boards.set_power(0, units::watts(300));
  same_boards.set_power(1, units::watts(50));
  same_boards.fail_in(3, GapCause::kReadFailed);
  same_boards.fail_in(6, GapCause::kReset);
  Player player(text);
  ASSERT_EQ(player.sensor().channels().size(), 3U);
  EXPECT_EQ(player.sensor().channels()[2].name, "gpu0-2");
  double third = 0;
  for (int second = 0; second < 10; ++second) {
    std::vector<Reading> expected;
    same_boards.read({seconds(7777 + second), std::nullopt}, expected);
    const auto played = player.at(seconds(second));
    for (const auto& reading : played) {
      if (reading.channel == 2) third += units::in_joules(*reading.energy);
      if (reading.channel == 2) continue;
      const auto same = std::find_if(expected.begin(), expected.end(), [&](const Reading& other) {
        return other.channel == reading.channel && other.from == reading.from && other.to == reading.to;
      });
      ASSERT_NE(same, expected.end()) << "second " << second << " channel " << reading.channel;
      ASSERT_EQ(reading.energy.has_value(), same->energy.has_value()) << "second " << second;
      if (reading.energy) {
        EXPECT_NEAR(units::in_joules(*reading.energy), units::in_joules(*same->energy), 2e-6);
      } else {
        EXPECT_EQ(reading.cause, same->cause);
      }
    }
  }
  EXPECT_NEAR(third, 9 * 120.0, 1e-5);
}

TEST(Record, is_written_into_a_file_that_opens) {
  const test::FakeSysfs folder;
  FakeSensor boards("nvml", {channel("gpu0")});
  boards.set_power(0, units::watts(300));
  ASSERT_TRUE(write_recording(folder.path("r.csv"), {&boards}, ticks(3), "a test; of it").ok());
  const auto opened = open_replay(folder.path("r.csv"));
  ASSERT_NE(opened.sensor, nullptr) << opened.why;
  EXPECT_NE(opened.warnings.at(0).find("(a test  of it)"), std::string::npos);
  EXPECT_FALSE(write_recording(folder.path("no/such/folder/r.csv"), {&boards}, ticks(3), "").ok());
}

TEST(Record, the_first_tick_is_the_baseline_also_of_a_sensor_that_was_read_before) {
  FakeSensor boards("nvml", {channel("gpu0")});
  boards.set_power(0, units::watts(300));
  std::vector<Reading> readings;
  boards.read({seconds(1), std::nullopt}, readings);
  const Recording recording = record({&boards}, ticks(2));
  ASSERT_EQ(recording.channels.at(0).rows.size(), 2U);
  EXPECT_EQ(recording.channels[0].rows[0].value, 0U);
  EXPECT_EQ(recording.channels[0].rows[1].value, 300'000'000U);
}

}  // namespace
}  // namespace ebb::sensors
