#include "imports/site_meter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "time/text.h"

namespace ebb::imports {
namespace {

time::Instant at(const char* text) { return *time::parse_instant(text); }

SiteMeter meter_of(const std::string& text) {
  auto meter = parse_site_meter(text, "m.csv");
  EXPECT_TRUE(meter) << meter.error().message;
  return meter ? *std::move(meter) : SiteMeter{};
}

std::string message_of(const std::string& text) {
  const auto meter = parse_site_meter(text, "m.csv");
  return meter ? "it was taken" : meter.error().message;
}

/// The same power from one moment to another, by slot.
account::SlotEnergies runs_of(const char* begin, const char* end, double watts) {
  account::SlotEnergies runs;
  for (auto slot = at(begin).time_since_epoch() / account::kSlot; account::slot_begin(slot) < at(end); ++slot) {
    runs[slot] = units::joules(watts * 300);
  }
  return runs;
}

TEST(SiteMeterTest, IntervalsEndAtTheirTime) {
  const auto meter = meter_of("time,kwh\n2024-05-01T00:00:00Z,\n2024-05-01T01:00:00Z,10\n2024-05-01T02:00:00Z,\n");
  ASSERT_EQ(meter.readings.size(), 2U);
  EXPECT_EQ(meter.readings[0].when.begin, at("2024-05-01T00:00:00Z"));
  EXPECT_DOUBLE_EQ(units::in_kwh(*meter.readings[0].energy), 10);
  EXPECT_FALSE(meter.readings[1].energy.has_value());
  EXPECT_TRUE(meter.warnings.empty());
  EXPECT_EQ(meter_of("time,kwh\n2024-05-01T00:00:00Z,7\n2024-05-01T01:00:00Z,10\n").warnings.size(), 1U);
}

TEST(SiteMeterTest, ACounterIsItsDifferencesAndANewMeterIsNotKnown) {
  const auto meter = meter_of(
      "time,kwh_total\n2024-05-01T00:00:00Z,1000\n2024-05-01T01:00:00Z,1010\n2024-05-01T02:00:00Z,\n"
      "2024-05-01T03:00:00Z,1030\n2024-05-01T04:00:00Z,5\n2024-05-01T05:00:00Z,15\n");
  ASSERT_EQ(meter.readings.size(), 4U);
  EXPECT_DOUBLE_EQ(units::in_kwh(*meter.readings[1].energy), 20);
  EXPECT_EQ(meter.readings[1].when.length(), std::chrono::hours(2));
  EXPECT_FALSE(meter.readings[2].energy.has_value());
  EXPECT_DOUBLE_EQ(units::in_kwh(*meter.readings[3].energy), 10);
  ASSERT_EQ(meter.warnings.size(), 1U);
  EXPECT_NE(meter.warnings[0].find("m.csv:6"), std::string::npos);
}

TEST(SiteMeterTest, WhatBreaksTheFormIsRefusedByLine) {
  const std::string good = "time,kwh\n2024-05-01T00:00:00Z,\n2024-05-01T01:00:00Z,10\n2024-05-01T02:00:00Z,10\n";
  EXPECT_NE(message_of("time,watts\n").find("neither time,kwh"), std::string::npos);
  EXPECT_NE(message_of("time,kwh\n2024-05-01T00:00:00Z,1\n").find("two rows"), std::string::npos);
  EXPECT_NE(message_of(good + "2024-05-01T02:00:00Z,1\n").find("m.csv:5"), std::string::npos);
  EXPECT_NE(message_of(good + "2024-05-01T03:00:00Z,-1\n").find("less than nothing"), std::string::npos);
  EXPECT_NE(message_of(good + "2024-05-01T03:00:00Z,nan\n").find("no number"), std::string::npos);
  EXPECT_NE(message_of(good + "2024-05-01T03:00:00,1\n").find("no zone"), std::string::npos);
  EXPECT_NE(message_of(good + "2024-05-01T05:00:00Z,1\n").find("m.csv:5: 3h since the row before"), std::string::npos)
      << message_of(good + "2024-05-01T05:00:00Z,1\n");
  EXPECT_EQ(message_of("time,kwh\n2024-01-01T00:00:00Z,\n2024-02-01T00:00:00Z,1\n2024-03-01T00:00:00Z,1\n"),
            "it was taken");
}

TEST(UnaccountedTest, WhatNoRunUsedIsTheRestInKilowattHoursAndAsAShare) {
  const auto meter = meter_of("time,kwh\n2024-05-01T00:00:00Z,\n2024-05-01T01:00:00Z,10\n2024-05-01T02:00:00Z,4\n");
  const auto result = unaccounted(meter, runs_of("2024-05-01T00:00:00Z", "2024-05-01T01:00:00Z", 5000), 1.2);
  ASSERT_EQ(result.months.size(), 1U);
  const auto& all = result.total;
  EXPECT_NEAR(units::in_kwh(all.metered), 14, 1e-12);
  EXPECT_NEAR(units::in_kwh(all.accounted), 6, 1e-12);
  EXPECT_NEAR(units::in_kwh(all.rest), 8, 1e-12);
  EXPECT_NEAR(*all.share, 8.0 / 14, 1e-12);
  EXPECT_NEAR(units::in_kwh(all.metered_without_runs), 4, 1e-12);
  EXPECT_EQ(all.without_runs, std::chrono::hours(1));
  EXPECT_TRUE(result.warnings.empty());
  const auto lines = text_of(result);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1],
            "total: metered 14.0 kWh; runs account for 6.00 kWh (PUE 1.2); the rest is 8.00 kWh (57.1% of what was "
            "metered); 4.00 kWh of it in 1.00 h without any run");
}

TEST(UnaccountedTest, RunsWhereTheMeterIsNotKnownAreToldApart) {
  const auto meter = meter_of("time,kwh\n2024-05-01T00:00:00Z,\n2024-05-01T01:00:00Z,10\n2024-05-01T02:00:00Z,\n");
  const auto result = unaccounted(meter, runs_of("2024-05-01T00:00:00Z", "2024-05-01T04:00:00Z", 1000), 1.0);
  EXPECT_NEAR(units::in_kwh(result.total.accounted), 1, 1e-12);
  EXPECT_NEAR(units::in_kwh(result.total.accounted_without_meter), 3, 1e-12);
  EXPECT_EQ(result.total.without_meter, std::chrono::hours(1));
  EXPECT_NEAR(units::in_kwh(result.total.rest), 9, 1e-12);
}

TEST(UnaccountedTest, MoreThanWasMeteredIsAnInconsistencyAndIsNotClipped) {
  const auto meter = meter_of("time,kwh\n2024-05-01T00:00:00Z,\n2024-05-01T01:00:00Z,1\n");
  const auto result = unaccounted(meter, runs_of("2024-05-01T00:00:00Z", "2024-05-01T01:00:00Z", 3000), 1.0);
  EXPECT_NEAR(units::in_kwh(result.total.rest), -2, 1e-12);
  EXPECT_NEAR(*result.total.share, -2, 1e-12);
  ASSERT_EQ(result.warnings.size(), 2U);
  EXPECT_NE(result.warnings[0].find("2024-05: runs account for 3.00 kWh, more than the 1.00 kWh"), std::string::npos);
}

TEST(UnaccountedTest, AReadingOverTheEndOfAMonthIsPartedByTime) {
  const auto meter = meter_of("time,kwh_total\n2024-04-30T18:00:00Z,0\n2024-05-01T18:00:00Z,24\n");
  const auto result = unaccounted(meter, account::SlotEnergies{}, 1.0);
  ASSERT_EQ(result.months.size(), 2U);
  EXPECT_EQ(result.months[0].name, "2024-04");
  EXPECT_NEAR(units::in_kwh(result.months[0].metered), 6, 1e-12);
  EXPECT_NEAR(units::in_kwh(result.months[1].metered_without_runs), 18, 1e-12);
  EXPECT_FALSE(unaccounted({}, account::SlotEnergies{}, 1.0).total.share.has_value());
}

TEST(UnaccountedTest, EveryJouleOfTheMeterAndOfTheRunsStandsInOnePlace) {
  std::mt19937_64 random(21);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int round = 0; round < 100; ++round) {
    std::string text = "time,kwh_total\n";
    auto now = at("2023-12-20T00:07:00Z");
    double total = 1000;
    double metered = 0;
    double before = -1;
    for (int i = 0; i < 60; ++i) {
      now += std::chrono::seconds(60 + static_cast<int>(200000 * unit(random) * unit(random)));
      const double chance = unit(random);
      total = chance < 0.05 ? unit(random) : total + 50 * unit(random);
      if (before >= 0 && total >= before) metered += total - before;
      before = total;
      text += fmt::format("{},{}\n", time::text_of(now), total);
    }
    account::SlotEnergies runs;
    double used = 0;
    auto slot = at("2023-12-19T00:00:00Z").time_since_epoch() / account::kSlot;
    for (int i = 0; i < 3000; ++i) {
      slot += 1 + static_cast<int>(10 * unit(random) * unit(random));
      runs[slot] = units::joules(1e6 * unit(random));
      used += units::in_joules(runs[slot]);
    }
    const double pue = 1.0 + unit(random);
    const auto result = unaccounted(meter_of(text), runs, pue);
    EXPECT_NEAR(units::in_kwh(result.total.metered), metered, 1e-9 * metered);
    const auto accounted = result.total.accounted + result.total.accounted_without_meter;
    EXPECT_NEAR(units::in_joules(accounted), used * pue, 1e-9 * used * pue);
    units::Energy rests;
    for (const auto& month : result.months) rests += month.rest;
    EXPECT_NEAR(units::in_joules(rests), units::in_joules(result.total.rest), 1e-9 * used * pue);
    EXPECT_LE(result.total.metered_without_runs, result.total.metered * (1 + 1e-12));
  }
}

TEST(UnaccountedTest, OverlappingRunsAreCountedAsOftenAsTheyAre) {
  account::Measured run;
  run.components.resize(2);
  run.components[0].by_slot[7] = units::joules(3);
  run.components[1].by_slot[7] = units::joules(4);
  const auto slots = slots_of({run, run});
  ASSERT_EQ(slots.size(), 1U);
  EXPECT_DOUBLE_EQ(units::in_joules(slots.at(7)), 14);
}

}  // namespace
}  // namespace ebb::imports
