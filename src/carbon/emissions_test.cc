#include "carbon/emissions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>

#include "series/resample.h"
#include "time/calendar.h"

namespace ebb::carbon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const time::Instant kStart = time::midnight(2020, 5, 1);

series::Series series_of(std::vector<double> values, time::Duration step = hours(1)) {
  return {{"X", series::kMarginalDirect, "test", "2020", {}}, kStart, step, std::move(values)};
}

double grams(const EnergyBySlot& energy, const series::Series& series) {
  const auto emissions = emissions_of(energy, series);
  EXPECT_TRUE(emissions.ok()) << emissions.error().message;
  return emissions.ok() ? units::in_grams(*emissions) : std::nan("");
}

/// A job and a grid at random: a profile of up to eight pieces, begin at any nanosecond, 60 slots.
struct World {
  explicit World(unsigned seed) : random(seed) {}
  double uniform(double low, double high) { return std::uniform_real_distribution(low, high)(random); }
  std::int64_t whole(std::int64_t low, std::int64_t high) { return std::uniform_int_distribution(low, high)(random); }
  workload::Profile profile() {
    std::vector<workload::Profile::Piece> pieces;
    time::Duration end{0};
    for (auto left = whole(1, 8); left > 0; --left) {
      end += time::Duration(whole(1, 3'000'000'000'000));
      pieces.push_back({end, units::watts(uniform(0, 4000))});
    }
    return workload::Profile(std::move(pieces));
  }
  series::Series series() {
    std::vector<double> values(60);
    for (auto& value : values) value = uniform(1, 900);
    return series_of(std::move(values), minutes(15 * whole(2, 4)));
  }
  time::Instant begin(const series::Series& on, time::Duration length) {
    return on.begin() + time::Duration(whole(0, (on.end() - on.begin() - length).count()));
  }
  std::mt19937_64 random;
};

void expect_same(double a, double b, unsigned seed) {
  EXPECT_LE(std::fabs(a - b), 1e-12 * std::fabs(b)) << a << " against " << b << ", seed " << seed;
}

TEST(Emissions, law_1_known_by_hand) {
  // 1 kW from 00:30 to 02:15 over 100, 200, 400 g/kWh: 0.5 x 100 + 1 x 200 + 0.25 x 400.
  const auto grid = series_of({100, 200, 400});
  const auto profile = workload::Profile::flat(minutes(105), units::watts(1000));
  const auto energy = energy_by_slot(profile, kStart + minutes(30), grid);
  ASSERT_EQ(energy.size(), 3U);
  EXPECT_EQ(energy[1].interval, (time::Interval{kStart + hours(1), kStart + hours(2)}));
  EXPECT_NEAR(units::in_kwh(energy[2].energy), 0.25, 1e-12);
  EXPECT_NEAR(grams(energy, grid), 350.0, 1e-9);
  const auto priced = price(energy, grid);
  EXPECT_NEAR(units::in_grams_per_kwh(*priced.mean_intensity()), 200.0, 1e-9);
  EXPECT_EQ(priced.coverage(), 1.0);
}

TEST(Emissions, law_1_every_joule_of_the_profile_is_in_some_slot) {
  for (unsigned seed = 1; seed < 500; ++seed) {
    World world(seed);
    const auto profile = world.profile();
    const auto grid = world.series();
    const auto energy = energy_by_slot(profile, world.begin(grid, profile.duration()), grid);
    units::Energy sum;
    for (const auto& slot : energy) {
      sum += slot.energy;
      EXPECT_EQ(grid.slot_at(slot.interval.begin), grid.slot_at(slot.interval.end - time::Duration(1)));
    }
    expect_same(units::in_joules(sum), units::in_joules(profile.energy()), seed);
  }
}

TEST(Emissions, law_1_splitting_a_run_changes_nothing) {
  for (unsigned seed = 1; seed < 500; ++seed) {
    World world(seed);
    const auto profile = world.profile();
    const auto grid = world.series();
    const auto begin = world.begin(grid, profile.duration());
    const auto whole = energy_by_slot(profile, begin, grid);
    std::vector<RunSegment> pieces;
    time::Duration done{0};
    while (done < profile.duration()) {
      const auto work = std::min(profile.duration() - done, time::Duration(world.whole(1, 2'000'000'000'000)));
      pieces.push_back({begin + done, done, work});
      done += work;
    }
    const auto split = energy_by_slot(profile, pieces, grid.begin(), grid.step());
    expect_same(grams(split, grid), grams(whole, grid), seed);
  }
}

TEST(Emissions, law_1_finer_slots_of_grid_or_energy_change_nothing) {
  for (unsigned seed = 1; seed < 500; ++seed) {
    World world(seed);
    const auto profile = world.profile();
    const auto grid = world.series();
    const auto begin = world.begin(grid, profile.duration());
    const double expected = grams(energy_by_slot(profile, begin, grid), grid);
    const auto fine_grid = series::resample(grid, grid.step() / 15);
    ASSERT_TRUE(fine_grid.ok());
    expect_same(grams(energy_by_slot(profile, begin, *fine_grid), *fine_grid), expected, seed);
    expect_same(grams(energy_by_slot(profile, begin, *fine_grid), grid), expected, seed);
    expect_same(grams(energy_by_slot(profile, begin, grid), *fine_grid), expected, seed);
  }
}

TEST(Emissions, a_paused_job_is_priced_where_it_runs_only) {
  const auto grid = series_of({100, 900, 200});
  const auto profile = workload::Profile::flat(hours(2), units::watts(1000));
  const auto energy = energy_by_slot(profile, {{kStart, hours(0), hours(1)}, {kStart + hours(2), hours(1), hours(1)}},
                                     grid.begin(), grid.step());
  EXPECT_NEAR(grams(energy, grid), 300.0, 1e-9);
}

TEST(Emissions, two_segments_in_one_slot_are_both_counted) {
  const auto grid = series_of({100});
  const auto profile = workload::Profile({{minutes(10), units::watts(1000)}, {minutes(20), units::watts(3000)}});
  const auto energy = energy_by_slot(
      profile, {{kStart, minutes(0), minutes(10)}, {kStart + minutes(50), minutes(10), minutes(10)}}, kStart, hours(1));
  ASSERT_EQ(energy.size(), 2U);
  EXPECT_NEAR(grams(energy, grid), 100.0 * (1.0 + 3.0) / 6.0, 1e-9);
}

TEST(Emissions, slots_before_the_origin_are_cut_at_the_same_edges) {
  const auto profile = workload::Profile::flat(hours(2), units::watts(1));
  const auto energy = energy_by_slot(profile, {{kStart - minutes(90), hours(0), hours(2)}}, kStart, hours(1));
  ASSERT_EQ(energy.size(), 3U);
  EXPECT_EQ(energy[0].interval.end, kStart - hours(1));
  EXPECT_EQ(energy[1].interval.end, kStart);
}

TEST(Emissions, law_4_a_missing_slot_stays_missing_and_is_named) {
  const auto grid = series_of({100, series::kMissing, 300, 400});
  const auto profile = workload::Profile::flat(hours(4), units::watts(1000));
  const auto energy = energy_by_slot(profile, kStart, grid);
  const auto emissions = emissions_of(energy, grid);
  ASSERT_FALSE(emissions.ok());
  EXPECT_EQ(emissions.error().kind, base::ErrorKind::kNoData);
  EXPECT_EQ(emissions.error().message, "X has no intensity at 2020-05-01T01:00:00Z; 75.0% of the energy can be priced");
  const auto priced = price(energy, grid);
  EXPECT_FALSE(priced.complete());
  EXPECT_NEAR(priced.coverage(), 0.75, 1e-12);
  EXPECT_NEAR(units::in_grams(priced.emissions), 800.0, 1e-9);
  EXPECT_NEAR(units::in_grams_per_kwh(*priced.mean_intensity()), 800.0 / 3.0, 1e-9);
}

TEST(Emissions, law_4_a_missing_slot_under_an_idle_job_is_missing_too) {
  const auto grid = series_of({100, series::kMissing});
  const workload::Profile profile({{hours(1), units::watts(1000)}, {hours(2), units::watts(0)}});
  const auto energy = energy_by_slot(profile, kStart, grid);
  EXPECT_FALSE(emissions_of(energy, grid).ok());
  EXPECT_EQ(price(energy, grid).coverage(), 1.0);
}

TEST(Emissions, what_lies_outside_the_series_is_missing) {
  const auto grid = series_of({100, 100});
  const auto profile = workload::Profile::flat(hours(4), units::watts(1000));
  const auto around = energy_by_slot(profile, kStart - hours(1), grid);
  EXPECT_FALSE(emissions_of(around, grid).ok());
  EXPECT_NEAR(price(around, grid).coverage(), 0.5, 1e-12);
  EXPECT_EQ(price(energy_by_slot(profile, kStart + hours(9), grid), grid).coverage(), 0.0);
  EXPECT_FALSE(price(energy_by_slot(profile, kStart + hours(9), grid), grid).mean_intensity().has_value());
}

TEST(Emissions, an_entry_that_straddles_an_end_of_the_series_is_covered_in_part) {
  const auto grid = series_of({100, 100});
  for (const auto begin : {kStart - minutes(30), kStart + minutes(90)}) {
    const auto priced = price({{{begin, begin + hours(1)}, units::kilowatt_hours(1)}}, grid);
    EXPECT_NEAR(priced.coverage(), 0.5, 1e-12);
    EXPECT_NEAR(units::in_grams(priced.emissions), 50.0, 1e-9);
    EXPECT_EQ(priced.covered_length, time::Duration(minutes(30)));
  }
}

TEST(Emissions, the_first_gap_is_named_whatever_the_order_of_the_entries) {
  const auto grid = series_of({series::kMissing, 100, series::kMissing});
  EnergyBySlot energy = energy_by_slot(workload::Profile::flat(hours(3), units::watts(1)), kStart, grid);
  for (int round = 0; round < 2; ++round) {
    EXPECT_NE(emissions_of(energy, grid).error().message.find("at 2020-05-01T00:00:00Z"), std::string::npos);
    std::swap(energy.front(), energy.back());
  }
}

TEST(Emissions, nothing_used_emits_nothing) {
  EXPECT_EQ(grams({}, series_of({100})), 0.0);
  EXPECT_EQ(price({}, series_of({100})).coverage(), 1.0);
}

}  // namespace
}  // namespace ebb::carbon
