// The store of series: 100 zones x 3 years x 5 minutes put, one zone-year read; beside zstd on the same doubles with
// plain files, in the same run.
#include <benchmark/benchmark.h>
#include <zstd.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/file.h"
#include "grid/catalogue.h"
#include "store/store.h"
#include "time/calendar.h"

namespace {

using namespace ebb;
namespace fs = std::filesystem;

constexpr std::size_t kZones = 100;
constexpr std::size_t kYears = 3;
constexpr auto kStep = std::chrono::minutes(5);
constexpr std::size_t kYear = 105'120;
const store::Origin kOrigin{"CC BY 4.0", "bench", time::midnight(2026, 1, 1)};

fs::path folder() { return fs::temp_directory_path() / "ebb_store_bench"; }

fs::path fresh_folder() {
  fs::remove_all(folder());
  CHECK(base::make_folder(folder().string()).ok());
  return folder();
}

/// California's real 5-minute year where its files are at hand, else the typical one that ships.
const std::vector<double>& base_year() {
  static const std::vector<double> year = [] {
    grid::Catalogue catalogue(grid::Catalogue::find_data_folder("", {}));
    const auto series = *catalogue.marginal_2020();
    std::vector<double> values(series.values().begin(), series.values().begin() + kYear);
    double last = 300.0;
    for (auto& value : values) last = value = series::is_missing(value) ? last : value;
    return values;
  }();
  return year;
}

/// That year again and again, each value up to 1% up or down at random. decimals < 0: every digit of the double.
series::Series noisy(std::size_t zone, std::size_t years, int decimals) {
  std::mt19937_64 random(zone + 1);
  std::uniform_real_distribution<double> noise(0.99, 1.01);
  const double scale = std::pow(10.0, decimals);
  std::vector<double> values;
  values.reserve(years * kYear);
  for (std::size_t i = 0; i < years * kYear; ++i) {
    const double value = base_year()[i % kYear] * noise(random);
    values.push_back(decimals < 0 ? value : std::round(value * scale) / scale);
  }
  return {{"ZONE-" + std::to_string(zone), series::kMarginalDirect, "bench", "2026", {}},
          time::midnight(2021, 1, 1),
          kStep,
          std::move(values)};
}

class Stopwatch {
 public:
  void start() { from_ = std::chrono::steady_clock::now(); }
  void stop() { seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - from_).count(); }
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  std::chrono::steady_clock::time_point from_;
  double seconds_ = 0.0;
};

std::string compressed(std::span<const double> values) {
  std::string bytes(::ZSTD_compressBound(values.size_bytes()), '\0');
  bytes.resize(::ZSTD_compress(bytes.data(), bytes.size(), values.data(), values.size_bytes(), 1));
  return bytes;
}

/// decimals as the argument.
void put_31_5_million(benchmark::State& state) {
  for (auto _ : state) {
    const auto path = fresh_folder() / store::kFileName;
    Stopwatch put;
    Stopwatch plain;
    std::ofstream beside(folder() / "plain.zst", std::ios::binary);
    std::size_t plain_bytes = 0;
    put.start();
    auto store = std::make_unique<store::Store>(*store::Store::open(path.string(), store::Access::kWrite));
    put.stop();
    for (std::size_t zone = 0; zone < kZones; ++zone) {
      const auto series = noisy(zone, kYears, static_cast<int>(state.range(0)));
      put.start();
      CHECK(store->put(series, kOrigin).ok());
      put.stop();
      plain.start();
      const auto bytes = compressed(series.values());
      beside << bytes;
      plain.stop();
      plain_bytes += bytes.size();
    }
    put.start();
    store.reset();  // the log goes into the file
    put.stop();
    plain.start();
    beside.close();
    plain.stop();
    state.SetIterationTime(put.seconds());
    state.counters["MB"] = static_cast<double>(fs::file_size(path)) / 1e6;
    state.counters["zstd_s"] = plain.seconds();
    state.counters["zstd_MB"] = static_cast<double>(plain_bytes) / 1e6;
    state.counters["time_ratio"] = put.seconds() / plain.seconds();
    state.counters["size_ratio"] = static_cast<double>(fs::file_size(path)) / static_cast<double>(plain_bytes);
  }
  fs::remove_all(folder());
}
BENCHMARK(put_31_5_million)
    ->ArgName("decimals")
    ->Arg(3)
    ->Arg(-1)
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

/// A store of some zones of three years; the file that a plain program would keep of one year beside it.
void fill(const fs::path& path, std::size_t zones) {
  auto store = *store::Store::open(path.string(), store::Access::kWrite);
  for (std::size_t zone = 0; zone < zones; ++zone) CHECK(store.put(noisy(zone, kYears, 3), kOrigin).ok());
  const auto year = noisy(0, 1, 3);
  std::ofstream(folder() / "year.zst", std::ios::binary) << compressed(year.values());
}

void read_zone_year(benchmark::State& state) {
  const auto path = fresh_folder() / store::kFileName;
  fill(path, 10);
  auto store = *store::Store::open(path.string(), store::Access::kRead);
  const auto key = store::key_of(noisy(5, 1, 3));
  const auto begin = time::midnight(2022, 1, 1);
  for (auto _ : state) {
    const auto year = store.read(key, {begin, begin + kStep * static_cast<std::int64_t>(kYear)});
    CHECK(year.ok() && year->size() == kYear);
  }
}
BENCHMARK(read_zone_year)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// As a command does it once.
void open_and_read_zone_year(benchmark::State& state) {
  const auto path = fresh_folder() / store::kFileName;
  fill(path, 10);
  const auto key = store::key_of(noisy(5, 1, 3));
  const auto begin = time::midnight(2022, 1, 1);
  for (auto _ : state) {
    auto store = *store::Store::open(path.string(), store::Access::kRead);
    const auto year = store.read(key, {begin, begin + kStep * static_cast<std::int64_t>(kYear)});
    CHECK(year.ok() && year->size() == kYear);
  }
}
BENCHMARK(open_and_read_zone_year)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// The reference: one compressed file of that year's doubles, read whole.
void read_zone_year_from_a_plain_file(benchmark::State& state) {
  const auto path = fresh_folder() / store::kFileName;
  fill(path, 1);
  for (auto _ : state) {
    std::ifstream file(folder() / "year.zst", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::vector<double> values(kYear);
    const auto got = ::ZSTD_decompress(values.data(), values.size() * sizeof(double), bytes.data(), bytes.size());
    CHECK(got == values.size() * sizeof(double));
    benchmark::DoNotOptimize(values.data());
  }
}
BENCHMARK(read_zone_year_from_a_plain_file)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// What a fetch of one day adds.
void put_one_day_more(benchmark::State& state) {
  const auto path = fresh_folder() / store::kFileName;
  fill(path, 1);
  auto store = *store::Store::open(path.string(), store::Access::kWrite);
  const auto all = noisy(0, kYears, 3);
  auto begin = all.end();
  for (auto _ : state) {
    const auto part = all.values().first(288);
    const series::Series day(all.provenance(), begin, kStep, {part.begin(), part.end()});
    CHECK(store.put(day, kOrigin)->added == 288);
    begin = day.end();
  }
}
BENCHMARK(put_one_day_more)->Unit(benchmark::kMicrosecond)->UseRealTime();

void open_to_read(benchmark::State& state) {
  const auto path = fresh_folder() / store::kFileName;
  fill(path, 1);
  for (auto _ : state) CHECK(store::Store::open(path.string(), store::Access::kRead).ok());
}
BENCHMARK(open_to_read)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// What pricing a run of an hour costs where the store has its zone; argument 0: without a store.
void cover_a_run(benchmark::State& state) {
  const auto path = fresh_folder() / store::kFileName;
  fill(path, 10);
  auto series = noisy(5, kYears, 3);
  auto provenance = series.provenance();
  provenance.zone = "US-CAL-CISO";
  CHECK(store::Store::open(path.string(), store::Access::kWrite)->put(series.with(provenance), kOrigin).ok());
  const auto begin = time::midnight(2022, 6, 1);
  for (auto _ : state) {
    grid::Catalogue catalogue("", state.range(0) == 0 ? "" : path.string());
    const auto cover =
        catalogue.covering("US-CAL-CISO", {begin, begin + std::chrono::hours(1)}, std::chrono::hours(24));
    CHECK(cover.ok() && cover->marginal->provenance().quality.measured == static_cast<double>(state.range(0)));
  }
}
BENCHMARK(cover_a_run)->ArgName("store")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
