#include "trace/writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmath>
#include <csignal>
#include <limits>

#include "trace/reader.h"
#include "trace/trace_samples.h"

namespace ebb::trace {
namespace {

TEST_F(TraceFile, what_is_written_is_read_back) {
  const auto records = sample_records(20);
  write(path("t"), records);
  auto reader = Reader::open(path("t"));
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  for (const auto& record : records) {
    const auto read = reader->next();
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(*read == record) << "a record of kind " << record.index();
  }
  EXPECT_FALSE(reader->next().has_value());
  EXPECT_FALSE(reader->damage().any());
  EXPECT_TRUE(reader->damage().has_end);
  EXPECT_EQ(reader->damage().text(), "");
}

TEST_F(TraceFile, is_the_users_own_and_is_never_overwritten) {
  write(path("t"), sample_records(1));
  struct stat info {};
  ASSERT_EQ(::stat(path("t").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const auto before = bytes_of(path("t"));
  const auto second = Writer::create(path("t"));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(second.error().message.find("exists already"), std::string::npos) << second.error().message;
  EXPECT_EQ(bytes_of(path("t")), before);
  EXPECT_EQ(Writer::create(path("no/such/folder")).error().kind, base::ErrorKind::kService);
}

TEST_F(TraceFile, a_second_of_three_components_takes_less_than_48_bytes) {
  auto writer = Writer::create(path("t"));
  ASSERT_TRUE(writer.ok() && writer->append(sample_header()).ok());
  const auto before = writer->bytes();
  for (std::size_t i = 0; i < 3600; ++i) ASSERT_TRUE(writer->append(sample_interval(i)).ok());
  const double mean = static_cast<double>(writer->bytes() - before) / 3600.0;
  RecordProperty("bytes_an_interval", std::to_string(mean));
  EXPECT_LT(mean, 48.0);
}

TEST_F(TraceFile, a_million_intervals_add_up_to_half_a_microjoule) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> watts(0.0, 3e-5);
  long double exact[4] = {};
  std::int64_t exact_cpu_ns = 0;
  {
    auto writer = Writer::create(path("t"));
    ASSERT_TRUE(writer.ok() && writer->append(sample_header()).ok());
    for (int i = 0; i < 1'000'000; ++i) {
      Interval interval;
      interval.from = kStart + microseconds(i);
      interval.to = kStart + microseconds(i + 1);
      const double joules[4] = {watts(random), 1e-7 / 3, watts(random) * 1e-3, 0.0};
      for (int part = 0; part < 4; ++part) exact[part] += joules[part];
      interval.energies.push_back({0, interval.from, interval.to, units::joules(joules[0]), units::joules(joules[1]),
                                   units::joules(joules[2]), units::joules(joules[3])});
      interval.job_cpu = time::Duration(random() % 1500);
      exact_cpu_ns += interval.job_cpu.count();
      ASSERT_TRUE(writer->append(interval).ok());
    }
  }
  auto reader = Reader::open(path("t"));
  ASSERT_TRUE(reader.ok());
  long long whole_uj[4] = {};
  time::Duration cpu{0};
  int intervals = 0;
  for (auto record = reader->next(); record; record = reader->next()) {
    const auto* interval = std::get_if<Interval>(&*record);
    if (interval == nullptr) continue;
    ++intervals;
    const auto& energy = interval->energies.at(0);
    const units::Energy parts[4] = {energy.job, energy.job_idle, energy.idle, energy.others};
    for (int part = 0; part < 4; ++part) whole_uj[part] += std::llround(units::in_joules(parts[part]) * 1e6);
    cpu += interval->job_cpu;
  }
  EXPECT_EQ(intervals, 1'000'000);
  for (int part = 0; part < 4; ++part) {
    EXPECT_LE(std::fabs(static_cast<double>(exact[part] * 1e6L - static_cast<long double>(whole_uj[part]))), 0.5001);
  }
  EXPECT_EQ(whole_uj[3], 0);
  EXPECT_LE(std::abs(exact_cpu_ns - cpu.count()), 500);
}

TEST_F(TraceFile, what_is_finer_than_a_microsecond_is_rounded_and_touching_intervals_go_on_touching) {
  Interval first = sample_interval(0);
  Interval second = sample_interval(1);
  first.to = second.from = kStart + time::Duration(1'000'000'999);
  write(path("t"), {sample_header(), first, second});
  const auto trace = load_trace(path("t"));
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->intervals[0].to, kStart + time::Duration(1'000'000'000));
  EXPECT_EQ(trace->intervals[0].to, trace->intervals[1].from);
}

TEST_F(TraceFile, values_that_cannot_be_kept_are_refused_and_the_trace_goes_on) {
  auto writer = Writer::create(path("t"));
  ASSERT_TRUE(writer.ok() && writer->append(sample_header()).ok());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double joules : {-1.0, nan, std::numeric_limits<double>::infinity(), 1e12}) {
    Interval bad = sample_interval(0);
    bad.energies[1].others = units::joules(joules);
    const auto status = writer->append(bad);
    ASSERT_FALSE(status.ok()) << joules;
    EXPECT_EQ(status.error().kind, base::ErrorKind::kBadData);
    EXPECT_NE(status.error().message.find("an energy of"), std::string::npos) << status.error().message;
  }
  Interval backwards = sample_interval(0);
  std::swap(backwards.from, backwards.to);
  EXPECT_FALSE(writer->append(backwards).ok());
  EXPECT_FALSE(writer->append(Note{kStart, std::string(70'000, 'x')}).ok());
  EXPECT_FALSE(writer->append(Note{time::Duration::max(), "late"}).ok());
  EXPECT_FALSE(writer->append(Component{"x", hardware::ComponentKind::kCpu, "", "", "", nan, 1.0, ""}).ok());
  // A little below nothing is what a difference of two doubles leaves.
  Interval nearly = sample_interval(0);
  nearly.energies[0].idle = units::joules(-1e-13);
  EXPECT_TRUE(writer->append(nearly).ok());
  const auto trace = load_trace(path("t"));
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->intervals.size(), 1U);
  EXPECT_FALSE(trace->damage.any());
}

TEST_F(TraceFile, a_header_that_could_not_be_read_back_is_refused) {
  auto writer = Writer::create(path("t"));
  ASSERT_TRUE(writer.ok());
  Header header = sample_header();
  for (const auto utc : {time::Instant::min(), time::Instant::max()}) {
    header.utc = utc;
    EXPECT_FALSE(writer->append(header).ok());
  }
  header = sample_header();
  header.command.assign(20, std::string(1'000'000, 'x'));
  EXPECT_FALSE(writer->append(header).ok());
  EXPECT_EQ(writer->append(sample_interval(0)).error().kind, base::ErrorKind::kService) << "nothing before its header";
  header.command.resize(5);
  ASSERT_TRUE(writer->append(header).ok());
  EXPECT_EQ(load_trace(path("t"))->header.command, header.command);
}

/// Files of this process may grow no further than told, as on a full disk: the last write is a part, or none.
class FullDisk {
 public:
  explicit FullDisk(std::size_t bytes) {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit low{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &low);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }

 private:
  rlimit limit_{};
  void (*before_)(int) = nullptr;
};

TEST_F(TraceFile, a_full_disk_at_any_byte_loses_only_what_did_not_fit) {
  auto writer = Writer::create(path("t"));
  ASSERT_TRUE(writer.ok() && writer->append(sample_header()).ok());
  std::vector<Interval> kept;
  std::size_t index = 0;
  for (std::size_t room = 0; room < 60; ++room) {
    Interval interval = sample_interval(index++);
    base::Status status = base::Done{};
    {
      const FullDisk disk(writer->bytes() + room);
      status = writer->append(interval);
    }
    if (status.ok()) {
      kept.push_back(interval);
    } else {
      EXPECT_EQ(status.error().kind, base::ErrorKind::kService);
      EXPECT_NE(status.error().message.find("cannot write a record"), std::string::npos) << status.error().message;
      EXPECT_EQ(std::filesystem::file_size(path("t")), writer->bytes()) << "the part is cut off at once";
    }
    kept.push_back(sample_interval(index++));
    ASSERT_TRUE(writer->append(kept.back()).ok());
  }
  EXPECT_GT(index, kept.size()) << "some did not fit";
  const auto trace = load_trace(path("t"));
  ASSERT_TRUE(trace.ok());
  EXPECT_FALSE(trace->damage.any());
  EXPECT_TRUE(trace->intervals == kept);
}

TEST_F(TraceFile, goes_to_the_disk_when_asked) {
  auto writer = Writer::create(path("t"));
  ASSERT_TRUE(writer.ok() && writer->append(sample_header()).ok());
  EXPECT_TRUE(writer->sync().ok());
  Writer moved = std::move(*writer);
  EXPECT_TRUE(moved.append(sample_interval(0)).ok());
  EXPECT_TRUE(moved.sync().ok());
  EXPECT_EQ(load_trace(path("t"))->intervals.size(), 1U);
}

}  // namespace
}  // namespace ebb::trace
