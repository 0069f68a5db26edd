#include "forecast/score.h"

#include <gtest/gtest.h>

#include "forecast/forecast_samples.h"

namespace ebb::forecast {
namespace {

using std::chrono::hours;

/// Says what a given series says, moved by what it is told: a forecaster for tests.
class Oracle final : public Point {
 public:
  Oracle(const series::Series& series, double error) : series_(series), error_(error) {}
  void observe(double /*value*/) override { ++size_; }
  [[nodiscard]] bool ready() const override { return true; }
  void forecast(std::span<double> out) override {
    for (std::size_t ahead = 0; ahead < out.size(); ++ahead) {
      const std::size_t slot = size_ + ahead;
      out[ahead] = slot < series_.size() ? series_[slot] + error_ : 0.0;
    }
  }

 private:
  series::Series series_;
  double error_;
  std::size_t size_ = 0;
};

Method oracle(const series::Series& series, double error = 0.0) {
  return {"oracle", "", [=](const Frame&) { return std::make_unique<Oracle>(series, error); }};
}

TEST(Score, a_perfect_forecast_has_no_regret_no_harm_and_no_error) {
  const series::Series series = made_up(50);
  const auto result = score(series, oracle(series), {});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->jobs.size(), 3U);
  for (const JobScore& job : result->jobs) {
    EXPECT_EQ(job.starts, result->issues);
    EXPECT_GT(job.run_now, job.best);
    for (const Rule rule : {Rule::kMean, Rule::kMedian}) {
      EXPECT_EQ(job.rules[static_cast<std::size_t>(rule)].regret, 0.0);
      EXPECT_EQ(job.rules[static_cast<std::size_t>(rule)].harmed_share, 0.0);
    }
  }
  EXPECT_EQ(result->mae, 0.0);
  EXPECT_EQ(result->coverage90, 1.0);
}

TEST(Score, a_forecast_that_is_off_by_a_constant_loses_nothing_but_shows_its_bias) {
  const series::Series series = made_up(50);
  const auto result = score(series, oracle(series, 25.0), {});
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->bias, 25.0, 1e-9);
  EXPECT_NEAR(result->mae, 25.0, 1e-9);
  for (const JobScore& job : result->jobs) EXPECT_NEAR(job.rules[0].regret, 0.0, 1e-9);
  // Its quantiles learn what its mean does not.
  EXPECT_LT(result->mae_median, 25.0);
}

TEST(Score, agrees_with_a_plain_loop) {
  const series::Series series = made_up(60, hours(1), 9);
  ScoreOptions options;
  options.lengths = {hours(5)};
  options.slack = hours(20);
  options.every = hours(7);
  options.ahead = hours(12);
  options.from = series.begin() + hours(24 * 40);
  const auto result = score(series, *find_method("yesterday").value(), options);
  ASSERT_TRUE(result.ok());
  double regret = 0.0;
  double errors = 0.0;
  double harmed = 0.0;
  double count = 0.0;
  for (std::size_t slot = 24 * 40; slot + 25 <= series.size(); slot += 7) {
    const auto mean = [&](std::size_t start, bool foreseen) {
      double sum = 0.0;
      for (std::size_t i = start; i < start + 5; ++i) sum += series[foreseen ? slot + i % 24 - 24 : slot + i];
      return sum / 5.0;
    };
    std::size_t chosen = 0;
    double best = mean(0, false);
    for (std::size_t start = 0; start <= 20; ++start) {
      if (mean(start, true) < mean(chosen, true)) chosen = start;
      best = std::min(best, mean(start, false));
    }
    regret += mean(chosen, false) - best;
    harmed += mean(chosen, false) > 1.01 * mean(0, false) ? 1.0 : 0.0;
    for (std::size_t ahead = 0; ahead < 12; ++ahead)
      errors += std::fabs(series[slot + ahead - 24] - series[slot + ahead]);
    count += 1.0;
  }
  EXPECT_EQ(static_cast<double>(result->issues), count);
  EXPECT_NEAR(result->jobs[0].rules[0].regret, regret / count, 1e-9);
  EXPECT_NEAR(result->jobs[0].rules[0].harmed_share, harmed / count, 1e-12);
  EXPECT_NEAR(result->mae, errors / count / 12.0, 1e-9);
}

TEST(Score, intervals_cover_what_they_promise_for_every_method) {
  const series::Series series = made_up(160);
  for (const Method& method : methods()) {
    const auto result = score(series, method, {});
    ASSERT_TRUE(result.ok());
    EXPECT_NEAR(result->coverage90, 0.90, 0.03) << method.name;
    EXPECT_NEAR(result->coverage50, 0.50, 0.05) << method.name;
  }
}

TEST(Score, the_future_of_the_last_window_changes_nothing) {
  const series::Series series = made_up(60);
  ScoreOptions options;
  options.to = series.begin() + hours(24 * 50);
  std::vector<double> values(series.values().begin(), series.values().end());
  for (std::size_t slot = 24 * 50; slot < values.size(); ++slot) values[slot] = 9e5;
  for (const Method& method : methods()) {
    const auto real = score(series, method, options);
    const auto other = score(with_values(series, values), method, options);
    ASSERT_TRUE(real.ok() && other.ok());
    EXPECT_EQ(real->mae, other->mae);
    EXPECT_EQ(real->pinball, other->pinball);
    EXPECT_EQ(real->jobs[2].rules[0].regret, other->jobs[2].rules[0].regret);
  }
}

TEST(Score, windows_with_a_gap_are_left_out_of_jobs_and_gaps_out_of_errors) {
  const series::Series whole = made_up(50);
  std::vector<double> values(whole.values().begin(), whole.values().end());
  values[24 * 40] = series::kMissing;
  const auto series = with_values(whole, values);
  const auto result = score(series, oracle(whole), {});
  ASSERT_TRUE(result.ok());
  // A window of slack and job is left out where the gap lies in any of its slots.
  EXPECT_EQ(result->jobs[0].starts + 25, result->issues);
  EXPECT_EQ(result->jobs[1].starts + 30, result->issues);
  EXPECT_EQ(result->errors + 24, result->issues * 24);
  EXPECT_EQ(result->mae, 0.0);
}

TEST(Score, exact_zeros_are_left_out_of_percentages_and_counted) {
  const series::Series whole = made_up(50);
  std::vector<double> values(whole.values().begin(), whole.values().end());
  values[24 * 40 + 3] = 0.0;
  const auto result = score(with_values(whole, values), methods().front(), {});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->zeros, 1U);
  EXPECT_TRUE(std::isfinite(result->mape));
}

TEST(Score, what_cannot_be_scored_is_refused) {
  const series::Series series = made_up(20);
  EXPECT_EQ(score(series, methods().front(), {}).error().kind, base::ErrorKind::kNoData);
  ScoreOptions options;
  options.lengths = {std::chrono::minutes(90)};
  EXPECT_EQ(score(made_up(50), methods().front(), options).error().kind, base::ErrorKind::kUsage);
  options.lengths = {hours(0)};
  EXPECT_EQ(score(made_up(50), methods().front(), options).error().kind, base::ErrorKind::kUsage);
  options.lengths = {hours(24 * 13)};
  options.slack = hours(24 * 13);
  EXPECT_EQ(score(made_up(90), methods().front(), options).error().kind, base::ErrorKind::kUsage);
}

}  // namespace
}  // namespace ebb::forecast
