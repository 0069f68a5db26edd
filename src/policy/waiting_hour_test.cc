#include "policy/waiting_hour.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace ebb::policy {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

series::Series make_series(std::vector<double> values) {
  return {{"TEST", series::kMarginalDirect, "", "", {}}, time::Instant{}, hours(1), std::move(values)};
}

TEST(WaitingHour, a_small_saving_soon_beats_a_larger_one_late) {
  const auto foreseen = make_series({400, 300, 390, 390, 390, 390, 390, 390, 200, 390});
  const auto wait = best_wait(foreseen, time::Instant{}, hours(1), hours(9));
  ASSERT_TRUE(wait.ok());
  EXPECT_EQ(wait->start, time::Instant{} + hours(1));
  EXPECT_DOUBLE_EQ(wait->saved_g_per_kwh, 100.0);
  EXPECT_DOUBLE_EQ(wait->per_hour, 50.0);
  // A long job spreads the wait over more hours, so that more of it is worth while.
  const auto much = make_series({400, 390, 380, 370, 100, 100, 100, 100, 100, 100});
  EXPECT_EQ(best_wait(much, time::Instant{}, hours(4), hours(9))->start, time::Instant{} + hours(4));
}

TEST(WaitingHour, where_no_wait_saves_the_job_starts_at_once) {
  const auto rising = make_series({100, 200, 300, 400});
  const auto wait = best_wait(rising, time::Instant{} + minutes(20), hours(1), hours(9));
  ASSERT_TRUE(wait.ok());
  EXPECT_EQ(wait->start, time::Instant{} + minutes(20));
  EXPECT_EQ(wait->saved_g_per_kwh, 0.0);
  EXPECT_EQ(wait->per_hour, 0.0);
}

TEST(WaitingHour, equals_trying_every_start) {
  std::mt19937_64 random(3);
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  for (int round = 0; round < 3000; ++round) {
    std::vector<double> values;
    for (int i = 0; i < 24; ++i) values.push_back(below(15) == 0 ? series::kMissing : 10.0 * below(60));
    const auto foreseen = make_series(values);
    const auto now = time::Instant{} + minutes(below(240));
    const auto length = minutes(1 + below(400));
    const auto longest = minutes(below(1200));
    const auto wait = best_wait(foreseen, now, length, longest);
    const auto mean = [&](time::Instant from) {
      if (from + length > foreseen.end()) return series::kMissing;
      return foreseen.mean_over({from, from + length});
    };
    const double at_once = mean(now);
    ASSERT_EQ(wait.ok(), !series::is_missing(at_once));
    if (!wait.ok()) continue;
    double best = 0.0;
    for (std::size_t slot = 0; slot < foreseen.size(); ++slot) {
      const auto start = foreseen.time_of(slot);
      if (start <= now || start - now > longest || series::is_missing(mean(start))) continue;
      best = std::max(best, (at_once - mean(start)) / (time::in_seconds(start - now + length) / 3600.0));
    }
    EXPECT_NEAR(wait->per_hour, best, 1e-9 * std::max(1.0, best));
    EXPECT_NEAR(at_once - mean(wait->start), wait->saved_g_per_kwh, 1e-8);
    EXPECT_LE(wait->start - now, longest);
  }
}

TEST(WaitingHour, refuses_lengths_that_are_none_and_says_where_nothing_is_foreseen) {
  const auto foreseen = make_series({1, 2, 3});
  EXPECT_EQ(best_wait(foreseen, time::Instant{}, hours(0), hours(1)).error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(best_wait(foreseen, time::Instant{}, hours(1), -hours(1)).error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(best_wait(foreseen, time::Instant{}, hours(4), hours(1)).error().kind, base::ErrorKind::kNoData);
  EXPECT_EQ(best_wait(foreseen, time::Instant{} - hours(1), hours(1), hours(1)).error().kind, base::ErrorKind::kNoData);
  EXPECT_EQ(best_wait(make_series({}), time::Instant{}, hours(1), hours(1)).error().kind, base::ErrorKind::kNoData);
}

TEST(WaitingHour, a_class_has_the_average_length_of_those_that_ended) {
  ClassLengths lengths;
  EXPECT_FALSE(lengths.average());
  lengths.add("train", hours(2));
  lengths.add("train", hours(4));
  lengths.add("test", hours(0));
  lengths.add("test", -hours(1));
  EXPECT_EQ(lengths.average("train"), hours(3));
  EXPECT_EQ(lengths.average("test"), hours(0));
  EXPECT_EQ(lengths.average(), hours(2));
  EXPECT_FALSE(lengths.average("other"));
}

}  // namespace
}  // namespace ebb::policy
