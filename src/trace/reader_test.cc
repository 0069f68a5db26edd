#include "trace/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "trace/codec.h"
#include "trace/frame.h"
#include "trace/trace_samples.h"

namespace ebb::trace {
namespace {

struct ReadBack {
  std::vector<Record> records;
  Damage damage;
};
std::optional<ReadBack> read_back(const std::string& bytes) {
  auto reader = Reader::over(bytes, "t");
  if (!reader) return std::nullopt;
  ReadBack all;
  for (auto record = reader->next(); record; record = reader->next()) all.records.push_back(*std::move(record));
  all.damage = reader->damage();
  return all;
}

/// As read when the header is gone: times count from the run's begin.
Record without_base(const Record& record) {
  const auto payload = encode(record, kStart);
  return *decode(*payload, time::Duration(0));
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST_F(TraceFile, ATraceKilledAtAnyByteReadsBack) {
  const auto records = sample_records(12);
  const auto ends = write(path("t"), records);
  const auto bytes = bytes_of(path("t"));
  ASSERT_EQ(bytes.size(), ends.back());
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const auto whole = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), cut) - ends.begin());
    write_bytes(path("cut"), bytes.substr(0, cut));
    auto reader = Reader::open(path("cut"));
    ASSERT_EQ(reader.ok(), whole > 0) << cut;
    if (whole == 0) {
      EXPECT_NE(reader.error().message.find("holds no whole record"), std::string::npos) << reader.error().message;
      continue;
    }
    for (std::size_t i = 0; i < whole; ++i) {
      const auto record = reader->next();
      ASSERT_TRUE(record.has_value() && *record == records[i]) << "cut at " << cut << ", record " << i;
    }
    EXPECT_FALSE(reader->next().has_value());
    const auto& damage = reader->damage();
    EXPECT_EQ(damage.tail_bytes, cut - ends[whole - 1]) << cut;
    EXPECT_EQ(damage.skipped_bytes, 0U) << cut;
    EXPECT_EQ(damage.has_end, whole == records.size()) << cut;
  }
}

TEST_F(TraceFile, wrong_bytes_cost_the_records_they_hit_and_no_other) {
  const auto records = sample_records(30);
  const auto ends = write(path("t"), records);
  const auto bytes = bytes_of(path("t"));
  std::mt19937 random(11);
  for (int round = 0; round < 10'000; ++round) {
    std::string damaged = bytes;
    std::set<std::size_t> hit;
    for (auto flips = 1 + random() % 6; flips > 0; --flips) {
      const std::size_t at = random() % bytes.size();
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U + random() % 255));
    }
    for (std::size_t at = kPreludeBytes; at < bytes.size(); ++at) {
      if (damaged[at] == bytes[at]) continue;
      hit.insert(static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), at) - ends.begin()));
    }
    const auto all = read_back(damaged);
    ASSERT_TRUE(all.has_value()) << round;
    ASSERT_EQ(all->damage.header_lost, hit.count(0) == 1) << round;
    std::size_t got = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (hit.count(i) == 1) continue;
      ASSERT_LT(got, all->records.size()) << round;
      const auto& expected = records[i];
      ASSERT_TRUE(all->records[got++] == (all->damage.header_lost ? without_base(expected) : expected)) << round;
    }
    ASSERT_EQ(got, all->records.size()) << "a record that was never written, in round " << round;
    ASSERT_EQ(all->damage.any(), damaged != bytes) << round;
  }
}

TEST_F(TraceFile, bytes_put_in_or_taken_out_cost_little) {
  const auto records = sample_records(30);
  write(path("t"), records);
  const auto bytes = bytes_of(path("t"));
  std::mt19937 random(12);
  for (int round = 0; round < 5'000; ++round) {
    std::string damaged = bytes;
    const std::size_t at = kPreludeBytes + random() % (bytes.size() - kPreludeBytes);
    const std::size_t count = 1 + random() % 100;
    if (round % 2 == 0) {
      damaged.erase(at, count);
    } else {
      std::string noise;
      while (noise.size() < count)
        noise += static_cast<char>(random() % 2 == 0 ? static_cast<unsigned char>(kFrameMarker) : random());
      damaged.insert(at, noise);
    }
    const auto all = read_back(damaged);
    ASSERT_TRUE(all.has_value()) << round;
    // 100 bytes reach into seven of the smallest records.
    ASSERT_GE(all->records.size() + 12, records.size()) << round;
    std::size_t at_record = 0;
    for (const auto& read : all->records) {
      while (at_record < records.size() &&
             !(read == (all->damage.header_lost ? without_base(records[at_record]) : records[at_record]))) {
        ++at_record;
      }
      ASSERT_LT(at_record++, records.size()) << "a record that was never written, in round " << round;
    }
  }
}

TEST_F(TraceFile, a_damaged_stretch_is_told_with_its_place) {
  const auto records = sample_records(10);
  const auto ends = write(path("t"), records);
  auto bytes = bytes_of(path("t"));
  bytes[ends[5] + 8] = static_cast<char>(bytes[ends[5] + 8] ^ 1);
  bytes.resize(bytes.size() - 3);
  const auto all = read_back(bytes);
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->damage.stretches.size(), 1U);
  EXPECT_EQ(all->damage.stretches[0].offset, ends[5]);
  EXPECT_EQ(all->damage.stretches[0].bytes, ends[6] - ends[5]);
  EXPECT_EQ(all->damage.text(), "1 damaged stretch of together " + std::to_string(ends[6] - ends[5]) +
                                    " bytes skipped, the first at byte " + std::to_string(ends[5]) + "; the last " +
                                    std::to_string(bytes.size() - ends[ends.size() - 2]) +
                                    " bytes are no whole record; the command's end was not recorded");
}

TEST_F(TraceFile, a_destroyed_header_is_told_with_what_is_left_and_what_to_do) {
  const auto records = sample_records(10);
  write(path("t"), records);
  auto bytes = bytes_of(path("t"));
  bytes[kPreludeBytes + 20] = '\0';
  write_bytes(path("t"), bytes);
  const auto trace = load_trace(path("t"));
  ASSERT_FALSE(trace.ok());
  EXPECT_EQ(trace.error().kind, base::ErrorKind::kBadData);
  for (const char* part : {"/t: its first record, the header", "is destroyed", " other records are whole", " kWh",
                           "Put a copy of the file back", "ebb runs list"}) {
    EXPECT_NE(trace.error().message.find(part), std::string::npos) << trace.error().message;
  }
  auto reader = Reader::open(path("t"));
  ASSERT_TRUE(reader.ok());
  std::size_t count = 0;
  while (reader->next()) ++count;
  EXPECT_EQ(count, records.size() - 1);
  EXPECT_TRUE(reader->damage().header_lost);
}

TEST_F(TraceFile, a_newer_version_is_refused_and_a_damaged_version_is_not_taken_for_one) {
  write(path("t"), sample_records(3));
  auto newer = bytes_of(path("t"));
  newer[5] = 2;
  newer[6] = static_cast<char>(~2);
  const auto refused = Reader::over(newer, "t");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message,
            "t: was written by a newer ebb (trace format 2, this one reads 1): read it with that");
  auto damaged = bytes_of(path("t"));
  damaged[5] = 2;
  const auto all = read_back(damaged);
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->records.size(), sample_records(3).size());
  EXPECT_EQ(all->damage.skipped_bytes, kPreludeBytes);
}

TEST_F(TraceFile, what_is_no_trace_is_refused_in_a_sentence) {
  EXPECT_NE(Reader::open(path("none")).error().message.find("cannot open"), std::string::npos);
  EXPECT_NE(Reader::open(path("")).error().message.find("no plain file"), std::string::npos);
  EXPECT_NE(Reader::over("seconds,watts\n1,2\n", "t").error().message.find("t: is no trace of ebb"), std::string::npos);
  EXPECT_NE(Reader::over(std::string(5'000, '\0'), "t").error().message.find("is no trace"), std::string::npos);
  EXPECT_NE(Reader::over("", "t").error().message.find("holds no whole record"), std::string::npos);
}

TEST_F(TraceFile, two_traces_in_one_file_are_one_trace_and_damage) {
  const auto records = sample_records(3);
  write(path("t"), records);
  const auto bytes = bytes_of(path("t"));
  const auto all = read_back(bytes + bytes);
  ASSERT_TRUE(all.has_value());
  EXPECT_TRUE(all->damage.any()) << "the second header is skipped and told";
}

TEST_F(TraceFile, frames_longer_than_the_readers_window_and_many_of_them_are_read) {
  std::vector<Record> records{sample_header()};
  for (int i = 0; i < 40; ++i) records.emplace_back(Note{kStart, std::string(static_cast<std::size_t>(i) * 1500, 'n')});
  write(path("t"), records);
  auto reader = Reader::open(path("t"));
  ASSERT_TRUE(reader.ok());
  for (const auto& record : records) {
    const auto read = reader->next();
    ASSERT_TRUE(read.has_value() && *read == record);
  }
  EXPECT_FALSE(reader->damage().any());
}

TEST_F(TraceFile, a_search_through_hostile_bytes_ends) {
  // Each third byte begins a frame that claims 64 KiB.
  std::string hostile = prelude();
  while (hostile.size() < 100'000) hostile += std::string("\xEB\x80\x80\x04", 4);
  EXPECT_FALSE(Reader::over(hostile, "t").ok());
}

TEST(Codec, payloads_of_no_known_kind_or_with_bytes_left_over_are_no_records) {
  const auto payload = encode(sample_interval(0), kStart);
  ASSERT_TRUE(payload.ok());
  EXPECT_TRUE(decode(*payload, kStart).has_value());
  EXPECT_FALSE(decode(*payload + '\0', kStart).has_value());
  EXPECT_FALSE(decode(payload->substr(0, payload->size() - 1), kStart).has_value());
  EXPECT_FALSE(decode("", kStart).has_value());
  EXPECT_FALSE(decode("\x0A rest", kStart).has_value());
  EXPECT_FALSE(decode(std::string(100, '\xFF'), kStart).has_value());
}

}  // namespace
}  // namespace ebb::trace
