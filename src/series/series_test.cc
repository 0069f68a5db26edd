#include "series/series.h"

#include <gtest/gtest.h>

#include <random>

#include "series/combine.h"
#include "series/resample.h"
#include "time/calendar.h"

namespace ebb::series {
namespace {

Series random_series(unsigned seed, time::Instant begin, time::Duration step, std::size_t slots, double missing) {
  std::mt19937 random(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < slots; ++i) {
    const double value = static_cast<double>(random() % 70000) / 100.0;
    values.push_back(static_cast<double>(random() % 1000) < 1000.0 * missing ? kMissing : value);
  }
  return {{"R", kMarginalDirect, "", "", {}}, begin, step, std::move(values)};
}

TEST(Series, a_mean_that_touches_a_missing_slot_is_missing) {
  const Series series({"X", {}, "", "", {}}, time::midnight(2020, 1, 1), std::chrono::minutes(5),
                      {100, 200, kMissing, 400});
  const auto at = [&](int minutes) { return series.begin() + std::chrono::minutes(minutes); };
  EXPECT_DOUBLE_EQ(series.mean_over({at(0), at(10)}), 150.0);
  EXPECT_DOUBLE_EQ(series.mean_over({at(4), at(9)}), 180.0);
  EXPECT_TRUE(is_missing(series.mean_over({at(9), at(11)})));
  EXPECT_DOUBLE_EQ(series.mean_over({at(15), at(20)}), 400.0);
  EXPECT_DOUBLE_EQ(series.mean(), 700.0 / 3);
}

TEST(Series, a_slice_has_whole_slots_only) {
  const auto series = random_series(1, time::midnight(2020, 1, 1), std::chrono::hours(1), 48, 0.0);
  const auto day = series.slice(series.begin() + std::chrono::minutes(30), series.begin() + std::chrono::minutes(330));
  EXPECT_EQ(day.begin(), series.begin() + std::chrono::hours(1));
  EXPECT_EQ(day.size(), 4U);
  EXPECT_EQ(series.slice(series.end(), series.end() + std::chrono::hours(5)).size(), 0U);
  EXPECT_EQ(series.slice(series.begin() - std::chrono::hours(9), series.end()).size(), 48U);
}

TEST(Resample, conserves_the_emissions_of_a_constant_load_over_whole_slots) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const int minutes[] = {5, 15, 30, 60};
    const auto from = std::chrono::minutes(minutes[seed % 4]);
    const auto to = std::chrono::minutes(minutes[(seed / 4) % 4]);
    const auto begin = time::midnight(2020, 3, 1) + from * static_cast<int>(seed % 7);
    const auto series = random_series(seed, begin, from, 240, seed % 2 == 0 ? 0.0 : 0.03);
    const auto other = resample(series, to);
    ASSERT_TRUE(other.ok());
    for (std::size_t slot = 0; slot < other->size(); ++slot) {
      const double expected = series.mean_over({other->time_of(slot), other->time_of(slot + 1)});
      if (is_missing(expected)) {
        EXPECT_TRUE(is_missing((*other)[slot]));
      } else {
        EXPECT_NEAR((*other)[slot], expected, 1e-12 * expected + 1e-12);
      }
    }
    EXPECT_EQ(other->signal(), series.signal());
    if (to > from) {
      EXPECT_EQ(other->begin().time_since_epoch() % to, time::Duration(0)) << "slots on the clock";
    }
  }
}

TEST(Resample, steps_that_do_not_divide_are_refused) {
  const auto series = random_series(1, time::midnight(2020, 1, 1), std::chrono::minutes(15), 10, 0.0);
  EXPECT_FALSE(resample(series, std::chrono::minutes(10)).ok());
  EXPECT_FALSE(resample(series, time::Duration(0)).ok());
}

TEST(Combine, weighs_two_series_on_the_steps_of_both) {
  const auto five = random_series(2, time::midnight(2020, 1, 1), std::chrono::minutes(5), 600, 0.01);
  const auto hour =
      random_series(3, time::midnight(2020, 1, 1) - std::chrono::minutes(20), std::chrono::hours(1), 30, 0.05);
  const auto both = combine(five, 2.0, hour, 0.5);
  EXPECT_EQ(both.step(), std::chrono::minutes(5));
  EXPECT_EQ(both.begin(), five.begin());
  for (std::size_t i = 0; i < both.size(); ++i) {
    const double expected = 2.0 * five[*five.slot_at(both.time_of(i))] + 0.5 * hour[*hour.slot_at(both.time_of(i))];
    EXPECT_TRUE(both[i] == expected || (is_missing(both[i]) && is_missing(expected)));
  }
}

TEST(Signal, names_what_it_is_and_refuses_what_it_cannot_be) {
  EXPECT_EQ(text_of(*parse_signal("lifecycle, average")), "average lifecycle");
  EXPECT_EQ(*parse_signal("marginal"), (Signal{SignalKind::kMarginal, {}}));
  for (const auto* bad : {"", " ", "green", "marginal average", "direct direct"})
    EXPECT_FALSE(parse_signal(bad)) << bad;
  EXPECT_EQ(saving_word(kMarginalDirect), "saved");
  EXPECT_EQ(saving_word(kAverageLifecycle), "less allocated");
}

}  // namespace
}  // namespace ebb::series
