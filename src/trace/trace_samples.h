#pragma once

// Records and files for the tests of this room; not part of the program.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "trace/equality.h"
#include "trace/writer.h"

namespace ebb::trace {

using std::chrono::microseconds;
using std::chrono::seconds;

inline constexpr time::Duration kStart = std::chrono::hours(200) + std::chrono::nanoseconds(123'456'000);

inline Header sample_header() {
  Header header;
  header.run_id = "01jd4x7q9w";
  header.node = "node-7";
  header.command = {"python", "train.py", "--name", "a \"quoted\"\nname with \xC3\xA9", ""};
  header.project = "nlp";
  header.tags = {{"model", "bert"}, {"seed", "3"}};
  header.user = "ada";
  header.expected_nodes = {"node-7", "node-8"};
  header.utc = time::Instant(seconds(1'600'000'000) + std::chrono::nanoseconds(123'456'789));
  header.steady = kStart;
  header.machine_json = R"({"cpu":"x", "cores":  8})";
  header.options_json = "{}";
  header.version = "0.1.0";
  return header;
}

/// A job on one GPU that draws 300 W, a package at 45 W and memory at 6 W, sampled for about a second.
inline Interval sample_interval(std::size_t index, std::uint32_t seed = 1) {
  std::mt19937 random(seed + static_cast<std::uint32_t>(index));
  const auto about = [&](double joules) {
    const double factor = std::uniform_real_distribution<double>(0.9, 1.1)(random);
    return units::joules(std::nearbyint(joules * factor * 1e6) / 1e6);
  };
  Interval interval;
  interval.from = kStart + seconds(index) + microseconds(random() % 1000);
  interval.to = kStart + seconds(index + 1) + microseconds(random() % 1000);
  const std::pair<double, double> job_and_idle[] = {{240, 60}, {30, 15}, {4.5, 1.5}};
  for (std::uint32_t component = 0; component < 3; ++component) {
    const auto [job, idle] = job_and_idle[component];
    interval.energies.push_back({component, interval.from, interval.to, about(job), about(idle), {}, {}});
  }
  interval.job_cpu = microseconds(990'000 + random() % 1000);
  interval.machine_busy = microseconds(10'000 * (99 + random() % 3));
  interval.machine_idle = microseconds(10'000 * (690 + random() % 20));
  interval.meter_cpu = microseconds(80 + random() % 80);
  return interval;
}

/// Every kind of record, and every field with something in it.
inline std::vector<Record> sample_records(std::size_t intervals) {
  using hardware::ComponentKind;
  std::vector<Record> records{
      sample_header(),
      Component{"gpu0", ComponentKind::kGpu, "H100", "GPU-5a", "measured:nvml-counter", 0.95, 1.05, "vendor"},
      Component{"package0", ComponentKind::kCpu, "", "", "measured:rapl", 1.0 / 3.0, 1.0, ""},
      Component{"dram0", ComponentKind::kDram, "", "", "modelled:dram", 0.5, 2.0, "table"}};
  for (std::size_t i = 0; i < intervals; ++i) {
    const auto at = kStart + seconds(i);
    if (i == 1) records.emplace_back(Gap{std::nullopt, kStart - seconds(1), at, "unread", "opened late", false});
    if (i == 2) records.emplace_back(Mark{at + microseconds(5), Mark::Kind::kBegin, "epoch 1"});
    if (i == 3) records.emplace_back(Gap{2, at, at + seconds(4), "read-failed", std::string("EIO\0\xFF", 5), true});
    if (i == 4) records.emplace_back(PauseEdge{at, true});
    if (i == 5) records.emplace_back(PauseEdge{at, false});
    if (i == 6) records.emplace_back(Anchor{at, time::Instant(std::chrono::nanoseconds(1'600'000'100'000'000'001))});
    if (i == 7) records.emplace_back(Note{at, "the counter disagrees with the integrated power"});
    if (i == 8) records.emplace_back(Mark{at, Mark::Kind::kEnd, ""});
    records.emplace_back(sample_interval(i));
  }
  // A sensor that was read at other moments, a component out of order, and energies from nothing to a month's.
  Interval odd = sample_interval(intervals);
  odd.energies[1].from -= seconds(7);
  odd.energies[2].to -= microseconds(1);
  odd.energies[2].component = 70'000;
  odd.energies[0] = {9, odd.from, odd.to, {}, {}, units::joules(1e9), units::joules(1e-6)};
  odd.machine_steal = std::chrono::hours(30);
  odd.machine_idle = {};
  records.emplace_back(odd);
  records.emplace_back(End{kStart + seconds(intervals + 1), -137, std::chrono::hours(2), microseconds(12'345)});
  return records;
}

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// An empty folder of the test's own.
class TraceFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("ebb_trace_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(std::filesystem::create_directories(folder_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }

  /// Writes the records; the length of the file after each.
  std::vector<std::size_t> write(const std::string& path, const std::vector<Record>& records) {
    std::vector<std::size_t> ends;
    auto writer = Writer::create(path);
    EXPECT_TRUE(writer.ok());
    for (const auto& record : records) {
      const auto status = writer->append(record);
      EXPECT_TRUE(status.ok()) << status.error().message;
      ends.push_back(writer->bytes());
    }
    return ends;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace ebb::trace
