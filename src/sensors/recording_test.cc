#include "sensors/recording.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "sensors/recording_channel.h"

namespace ebb::sensors {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kHead =
    "# ebb-recording: 1\n"
    "# channel: gpu0; kind=gpu; method=measured:nvml-counter; raw=counter; unit_joules=1e-3\n"
    "# channel: gpu1; kind=gpu; method=measured:nvml-power; raw=power; unit_watts=0.001; hold_seconds=3\n"
    "seconds,channel,value\n";

std::string error_of(const std::string& text) {
  const auto recording = parse_recording(text, "r.csv");
  return recording.ok() ? "" : recording.error().message;
}

TEST(Recording, a_file_tells_channels_and_their_raw_values) {
  const auto recording = parse_recording(
      "## made by hand\n"
      "# ebb-recording: 1\n"
      "# source: two boards\n"
      "# loop: yes\n"
      "# channel: package0; kind=cpu; method=measured:rapl-powercap; raw=counter; unit_joules=1e-6; "
      "range=262143328850; max_watts=1000; low=0.9; high=1.1; idle_watts=45; device=Intel Xeon; id=intel-rapl:0; "
      "source=a paper\n"
      "\n"
      "seconds,channel,value\n"
      "0,package0,17\n"
      " 0.1 , package0 , 18 \r\n"
      "0.2,package0,read-failed\n"
      "## and so on\n"
      "0.3,package0,suspended:3\n"
      "0.4,package0,lost\n",
      "r.csv");
  ASSERT_TRUE(recording.ok()) << recording.error().message;
  EXPECT_EQ(recording->source, "two boards");
  EXPECT_TRUE(recording->loop);
  EXPECT_EQ(recording->length(), milliseconds(400));
  ASSERT_EQ(recording->channels.size(), 1U);
  const auto& package = recording->channels[0];
  EXPECT_EQ(package.channel.kind, hardware::ComponentKind::kCpu);
  EXPECT_EQ(package.channel.device, "Intel Xeon");
  EXPECT_EQ(package.channel.id, "intel-rapl:0");
  EXPECT_EQ(package.channel.low_factor, 0.9);
  EXPECT_EQ(package.channel.idle, units::watts(45));
  EXPECT_EQ(package.range, 262143328850U);
  EXPECT_EQ(package.max_power, units::watts(1000));
  ASSERT_EQ(package.rows.size(), 5U);
  EXPECT_EQ(package.rows[1].at, milliseconds(100));
  EXPECT_EQ(package.rows[1].value, 18U);
  EXPECT_FALSE(package.rows[2].value);
  EXPECT_EQ(package.rows[2].cause, GapCause::kReadFailed);
  EXPECT_EQ(package.rows[3].value, 3U);
  EXPECT_EQ(package.rows[3].cause, GapCause::kSuspended);
  EXPECT_EQ(package.rows[4].cause, GapCause::kLost);
}

TEST(Recording, the_example_of_the_manual_is_one) {
  std::ifstream file(EBB_SOURCE_DIR "/docs/recording-format.md");
  std::string example;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("    ")) example += line.substr(4) + "\n";
  }
  const auto recording = parse_recording(example, "recording-format.md");
  ASSERT_TRUE(recording.ok()) << recording.error().message;
  EXPECT_EQ(recording->channels.size(), 2U);
}

TEST(Recording, a_row_out_of_its_bounds_is_refused_with_file_and_line) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"0,gpu0\n", "r.csv:5: 2 fields instead of seconds,channel,value"},
      {"0,gpu0,1,2\n", "r.csv:5: 4 fields instead of seconds,channel,value"},
      {"-1,gpu0,1\n", "r.csv:5: \"-1\" is no time between 0 and 4000000 s"},
      {"nan,gpu0,1\n", "r.csv:5: \"nan\" is no time between 0 and 4000000 s"},
      {"5e6,gpu0,1\n", "r.csv:5: \"5e6\" is no time between 0 and 4000000 s"},
      {"0,gpu2,1\n", "r.csv:5: \"gpu2\" is no channel of this file"},
      {"0,gpu0,1.5\n", "r.csv:5: \"1.5\" is neither a whole number nor a cause"},
      {"0,gpu0,-1\n", "r.csv:5: \"-1\" is neither a whole number nor a cause"},
      {"0,gpu0,1:2\n", "r.csv:5: \"1:2\" is neither a whole number nor a cause"},
      {"0,gpu0,asleep\n", "r.csv:5: \"asleep\" is neither a whole number nor a cause"},
      {"0,gpu0,lost:1\n", "r.csv:5: \"lost\" has no value"},
      {"0,gpu0,reset\n", "r.csv:5: \"reset\" needs the value after it, as in \"reset:0\""},
      {"0,gpu0,18446744073709551616\n", "r.csv:5: \"18446744073709551616\" is neither a whole number nor a cause"},
      {"1,gpu0,1\n0,gpu1,1\n", "r.csv:6: the time is before that of the row above"},
      {"1,gpu0,1\n1,gpu0,2\n", "r.csv:6: the channel has a row of this time already"},
      {"1,gpu0,lost\n2,gpu0,2\n", "r.csv:6: the channel was lost before"},
      {"0,gpu0,1\n", "r.csv: the channel \"gpu1\" has no row"},
      {"# loop: yes\n", "r.csv:5: 1 fields instead of seconds,channel,value"},
  };
  for (const auto& [rows, message] : cases) EXPECT_EQ(error_of(std::string(kHead) + rows), message);
  EXPECT_EQ(error_of(std::string(kHead) + "0,gpu0,1\n0,gpu1,1\n"), "");
}

TEST(Recording, a_head_that_is_none_is_refused) {
  const std::string first = "# ebb-recording: 1\n";
  const std::vector<std::pair<std::string, const char*>> cases{
      {"", "r.csv: the header \"seconds,channel,value\" is missing"},
      {"time,g_per_kwh\n", "r.csv:1: this is no recording: its first line is not \"# ebb-recording: 1\""},
      {"# ebb-recording: 2\n", "r.csv:1: version \"2\" is not known: only 1 is"},
      {"# loop: yes\n", "r.csv:1: this is no recording: its first line is not \"# ebb-recording: 1\""},
      {first + "# lop: yes\n",
       "r.csv:2: \"lop\" is no key: ebb-recording, source, loop and channel are; a remark begins with ##"},
      {first + "# loop: maybe\n", "r.csv:2: loop is \"maybe\", not yes or no"},
      {first + "seconds,channel,value\n", "r.csv:2: no line \"# channel: ...\" before the header"},
      {first + "# channel: a; kind=cpu; method=m; raw=counter; unit_joules=1\nseconds,value\n",
       "r.csv:3: \"seconds,value\" is not the header \"seconds,channel,value\""},
      {first +
           "# loop: yes\n# channel: a; kind=cpu; method=m; raw=counter; unit_joules=1\nseconds,channel,value\n0,a,1\n",
       "r.csv: a recording that loops needs rows at two times at least"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(error_of(text), message);
}

TEST(Recording, a_channel_line_is_held_to_its_keys) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"", "\"\" is no name of a channel: 1 to 64 letters, digits, '.', '_' and '-'"},
      {"a b; kind=cpu", "\"a b\" is no name of a channel: 1 to 64 letters, digits, '.', '_' and '-'"},
      {"a; cpu", "channel a: \"cpu\" is no key=value"},
      {"a; kind=cpu; kind=cpu", "channel a: \"kind\" comes twice"},
      {"a; method=m", "channel a: kind is missing"},
      {"a; kind=tpu; method=m", "channel a: kind is \"tpu\", not gpu, cpu, dram or other"},
      {"a; kind=cpu; raw=power", "channel a: method is missing"},
      {"a; kind=cpu; method=m", "channel a: raw is missing"},
      {"a; kind=cpu; method=m; raw=volts", "channel a: raw is \"volts\", not counter or power"},
      {"a; kind=cpu; method=m; raw=counter", "channel a: unit_joules is missing"},
      {"a; kind=cpu; method=m; raw=power; unit_joules=1", "channel a: unit_watts is missing"},
      {"a; kind=cpu; method=m; raw=counter; unit_joules=0",
       "channel a: unit_joules is \"0\", not a number from 1e-15 to 1000000"},
      {"a; kind=cpu; method=m; raw=counter; unit_joules=1; range=0; max_watts=9",
       "channel a: range is \"0\", no count"},
      {"a; kind=cpu; method=m; raw=counter; unit_joules=1; range=9",
       "channel a: a counter with a range needs max_watts, which tells a wrap from a reset"},
      {"a; kind=cpu; method=m; raw=counter; unit_joules=1; colour=red",
       "channel a: \"colour\" is no key of such a channel"},
      {"a; kind=cpu; method=m; raw=power; unit_watts=1; range=9", "channel a: \"range\" is no key of such a channel"},
      {"a; kind=cpu; method=m; raw=power; unit_watts=1; low=1.1",
       "channel a: low is \"1.1\", not a number from 0.001 to 1"},
      {"a; kind=cpu; method=m\x01; raw=power; unit_watts=1", "channel a: \"method\" holds unprintable bytes"},
  };
  for (const auto& [text, message] : cases) {
    const auto channel = parse_recorded_channel(text);
    ASSERT_FALSE(channel.ok()) << text;
    EXPECT_EQ(channel.error().message, message);
  }
}

TEST(Recording, hostile_bytes_are_refused_and_quoted_safely) {
  using namespace std::string_literals;
  EXPECT_EQ(error_of("\0\0\0"s), "r.csv:1: this is no recording: its first line is not \"# ebb-recording: 1\"");
  EXPECT_EQ(error_of(std::string(2'000'000, 'x')), "r.csv:1: the line is too long");
  EXPECT_EQ(error_of(std::string(kHead) + "0,gpu0," + std::string(100'000, '9') + "\n").size() < 200, true);
}

Recording random_recording(unsigned seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t n) { return std::uniform_int_distribution<std::uint64_t>(0, n - 1)(random); };
  Recording recording;
  recording.source = below(2) == 0 ? "a machine" : "";
  for (std::uint64_t c = 0, channels = 1 + below(4); c < channels; ++c) {
    RecordedChannel recorded;
    recorded.channel.name = "channel-" + std::to_string(c);
    recorded.channel.kind = static_cast<hardware::ComponentKind>(below(4));
    recorded.channel.method = "measured:x";
    if (below(2) == 0) recorded.channel.device = "Böard 1, 80 GB";
    if (below(2) == 0) recorded.channel.idle = units::watts(static_cast<double>(below(1000)) / 7);
    recorded.channel.high_factor = 1.0 + static_cast<double>(below(100)) / 70;
    recorded.is_power = below(2) == 0;
    recorded.unit = 1.0 / static_cast<double>(1 + below(1'000'000));
    if (!recorded.is_power && below(2) == 0) recorded.range = 1 + below(1'000'000);
    time::Duration at{0};
    for (std::uint64_t r = 0, rows = 1 + below(20); r < rows; ++r) {
      RecordedRow row{at, below(~0ULL), std::nullopt};
      if (below(4) == 0) row.cause = static_cast<GapCause>(below(5));
      if (row.cause == GapCause::kReadFailed || row.cause == GapCause::kLost) row.value.reset();
      recorded.rows.push_back(row);
      if (row.cause == GapCause::kLost) break;
      at += time::Duration(static_cast<std::int64_t>(1 + below(100'000'000'000)));
    }
    recording.channels.push_back(std::move(recorded));
  }
  recording.loop = recording.length() > time::Duration(0) && below(2) == 0;
  return recording;
}

TEST(Recording, what_is_written_reads_back_equal) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Recording recording = random_recording(seed);
    const std::string text = text_of(recording);
    const auto back = parse_recording(text, "r.csv");
    ASSERT_TRUE(back.ok()) << back.error().message << '\n' << text;
    ASSERT_EQ(text_of(*back), text);
    ASSERT_EQ(back->loop, recording.loop);
    ASSERT_EQ(back->channels.size(), recording.channels.size());
    for (std::size_t c = 0; c < recording.channels.size(); ++c) {
      const auto& was = recording.channels[c];
      const auto& is = back->channels[c];
      ASSERT_EQ(is.channel.device, was.channel.device);
      ASSERT_EQ(is.channel.idle, was.channel.idle);
      ASSERT_EQ(is.unit, was.unit);
      ASSERT_EQ(is.range, was.range);
      ASSERT_EQ(is.rows.size(), was.rows.size());
      for (std::size_t r = 0; r < was.rows.size(); ++r) {
        ASSERT_EQ(is.rows[r].at, was.rows[r].at);
        ASSERT_EQ(is.rows[r].value, was.rows[r].value);
        ASSERT_EQ(is.rows[r].cause, was.rows[r].cause);
      }
    }
  }
}

TEST(Recording, texts_that_would_break_a_line_are_made_plain) {
  EXPECT_EQ(plain_text(" a;b\nc\t"), "a b c");
  EXPECT_TRUE(is_plain_text("Böard"));
  EXPECT_FALSE(is_plain_text("a\nb"));
}

}  // namespace
}  // namespace ebb::sensors
