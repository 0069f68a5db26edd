#include "study/study.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "grid/catalogue.h"
#include "plan/solve.h"
#include "plan/sweep.h"
#include "study/details.h"
#include "study/parallel.h"
#include "study/starts.h"
#include "study/statistics.h"
#include "support/real_data.h"
#include "time/calendar.h"

namespace ebb::study {
namespace {

series::Series made_up(std::size_t slots, time::Duration step, unsigned seed, double missing = 0.0) {
  std::mt19937 random(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < slots; ++i) {
    const double value = std::max(
        0.0, 300.0 + 200.0 * std::sin(static_cast<double>(i) / 9.0) + static_cast<double>(random() % 100) - 120.0);
    values.push_back(static_cast<double>(random() % 1000) / 1000.0 < missing ? series::kMissing : value);
  }
  return {{"MADE-UP", series::kMarginalDirect, "made up", "", {}}, time::midnight(2020, 1, 1), step, std::move(values)};
}

Spec spec_of(series::Series series) {
  Spec spec;
  spec.places.push_back({"made-up", "", "", std::move(series)});
  spec.experiments.push_back(
      {"six-hours", workload::Profile::flat(std::chrono::hours(6), units::kilowatt_hours(3)), "", "", false});
  spec.experiments.push_back(
      {"short", workload::Profile::flat(std::chrono::seconds(1080), units::kilowatt_hours(0.1)), "", "", false});
  for (const auto* text : {"6h", "100%", "24h", "25%"}) spec.slacks.push_back(*parse_slack(text));
  spec.strategies = {plan::Strategy::kFlexibleStart, plan::Strategy::kPauseResume};
  return spec;
}

TEST(Study, equal_slack_in_hours_and_in_percent_gives_equal_rows) {
  const auto rows = evaluate(spec_of(made_up(2000, std::chrono::minutes(30), 1, 0.002)));
  ASSERT_TRUE(rows.ok());
  for (std::size_t strategy = 0; strategy < 2; ++strategy) {
    const Row& hours = (*rows)[strategy];
    const Row& percent = (*rows)[2 + strategy];
    EXPECT_EQ(hours.starts, percent.starts);
    EXPECT_GT(hours.skipped_starts, 0U);
    EXPECT_EQ(hours.emissions_g, percent.emissions_g);
    EXPECT_EQ(hours.delay_seconds_p95, percent.delay_seconds_p95);
  }
}

TEST(Study, rows_equal_the_mean_of_single_plans_start_by_start) {
  const auto spec = spec_of(made_up(400, std::chrono::minutes(15), 2, 0.004));
  const auto rows = evaluate(spec);
  ASSERT_TRUE(rows.ok());
  for (const Row& row : *rows) {
    const auto& profile = spec.experiments[row.experiment].profile;
    const auto slack = spec.slacks[row.slack].of(profile.duration());
    const auto& series = spec.places[0].series;
    double baseline = 0.0;
    double planned = 0.0;
    double percent = 0.0;
    std::vector<double> delays;
    for (std::size_t slot = 0; slot < series.size(); ++slot) {
      const plan::Job job{profile, series.time_of(slot), slack};
      if (job.window().end > series.end() || series::is_missing(series.mean_over(job.window()))) continue;
      const auto now = plan::solve(job, plan::Strategy::kRunNow, {}, series);
      const auto best = plan::solve(job, row.strategy, {}, series);
      baseline += (*now)->total;
      planned += (*best)->total;
      percent += 100.0 * ((*now)->total - (*best)->total) / (*now)->total;
      delays.push_back(time::in_seconds((*best)->schedule.end() - job.start - profile.duration()));
    }
    const auto count = static_cast<double>(delays.size());
    ASSERT_EQ(row.starts, delays.size());
    EXPECT_NEAR(*row.baseline_g, baseline / count, 1e-9 * baseline);
    EXPECT_NEAR(*row.emissions_g, planned / count, 1e-9 * planned);
    EXPECT_NEAR(*row.saved_percent_mean, percent / count, 1e-8);
    EXPECT_NEAR(*row.saved_percent_of_total, 100.0 * (baseline - planned) / baseline, 1e-8);
    if (row.strategy == plan::Strategy::kFlexibleStart) {
      EXPECT_NEAR(*row.delay_seconds_p95, quantile(delays, 0.95), 1e-6);
    }
  }
}

TEST(Study, rows_do_not_depend_on_the_number_of_threads) {
  auto spec = spec_of(made_up(3000, std::chrono::minutes(5), 3));
  std::vector<std::vector<Row>> all;
  for (const unsigned threads : {1U, 2U, 7U}) {
    spec.threads = threads;
    all.push_back(*evaluate(spec));
  }
  for (std::size_t i = 0; i < all[0].size(); ++i) {
    for (const auto& other : {all[1][i], all[2][i]}) {
      EXPECT_EQ(all[0][i].emissions_g, other.emissions_g);
      EXPECT_EQ(all[0][i].saved_percent_mean, other.saved_percent_mean);
      EXPECT_EQ(all[0][i].delay_seconds_mean, other.delay_seconds_mean);
      EXPECT_EQ(all[0][i].pauses_mean, other.pauses_mean);
    }
  }
}

TEST(Study, starts_without_baseline_are_counted_and_left_out_of_the_mean_percentage) {
  std::vector<double> values(200, 0.0);
  for (std::size_t i = 100; i < 200; ++i) values[i] = 100.0;
  Spec spec = spec_of(
      {{"ZEROS", series::kMarginalDirect, "", "", {}}, time::midnight(2020, 1, 1), std::chrono::hours(1), values});
  spec.experiments.pop_back();
  spec.slacks.resize(1);
  const auto rows = evaluate(spec);
  ASSERT_TRUE(rows.ok());
  const Row& row = rows->front();
  EXPECT_EQ(row.starts, 189U);
  EXPECT_EQ(row.zero_baseline_starts, 95U);
  EXPECT_TRUE(row.saved_percent_mean.has_value());
  std::fill(values.begin(), values.end(), 0.0);
  spec.places[0].series = {{"ZEROS", {}, "", "", {}}, time::midnight(2020, 1, 1), std::chrono::hours(1), values};
  const auto none = evaluate(spec);
  EXPECT_FALSE(none->front().saved_percent_mean.has_value());
  EXPECT_FALSE(none->front().saved_percent_of_total.has_value());
  EXPECT_EQ(none->front().baseline_g, 0.0);
}

TEST(Study, a_profile_of_equal_pieces_gives_the_rows_of_a_flat_job) {
  auto spec = spec_of(made_up(300, std::chrono::minutes(30), 4, 0.003));
  spec.slacks.resize(3);
  const auto flat = evaluate(spec);
  const auto hours = std::chrono::hours(6);
  spec.experiments[0].profile = workload::Profile({{hours / 2, units::watts(500)}, {hours, units::watts(500.0000001)}});
  ASSERT_FALSE(spec.experiments[0].profile.is_flat());
  const auto shaped = evaluate(spec);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ((*flat)[i].starts, (*shaped)[i].starts);
    EXPECT_NEAR(*(*flat)[i].emissions_g, *(*shaped)[i].emissions_g, 1e-6);
  }
}

TEST(Study, no_start_at_all_is_no_data_and_a_row_without_starts_is_null) {
  auto spec = spec_of(made_up(11, std::chrono::minutes(30), 5));
  const auto rows = evaluate(spec);
  ASSERT_TRUE(rows.ok()) << "the short job fits";
  EXPECT_EQ(rows->front().starts, 0U);
  EXPECT_FALSE(rows->front().baseline_g.has_value());
  spec.experiments.pop_back();
  const auto none = evaluate(spec);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().kind, base::ErrorKind::kNoData);
}

TEST(Starts, five_a_month_are_the_days_1_7_13_19_25_at_the_hour) {
  const auto series = made_up(366 * 24, std::chrono::hours(1), 6);
  const plan::SweepSeries prepared(series);
  const plan::SweepJob job(std::chrono::hours(6), std::chrono::hours(24), series.step());
  const auto chosen = choose_starts({Starts::Kind::kMonthly5, 0, 17}, series, prepared, job);
  ASSERT_EQ(chosen.slots.size(), 60U);
  EXPECT_EQ(series.time_of(chosen.slots[0]), time::midnight(2020, 1, 1) + std::chrono::hours(17));
  EXPECT_EQ(series.time_of(chosen.slots[59]), time::midnight(2020, 12, 25) + std::chrono::hours(17));
  const auto spaced = choose_starts({Starts::Kind::kCount, 10, 0}, series, prepared, job);
  EXPECT_EQ(spaced.slots.size(), 10U);
  EXPECT_EQ(spaced.slots[0], 0U);
}

TEST(Slack, is_a_length_or_a_share_and_nothing_else) {
  EXPECT_EQ(parse_slack("6h")->of(std::chrono::hours(1)), std::chrono::hours(6));
  EXPECT_EQ(parse_slack("PT6H")->text, "PT6H");
  EXPECT_EQ(parse_slack("50%")->of(std::chrono::hours(6)), std::chrono::hours(3));
  for (const auto* bad : {"-6h", "-5%", "6", "", "%", "nan%", "1e9%"}) EXPECT_FALSE(parse_slack(bad).ok()) << bad;
}

TEST(Quantile, interpolates_between_order_statistics) {
  std::vector<double> values{4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 1.0), 4.0);
  EXPECT_DOUBLE_EQ(quantile(values, 0.0), 1.0);
}

TEST(Parallel, runs_each_task_once_whatever_the_number_of_threads) {
  for (const unsigned threads : {0U, 1U, 3U, 50U}) {
    std::vector<int> done(1000, 0);
    for_each_task(done.size(), threads, [&](std::size_t i) { ++done[i]; });
    EXPECT_EQ(std::count(done.begin(), done.end(), 1), 1000);
  }
}

// The laws on every start of every real zone.
TEST(RealData, law_2_holds_at_every_start_of_every_zone) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  grid::Catalogue catalogue(folder);
  auto zones = *catalogue.zones();
  for (const auto& zone : zones) {
    const auto series = *catalogue.find(zone, std::nullopt);
    const plan::SweepSeries prepared(series);
    for (const auto duration : {std::chrono::minutes(18), std::chrono::minutes(360), std::chrono::minutes(5400)}) {
      plan::SweepResult flexible_before;
      plan::SweepResult pausing_before;
      for (const int hours : {0, 6, 24}) {
        const plan::SweepJob job(duration, std::chrono::hours(hours), series.step());
        plan::SweepResult now;
        plan::SweepResult flexible;
        plan::SweepResult pausing;
        sweep_run_now(prepared, job, now);
        sweep_flexible_start(prepared, job, flexible);
        sweep_pause_resume(prepared, job, pausing);
        std::size_t broken = 0;
        const auto above = [](double a, double b) { return a > b * (1 + 1e-12) + 1e-12; };
        for (std::size_t start = 0; start < now.starts(); ++start) {
          broken += above(flexible.intensity[start], now.intensity[start]) ? 1 : 0;
          broken += above(pausing.intensity[start], flexible.intensity[start]) ? 1 : 0;
          if (hours == 0) continue;  // more slack never costs more
          broken += above(flexible.intensity[start], flexible_before.intensity[start]) ? 1 : 0;
          broken += above(pausing.intensity[start], pausing_before.intensity[start]) ? 1 : 0;
        }
        EXPECT_EQ(broken, 0U) << zone;
        flexible_before = std::move(flexible);
        pausing_before = std::move(pausing);
      }
    }
  }
}

TEST(RealData, six_hours_with_a_day_of_slack_save_what_is_known_of_the_marginal_signal) {
  const auto folder = test::real_data_folder();
  if (folder.empty()) GTEST_SKIP() << test::kNoRealData;
  grid::Catalogue catalogue(folder);
  Spec spec = spec_of(*catalogue.marginal_2020());
  spec.experiments.pop_back();
  spec.slacks = {*parse_slack("24h")};
  const auto rows = evaluate(spec);
  ASSERT_TRUE(rows.ok());
  EXPECT_NEAR(*(*rows)[0].saved_percent_of_total, 38.4, 0.15);
  EXPECT_NEAR(*(*rows)[1].saved_percent_of_total, 46.0, 0.15);
}

TEST(Details, months_and_hours_cover_every_start_once) {
  auto spec = spec_of(made_up(366 * 24, std::chrono::hours(1), 7));
  spec.places[0].time_zone = "Europe/Paris";
  const auto calendar = by_calendar(spec, {0});
  std::size_t by_month = 0;
  for (const auto& stat : calendar.months) {
    by_month += stat.starts;
    EXPECT_LE(stat.p5_g, stat.mean_g);
    EXPECT_GE(stat.p95_g, stat.mean_g);
  }
  std::size_t by_hour = 0;
  for (const auto& stat : calendar.hours) by_hour += stat.starts;
  EXPECT_EQ(calendar.months.size(), 12U);
  EXPECT_EQ(calendar.hours.size(), 24U);
  EXPECT_EQ(by_month, 366U * 24U - 5U);
  EXPECT_EQ(by_hour, by_month);
}

TEST(Details, more_pauses_never_save_less) {
  const auto spec = spec_of(made_up(366 * 24, std::chrono::hours(1), 8));
  const auto stats = by_pauses(spec, {0}, {0}, *parse_slack("24h"));
  ASSERT_EQ(stats.size(), 8U);
  for (std::size_t i = 1; i < stats.size(); ++i) EXPECT_GE(stats[i].saved_g, stats[i - 1].saved_g - 1e-9);
  EXPECT_FALSE(stats.back().max_pauses.has_value());
}

}  // namespace
}  // namespace ebb::study
