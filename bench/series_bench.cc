// Reading and writing the canonical CSV, beside reading the numbers alone.
#include <benchmark/benchmark.h>

#include <charconv>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "base/file.h"
#include "series/csv.h"

namespace {

using namespace ebb;

const series::Series& year() {
  static const auto made = [] {
    std::mt19937_64 random(1);
    std::vector<double> values;
    for (int i = 0; i < 105120; ++i) values.push_back(static_cast<double>(random() >> 11) * 1e-13);
    return series::Series({"BENCH", series::kMarginalDirect, "made up", "", {}},
                          std::chrono::sys_days(std::chrono::year(2020) / 1 / 1), std::chrono::seconds(300), values);
  }();
  return made;
}

const std::string& path() {
  static const std::string file = [] {
    std::string name = "/tmp/ebb_series_bench.csv";
    if (!base::write_file(name, series::to_csv(year()))) std::abort();
    return name;
  }();
  return file;
}

/// The least that any reader must do: read the file and parse its numbers with from_chars, nothing else.
void reference_from_chars(benchmark::State& state) {
  for (auto _ : state) {
    const auto file = base::load_text_file(path());
    double sum = 0.0;
    const auto text = file->view();
    for (std::size_t at = text.find("time,");
         (at = text.find('\n', at)) != std::string_view::npos && at + 1 < text.size();) {
      const char* number = text.data() + at + 22;
      double value = 0.0;
      std::from_chars(number, text.data() + text.size(), value);
      sum += value;
      ++at;
    }
    benchmark::DoNotOptimize(sum);
    state.SetBytesProcessed(state.bytes_processed() + static_cast<std::int64_t>(text.size()));
  }
}
BENCHMARK(reference_from_chars)->Unit(benchmark::kMillisecond)->Name("reference/read_file_and_from_chars");

void load_csv(benchmark::State& state) {
  for (auto _ : state) {
    const auto loaded = series::load_csv(path());
    benchmark::DoNotOptimize(loaded->size());
    state.SetBytesProcessed(state.bytes_processed() + 4000000);
  }
}
BENCHMARK(load_csv)->Unit(benchmark::kMillisecond)->Name("series/load_csv");

void to_csv(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(series::to_csv(year()).size());
}
BENCHMARK(to_csv)->Unit(benchmark::kMillisecond)->Name("series/to_csv");

}  // namespace

BENCHMARK_MAIN();
