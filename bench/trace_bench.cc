// What recording costs: one append is one write(2) of one interval.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "trace/reader.h"
#include "trace/writer.h"

namespace {

using namespace ebb;

trace::Header header() {
  trace::Header header;
  header.run_id = "bench";
  header.command = {"true"};
  return header;
}

/// A second of a job: as many components as asked, each with job and idle energy.
trace::Interval interval(std::int64_t index, std::int64_t components) {
  trace::Interval second;
  second.from = std::chrono::seconds(index);
  second.to = std::chrono::seconds(index + 1);
  for (std::uint32_t i = 0; i < components; ++i) {
    second.energies.push_back(
        {i, second.from, second.to, units::joules(30.1234567), units::joules(15.7654321), {}, {}});
  }
  second.job_cpu = second.machine_busy = std::chrono::microseconds(990'000);
  second.machine_idle = std::chrono::seconds(7);
  second.meter_cpu = std::chrono::microseconds(90);
  return second;
}

std::string fresh_path() {
  const auto path = std::filesystem::temp_directory_path() / "ebb_trace_bench";
  std::filesystem::remove(path);
  return path.string();
}

void append(benchmark::State& state) {
  const auto path = fresh_path();
  auto writer = *trace::Writer::create(path);
  CHECK(writer.append(header()).ok());
  const auto before = writer.bytes();
  std::int64_t index = 0;
  for (auto _ : state) {
    auto status = writer.append(interval(index++, state.range(0)));
    benchmark::DoNotOptimize(status);
  }
  state.counters["bytes"] = static_cast<double>(writer.bytes() - before) / static_cast<double>(index);
  std::filesystem::remove(path);
}
BENCHMARK(append)->Arg(1)->Arg(3)->Arg(16);

void read_an_hour(benchmark::State& state) {
  const auto path = fresh_path();
  {
    auto writer = *trace::Writer::create(path);
    CHECK(writer.append(header()).ok());
    for (std::int64_t i = 0; i < 3600; ++i) CHECK(writer.append(interval(i, 3)).ok());
  }
  for (auto _ : state) {
    auto reader = *trace::Reader::open(path);
    std::size_t records = 0;
    while (reader.next()) ++records;
    CHECK(records == 3601);
  }
  std::filesystem::remove(path);
}
BENCHMARK(read_an_hour)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
