#include "study/foresight.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "grid/catalogue.h"
#include "study/statistics.h"
#include "support/real_data.h"
#include "time/calendar.h"

namespace ebb::study {
namespace {

using plan::Strategy;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::optional<std::size_t> kOnce;

series::Series make_series(std::vector<double> values, time::Duration step = hours(1)) {
  return {{"TEST", series::kMarginalDirect, "", "", {}}, time::midnight(2020, 1, 1), step, std::move(values)};
}

/// What is issued is true where the series goes on, and missing behind its end.
formats::IssuedForecasts perfect_forecasts(const series::Series& series, std::size_t horizon) {
  formats::IssuedForecasts issued{series.begin(), series.step(), horizon, {}};
  for (std::size_t slot = 0; slot < series.size(); ++slot) {
    for (std::size_t ahead = 1; ahead <= horizon; ++ahead) {
      issued.values.push_back(slot + ahead < series.size() ? static_cast<float>(series[slot + ahead]) : NAN);
    }
  }
  return issued;
}

// --- by hand -------------------------------------------------------------------------------------------------------

TEST(Foresight, a_start_decided_once_goes_to_the_cheapest_hour_that_was_issued) {
  const auto series = make_series({5, 3, 4, 1, 9});
  const auto issued = perfect_forecasts(series, 3);
  const auto totals =
      evaluate_foresight(series, {series, issued}, {Strategy::kFlexibleStart, hours(1), hours(2), kOnce});
  EXPECT_EQ(totals.starts, 3U);
  EXPECT_EQ(totals.skipped, 0U);
  EXPECT_DOUBLE_EQ(totals.baseline, 4.0);
  EXPECT_DOUBLE_EQ(totals.promised, 5.0 / 3.0);
  EXPECT_DOUBLE_EQ(totals.promised_saving, 7.0 / 3.0);
  EXPECT_DOUBLE_EQ(totals.realised, 5.0 / 3.0);
  EXPECT_DOUBLE_EQ(totals.best, 5.0 / 3.0);
  EXPECT_DOUBLE_EQ(totals.harmed_percent, 0.0);
  EXPECT_DOUBLE_EQ(totals.loss_p95, -2.0 - 0.1 * 0.0);  // losses -3, -2, -2
  EXPECT_DOUBLE_EQ(totals.delay_seconds_mean, 4.0 / 3.0 * 3600.0);
  EXPECT_DOUBLE_EQ(totals.delay_seconds_p95, 1.9 * 3600.0);
  EXPECT_DOUBLE_EQ(totals.share_of_best(), 1.0);
}

TEST(Foresight, a_broken_promise_harms_and_re_planning_stops_waiting_for_it) {
  const auto series = make_series({5, 6, 8});
  // At 0: "1 at 2". At 1: "100 at 2".
  const formats::IssuedForecasts issued{series.begin(), series.step(), 2, {5, 1, 100, 100, 8, 8}};
  const IssuedForecaster forecaster(series, issued);
  const auto once = evaluate_foresight(series, forecaster, {Strategy::kFlexibleStart, hours(1), hours(2), kOnce});
  EXPECT_DOUBLE_EQ(once.promised, 1.0);
  EXPECT_DOUBLE_EQ(once.promised_saving, 4.0);
  EXPECT_DOUBLE_EQ(once.realised, 8.0);
  EXPECT_DOUBLE_EQ(once.harmed_percent, 100.0);
  EXPECT_DOUBLE_EQ(once.loss_p95, 3.0);
  const auto again = evaluate_foresight(series, forecaster, {Strategy::kFlexibleStart, hours(1), hours(2), 1});
  EXPECT_DOUBLE_EQ(again.promised, 1.0);
  EXPECT_DOUBLE_EQ(again.realised, 6.0);
  // Waiting may win 4 of a range of 4: a margin of 1 starts at once, one below does not.
  EXPECT_DOUBLE_EQ(
      evaluate_foresight(series, forecaster, {Strategy::kFlexibleStart, hours(1), hours(2), 1, 1.0}).realised, 5.0);
  EXPECT_DOUBLE_EQ(
      evaluate_foresight(series, forecaster, {Strategy::kFlexibleStart, hours(1), hours(2), 1, 0.99}).realised, 6.0);
}

TEST(Foresight, the_piece_of_a_slot_is_the_last_unit_of_a_paused_job) {
  const auto series = make_series({8, 2, 6, 4});
  const auto issued = perfect_forecasts(series, 3);
  for (const auto every : {kOnce, std::optional<std::size_t>(1), std::optional<std::size_t>(3)}) {
    const auto totals =
        evaluate_foresight(series, {series, issued}, {Strategy::kPauseResume, minutes(90), hours(2), every});
    EXPECT_EQ(totals.starts, 1U);
    EXPECT_DOUBLE_EQ(totals.baseline, (8 + 0.5 * 2) / 1.5);
    EXPECT_DOUBLE_EQ(totals.realised, (2 + 0.5 * 4) / 1.5);
    EXPECT_DOUBLE_EQ(totals.promised, totals.realised);
    EXPECT_NEAR(totals.best, totals.realised, 1e-11);
    EXPECT_DOUBLE_EQ(totals.pauses_mean, 1.0);
    EXPECT_DOUBLE_EQ(totals.delay_seconds_mean, 7200.0);
  }
}

TEST(Foresight, what_repeats_daily_and_is_issued_so_is_planned_perfectly) {
  std::vector<double> values;
  for (int slot = 0; slot < 12 * 24; ++slot) values.push_back(300 + 40 * ((slot % 24 * 7) % 24) / 5.0);
  const auto series = make_series(values);
  const auto issued = perfect_forecasts(series, 9);
  std::vector<ForesightJob> jobs;
  for (const auto duration : {minutes(60), minutes(180), minutes(200)}) {
    for (const auto every : {kOnce, std::optional<std::size_t>(1)}) {
      jobs.push_back({Strategy::kFlexibleStart, duration, hours(5), every});
    }
  }
  for (const auto duration : {hours(1), hours(3)}) {
    for (const auto every : {kOnce, std::optional<std::size_t>(1), std::optional<std::size_t>(3)}) {
      jobs.push_back({Strategy::kPauseResume, duration, hours(5), every});
    }
  }
  for (const auto& totals : evaluate_foresight(series, {series, issued}, jobs)) {
    EXPECT_GT(totals.starts, 275U);
    EXPECT_LT(totals.best, totals.baseline - 1.0);
    EXPECT_NEAR(totals.realised, totals.best, 1e-9);
    EXPECT_NEAR(totals.promised, totals.best, 1e-6);
    EXPECT_EQ(totals.harmed_percent, 0.0);
  }
}

TEST(IssuedForecaster, knows_the_climatology_of_the_days_before_when_nothing_was_issued) {
  std::vector<double> values;
  for (int slot = 0; slot < 72; ++slot) values.push_back(100 + slot % 24 + (slot >= 24 ? 10 : 0));
  const auto series = make_series(values);
  const IssuedForecaster forecaster(series, {});
  std::vector<double> out(27);
  forecaster.forecast(30, out);
  EXPECT_DOUBLE_EQ(out[0], 116.0);
  EXPECT_DOUBLE_EQ(out[1], 107.0);                       // seen on the first day
  EXPECT_DOUBLE_EQ(out[24], (0.93 * 106 + 116) / 1.93);  // on both days
  EXPECT_DOUBLE_EQ(out[26], 108.0);
  forecaster.forecast(3, out);
  EXPECT_DOUBLE_EQ(out[5], 103.0) << "no climatology yet: the present value";
  EXPECT_DOUBLE_EQ(out[24], 103.0);
  EXPECT_NE(forecaster.description().find("climatology"), std::string::npos);
}

// --- against the rules taken literally -----------------------------------------------------------------------------

struct Literal {
  double realised = 0.0;
  double promised = 0.0;
  double promised_now = 0.0;
  double delay_seconds = 0.0;
  double pauses = 0.0;
};

/// One start by the text of foresight.h, in lengths of time.
class LiteralJob {
 public:
  LiteralJob(const series::Series& series, const IssuedForecaster& forecaster, const ForesightJob& job)
      : series_(series), forecaster_(forecaster), job_(job), step_(series.step()) {
    latest_ = static_cast<std::size_t>(job.slack / step_);
    units_ = static_cast<std::size_t>((job.duration + step_ - time::Duration(1)) / step_);
    reach_ = units_ + latest_;
  }

  Literal at(std::size_t start) {
    const auto now = foreseen(start);
    Literal result;
    std::vector<std::size_t> now_units(units_);
    for (std::size_t i = 0; i < units_; ++i) now_units[i] = i;
    result.promised_now = mean(now_units, now);
    const bool flexible = job_.strategy == Strategy::kFlexibleStart;
    auto first_plan = flexible ? straight(planned_start(now, latest_, true)) : lowest(now);
    result.promised = mean(first_plan, now);
    if (job_.replan_slots) first_plan = flexible ? replanned_start(start) : replanned_slots(start);
    check(first_plan);
    std::vector<double> real;
    for (std::size_t i = 0; i < reach_; ++i) real.push_back(series_[start + i]);
    result.realised = mean(first_plan, real);
    for (std::size_t i = 1; i < units_; ++i) result.pauses += first_plan[i] != first_plan[i - 1] + 1 ? 1 : 0;
    const auto end = step_ * static_cast<std::int64_t>(first_plan.back()) + length_of(units_ - 1);
    result.delay_seconds = time::in_seconds(end - job_.duration);
    return result;
  }

 private:
  std::vector<double> foreseen(std::size_t slot) const {
    std::vector<double> out(reach_);
    forecaster_.forecast(slot, out);
    return out;
  }
  [[nodiscard]] time::Duration length_of(std::size_t unit) const {
    return std::min(step_, job_.duration - step_ * static_cast<std::int64_t>(unit));
  }
  [[nodiscard]] double mean(const std::vector<std::size_t>& slots, const std::vector<double>& values) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < units_; ++i) sum += values[slots[i]] * time::in_seconds(length_of(i));
    return sum / time::in_seconds(job_.duration);
  }
  [[nodiscard]] std::vector<std::size_t> straight(std::size_t from) const {
    std::vector<std::size_t> slots;
    for (std::size_t i = 0; i < units_; ++i) slots.push_back(from + i);
    return slots;
  }
  /// Law 3: exactly the work, inside the window.
  void check(const std::vector<std::size_t>& slots) const {
    ASSERT_EQ(slots.size(), units_);
    for (std::size_t i = 0; i < units_; ++i) {
      ASSERT_TRUE(i == 0 || slots[i - 1] < slots[i]);
      ASSERT_LE(step_ * static_cast<std::int64_t>(slots[i]) + length_of(i), job_.duration + job_.slack);
    }
  }
  [[nodiscard]] std::size_t planned_start(const std::vector<double>& values, std::size_t latest,
                                          bool submission) const {
    std::vector<double> totals;
    for (std::size_t k = 0; k <= latest; ++k) totals.push_back(mean(straight(k), values));
    const auto [low, high] = std::minmax_element(totals.begin(), totals.end());
    const double later = latest == 0 ? totals[0] : *std::min_element(totals.begin() + 1, totals.end());
    if (submission && totals[0] - later <= job_.margin * (*high - *low)) return 0;
    for (std::size_t k = 0;; ++k) {
      if (totals[k] <= *low * (1 + 1e-12)) return k;
    }
  }
  std::vector<std::size_t> replanned_start(std::size_t start) {
    const std::size_t every = *job_.replan_slots;
    for (std::size_t passed = 0;; passed += every) {
      const std::size_t left = latest_ - passed;
      const std::size_t planned = planned_start(foreseen(start + passed), left, passed == 0);
      if (planned == 0 || left < every) return straight(passed + planned);
    }
  }
  [[nodiscard]] std::vector<std::size_t> lowest(const std::vector<double>& values) const {
    auto order = straight(0);
    order.resize(reach_);
    for (std::size_t i = 0; i < reach_; ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
    order.resize(units_);
    std::sort(order.begin(), order.end());
    return order;
  }
  std::vector<std::size_t> replanned_slots(std::size_t start) {
    std::vector<std::size_t> slots;
    std::vector<double> values;
    std::size_t planned_at = 0;
    for (std::size_t at = 0; at < reach_ && slots.size() < units_; ++at) {
      if (at % *job_.replan_slots == 0) {
        values = foreseen(start + at);
        planned_at = at;
      }
      std::size_t lower = 0;
      for (std::size_t j = at + 1; j < reach_; ++j) lower += values[j - planned_at] < values[at - planned_at] ? 1 : 0;
      const std::size_t left = units_ - slots.size();
      if (reach_ - at <= left || lower < left) slots.push_back(at);
    }
    return slots;
  }

  const series::Series& series_;
  const IssuedForecaster& forecaster_;
  ForesightJob job_;
  time::Duration step_;
  std::size_t latest_;
  std::size_t units_;
  std::size_t reach_;
};

/// A few days of any step with a daily course, noise, zeros, ties and missing parts, and bad forecasts of it.
struct World {
  explicit World(unsigned seed) : random(seed), series(make(seed)) {
    issued = perfect_forecasts(series, 1 + random() % 8);
    for (auto& value : issued.values) {
      value =
          random() % 50 == 0 ? NAN : value * static_cast<float>(0.8 + 0.4 * static_cast<double>(random() % 100) / 100);
    }
    if (seed % 5 == 0) issued = {};
    if (seed % 5 == 1) {  // another begin and end
      issued.values.resize(issued.horizon * (series.size() - 7));
      issued.begin += series.step() * 3;
    }
  }
  series::Series make(unsigned seed) {
    const time::Duration step = minutes(seed % 3 == 0 ? 30 : 60);
    std::vector<double> values;
    for (std::size_t slot = 0; slot < static_cast<std::size_t>(hours(24) * 6 / step); ++slot) {
      const double course = 200 + 150 * std::sin(6.283 * static_cast<double>(slot) * time::in_seconds(step) / 86400.0);
      const double value = std::floor((course + static_cast<double>(random() % 200) - 100) / 20) * 20;
      values.push_back(seed % 2 == 0 && random() % 60 == 0 ? series::kMissing : std::max(0.0, value));
    }
    return make_series(values, step);
  }
  ForesightJob job() {
    const auto step = series.step();
    ForesightJob result{random() % 2 == 0 ? Strategy::kFlexibleStart : Strategy::kPauseResume,
                        step * static_cast<std::int64_t>(1 + random() % 60) / 10,
                        step * static_cast<std::int64_t>(random() % 150) / 10, kOnce, random() % 2 == 0 ? 0.0 : 0.3};
    if (random() % 4 != 0) result.replan_slots = 1 + random() % 4;
    return result;
  }
  std::mt19937 random;
  series::Series series;
  formats::IssuedForecasts issued;
};

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

void expect_literal(const World& world, const IssuedForecaster& forecaster, const ForesightJob& job,
                    const ForesightTotals& totals) {
  LiteralJob literal(world.series, forecaster, job);
  std::vector<double> realised, promised, saving, delay, pauses, baseline, loss;
  std::size_t skipped = 0;
  std::size_t harmed = 0;
  const time::Duration length = job.duration + job.slack;
  for (std::size_t start = 0; world.series.time_of(start) + length <= world.series.end(); ++start) {
    const time::Instant begin = world.series.time_of(start);
    if (series::is_missing(world.series.mean_over({begin, begin + length}))) {
      ++skipped;
      continue;
    }
    const auto one = literal.at(start);
    realised.push_back(one.realised);
    promised.push_back(one.promised);
    saving.push_back(one.promised_now - one.promised);
    delay.push_back(one.delay_seconds);
    pauses.push_back(one.pauses);
    baseline.push_back(world.series.mean_over({begin, begin + job.duration}));
    loss.push_back(realised.back() - baseline.back());
    harmed += one.realised > 1.01 * baseline.back() + 1e-9 ? 1U : 0U;
  }
  ASSERT_EQ(totals.starts, realised.size());
  EXPECT_EQ(totals.skipped, skipped);
  if (totals.starts == 0) return;
  EXPECT_NEAR(totals.baseline, mean_of(baseline), 1e-9);
  EXPECT_NEAR(totals.promised, mean_of(promised), 1e-9);
  EXPECT_NEAR(totals.promised_saving, mean_of(saving), 1e-9);
  EXPECT_NEAR(totals.realised, mean_of(realised), 1e-9);
  EXPECT_NEAR(totals.delay_seconds_mean, mean_of(delay), 1e-6);
  EXPECT_NEAR(totals.pauses_mean, mean_of(pauses), 1e-12);
  EXPECT_NEAR(totals.loss_p95, quantile(loss, 0.95), 1e-9);
  EXPECT_NEAR(totals.delay_seconds_p95, quantile(delay, 0.95), 1e-6);
  EXPECT_NEAR(totals.harmed_percent, 100.0 * static_cast<double>(harmed) / static_cast<double>(totals.starts), 1e-9);
  EXPECT_GE(totals.realised, totals.best - 1e-9);
}

TEST(Foresight, equals_the_rules_taken_literally_whatever_is_missing_and_never_beats_the_best) {
  std::size_t starts = 0;
  for (unsigned seed = 1; seed <= 30; ++seed) {
    World world(seed);
    const IssuedForecaster forecaster(world.series, world.issued);
    std::vector<ForesightJob> jobs;
    for (int i = 0; i < 6; ++i) jobs.push_back(world.job());
    const auto totals = evaluate_foresight(world.series, forecaster, jobs);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      expect_literal(world, forecaster, jobs[i], totals[i]);
      starts += totals[i].starts;
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << " job " << i;
    }
  }
  EXPECT_GT(starts, 10000U);
}

TEST(Foresight, run_now_meets_its_baseline_and_a_series_without_a_start_gives_nothing) {
  World world(4);
  const IssuedForecaster forecaster(world.series, world.issued);
  const auto now = evaluate_foresight(world.series, forecaster, {Strategy::kRunNow, minutes(150), hours(5), 1});
  EXPECT_DOUBLE_EQ(now.realised, now.baseline);
  EXPECT_NEAR(now.best, now.baseline, 1e-9);
  EXPECT_EQ(now.promised_saving, 0.0);
  const auto long_job =
      evaluate_foresight(world.series, forecaster, {Strategy::kPauseResume, hours(24 * 9), hours(5), 1});
  EXPECT_EQ(long_job.starts + long_job.skipped, 0U);
  EXPECT_TRUE(series::is_missing(long_job.realised));
  const auto nothing = make_series(std::vector<double>(100, series::kMissing));
  const auto none = evaluate_foresight(nothing, {nothing, {}}, {Strategy::kFlexibleStart, hours(2), hours(5), 1});
  EXPECT_EQ(none.starts, 0U);
  EXPECT_EQ(none.skipped, 94U);
}

/// Everything behind slot `now`, and issued behind it, made something else.
World scrambled(const World& world, std::size_t now) {
  World other = world;
  std::vector<double> values(world.series.values().begin(), world.series.values().end());
  for (std::size_t slot = now + 1; slot < values.size(); ++slot)
    values[slot] = static_cast<double>(other.random() % 900);
  other.series = make_series(values, world.series.step());
  const auto first = (world.series.time_of(now + 1) - world.issued.begin) / world.series.step();
  for (std::size_t i = static_cast<std::size_t>(std::max<std::int64_t>(0, first)) * other.issued.horizon;
       i < other.issued.values.size(); ++i) {
    other.issued.values[i] = static_cast<float>(other.random() % 900);
  }
  return other;
}

/// Every so many slots until `now` the same to the bit; behind it, not.
void expect_causal(const World& world, std::size_t now, std::size_t every, std::size_t horizon) {
  const World other = scrambled(world, now);
  const IssuedForecaster one(world.series, world.issued);
  const IssuedForecaster two(other.series, other.issued);
  std::vector<double> a(horizon);
  std::vector<double> b(horizon);
  const auto same = [&](std::size_t slot) {
    one.forecast(slot, a);
    two.forecast(slot, b);
    return std::equal(a.begin(), a.end(), b.begin(),
                      [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
  };
  for (std::size_t slot = now % every; slot <= now; slot += every) ASSERT_TRUE(same(slot)) << slot << " of " << now;
  EXPECT_FALSE(same(now + 1));
}

TEST(IssuedForecaster, rests_on_nothing_that_comes_later) {
  for (unsigned seed = 1; seed < 12; ++seed) {
    const World world(seed);
    for (const std::size_t now : {0U, 23U, 24U, 61U, 96U, 120U}) expect_causal(world, now, 1, 60);
  }
}

TEST(IssuedForecaster, a_cursor_gives_the_same_forecasts) {
  const World world(2);
  const IssuedForecaster forecaster(world.series, world.issued);
  IssuedForecaster::Cursor cursor(forecaster, 50);
  std::vector<double> out(50);
  for (const std::size_t slot : {0U, 50U, 51U, 140U, 100U}) {
    forecaster.forecast(slot, out);
    const auto other = cursor.at(slot);
    for (std::size_t i = 0; i < 50; ++i)
      EXPECT_TRUE(out[i] == other[i] || (std::isnan(out[i]) && std::isnan(other[i])));
  }
}

// --- the real year -------------------------------------------------------------------------------------------------

/// California 2020; the first `days` of it.
std::optional<World> real_world(std::int64_t days) {
  World world(1);
  const auto folder = test::real_data_folder();
  if (folder.empty()) return std::nullopt;
  const auto series = grid::Catalogue(folder).marginal_2020_with_forecasts(&world.issued);
  if (!series.ok()) return std::nullopt;
  world.series = series->slice(series->begin(), series->begin() + hours(24 * days));
  return world;
}

/// By an independent program (numpy, in double), started on the same rows.
struct Figures {
  std::optional<std::size_t> every;
  double margin;
  Strategy strategy;
  double promised, promised_saving, realised, harmed_percent, loss_p95, delay_mean, delay_p95;
};

void expect_figures(const World& world, const std::vector<Figures>& rows, double baseline, double best_start,
                    double best_slots) {
  std::vector<ForesightJob> jobs;
  for (const auto& row : rows) jobs.push_back({row.strategy, hours(6), hours(24), row.every, row.margin});
  const auto totals = evaluate_foresight(world.series, {world.series, world.issued}, jobs);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(i);
    const auto near = [](double ours, double theirs) { EXPECT_NEAR(ours, theirs, 1e-7 * std::fabs(theirs) + 1e-8); };
    near(totals[i].baseline, baseline);
    near(totals[i].best, rows[i].strategy == Strategy::kPauseResume ? best_slots : best_start);
    near(totals[i].promised, rows[i].promised);
    near(totals[i].promised_saving, rows[i].promised_saving);
    near(totals[i].realised, rows[i].realised);
    near(totals[i].harmed_percent, rows[i].harmed_percent);
    near(totals[i].loss_p95, rows[i].loss_p95);
    near(totals[i].delay_seconds_mean, rows[i].delay_mean);
    near(totals[i].delay_seconds_p95, rows[i].delay_p95);
  }
}

constexpr auto kFlexible = Strategy::kFlexibleStart;
constexpr auto kPause = Strategy::kPauseResume;

TEST(ForesightOnRealData, two_months_agree_with_an_independent_program) {
  const auto world = real_world(60);
  if (!world) GTEST_SKIP() << test::kNoRealData;
  expect_figures(
      *world,
      {{1, 0.0, kFlexible, 144.909133854, 88.132774181, 145.168416446, 8.835175226, 18.972629199, 40301.749305597,
        82200},
       {3, 0.15, kFlexible, 146.102009363, 86.939898672, 147.309675222, 6.335322971, 10.528145494, 36901.489273684,
        78300},
       {3, 0.0, kPause, 134.607400857, 98.434507178, 125.552955985, 2.913539389, -7.020244963, 65153.560664263, 86400}},
      233.080868249, 128.304129143, 107.208836838);
  expect_causal(*world, 11003, 1009, 360);
}

TEST(ForesightOnRealData, the_year_agrees_with_an_independent_program) {
#ifndef NDEBUG
  GTEST_SKIP() << "a whole year takes too long in a build without optimisation";
#endif
  const auto world = real_world(366);
  if (!world) GTEST_SKIP() << test::kNoRealData;
  expect_figures(
      *world,
      {{kOnce, 0.0, kFlexible, 172.177842782, 72.827299625, 175.352735281, 13.340441127, 46.340007352, 43247.366467077,
        85200},
       {1, 0.0, kFlexible, 172.177842782, 72.827299625, 170.173359447, 10.784491047, 30.049743851, 40854.000514046,
        83700},
       {3, 0.0, kFlexible, 172.177842782, 72.827299625, 170.169447483, 11.480356786, 32.843784858, 42086.962274748,
        85500},
       {1, 0.15, kFlexible, 173.462018656, 71.543123751, 172.101709027, 7.730678065, 17.453402063, 36841.390208379,
        79800},
       {3, 0.15, kFlexible, 173.462018656, 71.543123751, 172.118048285, 8.048624927, 19.269776802, 37600.224657065,
        81000},
       {kOnce, 0.0, kPause, 162.115485289, 82.889657118, 167.784927590, 11.136707632, 27.500305777, 70553.515026321,
        86400},
       {1, 0.0, kPause, 162.115485289, 82.889657118, 148.799719897, 2.858665956, -3.651322798, 64336.382069320, 86400},
       {3, 0.0, kPause, 162.115485289, 82.889657118, 151.415145048, 3.511694543, -1.132561093, 65476.581404868, 86400}},
      245.091712995, 150.743475212, 132.121537387);
  struct Value {
    std::size_t slot, ahead;
    double value;
  };
  const IssuedForecaster forecaster(world->series, world->issued);
  std::vector<double> out(360);
  for (const auto& known :
       {Value{10, 20, 318.982391357}, Value{10, 200, 317.176055908}, Value{300, 36, 208.492223023},
        Value{300, 100, 237.633254693}, Value{49712, 1, 0.0}, Value{49712, 36, 73.056548417},
        Value{49712, 37, 76.473773002}, Value{49712, 200, 231.064778265}, Value{49712, 300, 92.240027751},
        Value{89713, 5, 227.535080304}, Value{105000, 359, 221.788127652}}) {
    forecaster.forecast(known.slot, out);
    EXPECT_NEAR(out[known.ahead], known.value, 1e-7) << known.slot << " + " << known.ahead;
  }
}

}  // namespace
}  // namespace ebb::study
