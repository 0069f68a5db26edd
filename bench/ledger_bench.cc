// What the ledger adds to a run: opened, one run put, closed.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "base/file.h"
#include "ledger/ledger.h"

namespace {

using namespace ebb;

std::string folder() { return (std::filesystem::temp_directory_path() / "ebb_ledger_bench").string(); }

std::string fresh_path() {
  std::filesystem::remove_all(folder());
  CHECK(base::make_folder(folder()).ok());
  return folder() + "/ledger.db";
}

ledger::RunRow run(std::int64_t number) {
  ledger::RunRow row;
  row.run_id = "run-" + std::to_string(number);
  row.project = "bench";
  row.command = "python train.py --epochs 3";
  row.tags = {{"model", "bert"}};
  row.begin = time::Instant(std::chrono::hours(450'000) + std::chrono::minutes(number));
  row.end = row.begin + std::chrono::minutes(5);
  row.exit_code = 0;
  row.energy = units::joules(1e6);
  row.emissions = units::grams(100.0);
  row.signal = "marginal direct";
  row.record_json = std::string(4000, 'x');
  row.state = ledger::RunState::kFinished;
  return row;
}

void fill(const std::string& path, std::int64_t runs) {
  auto ledger = *ledger::Ledger::open(path);
  for (std::int64_t i = 0; i < runs; ++i) CHECK(ledger.put(run(-1 - i)).ok());
}

void open_put_close(benchmark::State& state) {
  const auto path = fresh_path();
  fill(path, state.range(0));
  std::int64_t number = 0;
  for (auto _ : state) {
    auto ledger = *ledger::Ledger::open(path);
    CHECK(ledger.put(run(number++)).ok());
  }
  std::filesystem::remove_all(folder());
}
BENCHMARK(open_put_close)->Arg(0)->Arg(2000)->Unit(benchmark::kMicrosecond)->UseRealTime();

void put(benchmark::State& state) {
  auto ledger = *ledger::Ledger::open(fresh_path());
  std::int64_t number = 0;
  for (auto _ : state) CHECK(ledger.put(run(number++)).ok());
  std::filesystem::remove_all(folder());
}
BENCHMARK(put)->Unit(benchmark::kMicrosecond)->UseRealTime();

void totals_by_month(benchmark::State& state) {
  const auto path = fresh_path();
  fill(path, state.range(0));
  auto ledger = *ledger::Ledger::open(path);
  for (auto _ : state) CHECK(!ledger.totals(ledger::TotalsBy::kMonth, {})->empty());
  std::filesystem::remove_all(folder());
}
BENCHMARK(totals_by_month)->Arg(2000)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
