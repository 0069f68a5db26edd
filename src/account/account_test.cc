#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "account/embodied.h"
#include "account/measured.h"
#include "account/prediction.h"
#include "account/price.h"
#include "account/what_if.h"
#include "carbon/emissions.h"
#include "time/text.h"

namespace ebb::account {
namespace {

using hardware::ComponentKind;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

time::Instant at(const char* text) { return *time::parse_instant(text); }

trace::Header header_at(const char* utc, const std::string& node = "a") {
  trace::Header header;
  header.run_id = "run";
  header.node = node;
  header.command = {"python", "train.py"};
  header.utc = at(utc);
  header.steady = seconds(1000);
  header.version = "0.2.0";
  return header;
}

trace::Component component(const std::string& name, ComponentKind kind, const std::string& method, double low = 1.0,
                           double high = 1.0) {
  trace::Component made;
  made.name = name;
  made.kind = kind;
  made.method = method;
  made.low_factor = low;
  made.high_factor = high;
  return made;
}

/// An interval of component 0 with a constant job power.
trace::Interval interval(time::Duration from, time::Duration to, double watts, std::uint32_t component = 0) {
  trace::Interval made;
  made.from = from;
  made.to = to;
  made.energies.push_back({component, from, to, units::watts(watts) * time::as_quantity(to - from), {}, {}, {}});
  return made;
}

series::Series series_of(series::Signal signal, const char* begin, time::Duration step, std::vector<double> values,
                         const std::string& zone = "XX", const std::string& source = "test") {
  series::Provenance provenance;
  provenance.zone = zone;
  provenance.signal = signal;
  provenance.source = source;
  provenance.vintage = "v1";
  return {provenance, at(begin), step, std::move(values)};
}

RunRecord priced(const Measured& measured, const Pricing& pricing) {
  auto record = price(measured, pricing);
  EXPECT_TRUE(record) << record.error().message;
  return *std::move(record);
}

TEST(MeasuredTest, EnergyIsCutAtSlotEdgesAndNoneIsLost) {
  MeasuredBuilder builder;
  builder.add(header_at("2026-03-01T00:02:00Z"));
  builder.add(component("cpu", ComponentKind::kCpu, "modelled:x"));
  builder.add(interval(seconds(1000), seconds(1000) + minutes(10), 60));
  builder.add(trace::End{seconds(1000) + minutes(10), 0, {}, {}});
  const auto measured = builder.finish();
  ASSERT_EQ(measured.components.size(), 1U);
  const auto& by_slot = measured.components[0].by_slot;
  ASSERT_EQ(by_slot.size(), 3U);
  auto slot = by_slot.begin();
  EXPECT_EQ(slot_begin(slot->first), at("2026-03-01T00:00:00Z"));
  EXPECT_NEAR(units::in_joules(slot->second), 3 * 3600, 1e-9);
  EXPECT_NEAR(units::in_joules((++slot)->second), 5 * 3600, 1e-9);
  EXPECT_NEAR(units::in_joules((++slot)->second), 2 * 3600, 1e-9);
}

TEST(MeasuredTest, RandomIntervalsAddUpWhereverTheyAreCut) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int round = 0; round < 100; ++round) {
    MeasuredBuilder builder;
    builder.add(header_at("2026-03-01T00:02:00Z"));
    builder.add(component("cpu", ComponentKind::kCpu, "modelled:x"));
    double expected = 0.0;
    time::Duration now = seconds(1000);
    for (int i = 0; i < 200; ++i) {
      const auto next = now + time::from_seconds(unit(random) * (i % 50 == 0 ? 3000 : 20));
      const double watts = 500 * unit(random);
      builder.add(interval(now, next, watts));
      expected += watts * time::in_seconds(next - now);
      now = next;
    }
    const auto measured = builder.finish();
    units::Energy by_slot;
    for (const auto& [slot, energy] : measured.components[0].by_slot) by_slot += energy;
    EXPECT_NEAR(units::in_joules(by_slot), expected, 1e-9 * expected);
    EXPECT_NEAR(units::in_joules(measured.components[0].job), expected, 1e-9 * expected);
    double drawn = 0.0;
    for (const auto power : measured.power.by_component[0]) {
      if (!std::isnan(units::in_watts(power))) drawn += units::in_watts(power) * time::in_seconds(measured.power.bin);
    }
    // The last bin is only partly there: its mean stands for less than a bin.
    EXPECT_NEAR(drawn, expected, 500 * time::in_seconds(measured.power.bin));
    EXPECT_LE(measured.power.by_component[0].size(), 2048U);
  }
}

TEST(MeasuredTest, RegionsNestAndTheirEnergiesAreTheirOwn) {
  MeasuredBuilder builder;
  builder.add(header_at("2026-03-01T00:00:00Z"));
  builder.add(component("cpu", ComponentKind::kCpu, "modelled:x"));
  time::Duration now = seconds(1000);
  const auto step = [&](double watts) {
    builder.add(interval(now, now + seconds(10), watts));
    now += seconds(10);
  };
  const auto mark = [&](trace::Mark::Kind kind, const char* name) { builder.add(trace::Mark{now, kind, name}); };
  step(1);
  mark(trace::Mark::Kind::kBegin, "train");
  step(2);
  mark(trace::Mark::Kind::kBegin, "epoch");
  step(4);
  mark(trace::Mark::Kind::kEnd, "epoch");
  mark(trace::Mark::Kind::kBegin, "epoch");
  step(8);
  mark(trace::Mark::Kind::kEnd, "epoch");
  mark(trace::Mark::Kind::kBegin, "epoch");
  step(16);
  mark(trace::Mark::Kind::kEnd, "train");  // ends the open epoch as well
  step(32);
  mark(trace::Mark::Kind::kEnd, "never begun");
  mark(trace::Mark::Kind::kBegin, "save");
  step(64);
  const auto record = priced(builder.finish(), {});
  ASSERT_EQ(record.regions.size(), 3U);
  EXPECT_EQ(record.regions[0].path, "train");
  EXPECT_NEAR(units::in_joules(record.regions[0].energy), 300, 1e-9);
  EXPECT_EQ(record.regions[1].path, "train/epoch");
  EXPECT_EQ(record.regions[1].passages, 3);
  EXPECT_NEAR(units::in_joules(record.regions[1].energy), 280, 1e-9);
  EXPECT_EQ(record.regions[2].path, "save");
  EXPECT_TRUE(record.regions[2].open);
  EXPECT_NEAR(units::in_joules(record.energy), 1270, 1e-9);
}

TEST(MeasuredTest, NodesAreAddedUpAndOneThatDidNotReportIsANamedGap) {
  MeasuredBuilder builder;
  auto header = header_at("2026-03-01T00:00:00Z", "n1");
  header.expected_nodes = {"n1", "n2", "n3"};
  builder.add(header);
  builder.add(component("gpu0", ComponentKind::kGpu, "measured:x"));
  builder.add(interval(seconds(1000), seconds(1060), 100));
  builder.add(trace::End{seconds(1060), 0, seconds(60), {}});
  header.node = "n2";
  header.steady = seconds(77);
  builder.add(header);
  builder.add(component("gpu0", ComponentKind::kGpu, "measured:x"));
  builder.add(interval(seconds(77), seconds(137), 200));
  builder.add(trace::End{seconds(137), 3, seconds(60), {}});
  const auto record = priced(builder.finish(), {});
  EXPECT_NEAR(units::in_joules(record.energy), 18000, 1e-9);
  EXPECT_EQ(record.nodes, (std::vector<std::string>{"n1", "n2"}));
  EXPECT_EQ(record.missing_nodes, (std::vector<std::string>{"n3"}));
  ASSERT_EQ(record.components.size(), 2U);
  EXPECT_EQ(record.components[1].name, "n2/gpu0");
  EXPECT_EQ(record.exit_code, 3);
  EXPECT_EQ(record.job_cpu, seconds(120));
  ASSERT_EQ(record.gaps.size(), 1U);
  EXPECT_NE(record.gaps[0].detail.find("n3"), std::string::npos);
}

TEST(MeasuredTest, ARankThatTakesOverAddsToItsNode) {
  MeasuredBuilder builder;
  builder.add(header_at("2026-03-01T00:00:00Z"));
  builder.add(component("gpu0", ComponentKind::kGpu, "measured:x"));
  builder.add(interval(seconds(1000), seconds(1060), 100));
  auto second = header_at("2026-03-01T00:01:00Z");
  second.steady = seconds(1060);
  builder.add(second);
  builder.add(component("gpu0", ComponentKind::kGpu, "measured:x"));
  builder.add(interval(seconds(1060), seconds(1120), 100));
  const auto record = priced(builder.finish(), {});
  ASSERT_EQ(record.components.size(), 1U);
  EXPECT_NEAR(units::in_joules(record.energy), 12000, 1e-9);
  EXPECT_NEAR(record.components[0].coverage, 1.0, 1e-12);
}

TEST(PriceTest, EmissionsAreTheSumOverSlotsAndAgreeWithLawOne) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  std::vector<double> values;
  for (int i = 0; i < 12 * 24; ++i) values.push_back(600 * unit(random) - 50);
  const auto marginal = series_of(series::kMarginalDirect, "2026-03-01T00:00:00Z", minutes(5), values);
  MeasuredBuilder builder;
  builder.add(header_at("2026-03-01T03:02:30Z"));
  builder.add(component("gpu0", ComponentKind::kGpu, "measured:x"));
  carbon::EnergyBySlot exact;
  auto now = seconds(1000);
  for (int i = 0; i < 3000; ++i) {
    const double watts = 400 * unit(random);
    builder.add(interval(now, now + seconds(5), watts));
    const auto utc = at("2026-03-01T03:02:30Z") + (now - seconds(1000));
    exact.push_back({{utc, utc + seconds(5)}, units::joules(watts * 5)});
    now += seconds(5);
  }
  Pricing pricing;
  pricing.consequential = marginal;
  pricing.pue = 1.25;
  const auto record = priced(builder.finish(), pricing);
  const auto law = carbon::emissions_of(exact, marginal);
  ASSERT_TRUE(law);
  EXPECT_NEAR(units::in_grams(record.consequential->operational), 1.25 * units::in_grams(*law),
              1e-9 * std::fabs(units::in_grams(*law)));
  double from_slots = 0.0;
  for (const auto& slot : record.slots) from_slots += units::in_grams(slot.energy * *slot.intensity);
  EXPECT_NEAR(from_slots * 1.25, units::in_grams(record.consequential->operational), 1e-9);
  EXPECT_NEAR(units::in_grams(record.sci->operational()), units::in_grams(record.consequential->operational), 1e-9);
  EXPECT_NEAR(units::in_grams(*record.ladder.plus_pue.emissions), units::in_grams(record.consequential->operational),
              1e-9);
}

Measured one_hour(double watts = 1000) {
  MeasuredBuilder builder;
  builder.add(header_at("2026-03-01T00:00:00Z"));
  builder.add(component("gpu0", ComponentKind::kGpu, "measured:x", 0.95, 1.05));
  builder.add(interval(seconds(1000), seconds(4600), watts));
  builder.add(trace::End{seconds(4600), 0, {}, {}});
  return builder.finish();
}

TEST(PriceTest, BothBooksAreStatedAndTheHeadlineIsTheMarginalOne) {
  Pricing pricing;
  pricing.attributional = series_of(series::kAverageLifecycle, "2026-03-01T00:00:00Z", hours(1), {200, 300});
  pricing.consequential =
      series_of(series::kMarginalDirect, "2026-03-01T00:00:00Z", minutes(5), std::vector<double>(24, 450));
  const auto record = priced(one_hour(), pricing);
  EXPECT_NEAR(units::in_grams(record.attributional->operational), 200, 1e-9);
  EXPECT_NEAR(units::in_grams(record.consequential->operational), 450, 1e-9);
  EXPECT_EQ(record.book, carbon::BookKind::kConsequential);
  EXPECT_EQ(record.slots.size(), 12U);
  EXPECT_NEAR(units::in_grams_per_kwh(*record.slots[0].other), 200, 1e-9);
  pricing.book = carbon::BookKind::kAttributional;
  EXPECT_NEAR(units::in_grams(priced(one_hour(), pricing).own_book()->operational), 200, 1e-9);
}

TEST(PriceTest, AMissingSlotLeavesTheBookEmptyAndSaysSo) {
  Pricing pricing;
  std::vector<double> values(12, 300);
  values[5] = series::kMissing;
  pricing.consequential = series_of(series::kMarginalDirect, "2026-03-01T00:00:00Z", minutes(5), values);
  const auto record = priced(one_hour(), pricing);
  EXPECT_FALSE(record.consequential);
  EXPECT_EQ(record.own_book(), nullptr);
  ASSERT_EQ(record.warnings.size(), 1U);
  EXPECT_NE(record.warnings[0].find("missing in 1 slots"), std::string::npos) << record.warnings[0];
  EXPECT_FALSE(record.slots[5].intensity);
}

TEST(PriceTest, WithoutASeriesThereIsEnergyAndNoEmissions) {
  const auto record = priced(one_hour(), {});
  EXPECT_NEAR(units::in_kwh(record.energy), 1.0, 1e-12);
  EXPECT_EQ(record.own_book(), nullptr);
  EXPECT_FALSE(record.sci);
  EXPECT_FALSE(record.ladder.plus_embodied.emissions);
}

TEST(PriceTest, ASeriesInTheWrongBookIsRefused) {
  Pricing pricing;
  pricing.attributional = series_of(series::kMarginalDirect, "2026-03-01T00:00:00Z", hours(1), {200, 300});
  EXPECT_FALSE(price(one_hour(), pricing));
  pricing = {};
  pricing.pue = 0.9;
  EXPECT_FALSE(price(one_hour(), pricing));
  pricing = {};
  pricing.functional_count = 0;
  EXPECT_FALSE(price(one_hour(), pricing));
}

TEST(PriceTest, TheIntervalHoldsTheValueAndEmbodiedIsAdded) {
  Pricing pricing;
  pricing.consequential =
      series_of(series::kMarginalDirect, "2026-03-01T00:00:00Z", minutes(5), std::vector<double>(24, 500));
  pricing.intensity_factors = {{0.8, 1.3}};
  std::vector<std::string> warnings;
  pricing.embodied =
      embodied_shares({{"V100", "", 2, std::nullopt}, {"no such device", "", 1, std::nullopt}}, hours(1), &warnings);
  ASSERT_EQ(pricing.embodied.size(), 1U);
  EXPECT_EQ(warnings.size(), 1U);
  EXPECT_NEAR(units::in_grams(pricing.embodied[0].share), 2 * 150000.0 / (4 * 8760), 1e-9);
  const auto record = priced(one_hour(), pricing);
  EXPECT_NEAR(units::in_grams(record.own_book()->emissions), 500 + units::in_grams(record.embodied), 1e-9);
  const auto interval = *record.emissions_interval;
  EXPECT_LT(interval.low, interval.value);
  EXPECT_GT(interval.high, interval.value);
  EXPECT_EQ(interval.value, record.own_book()->emissions);
}

TEST(PriceTest, PartsOfOneMethodErrTogetherAndOthersApart) {
  const auto part = [](const char* method, double joules) {
    ComponentTotal total;
    total.method = method;
    total.energy = units::joules(joules);
    total.interval = {units::joules(joules * 0.9), units::joules(joules), units::joules(joules * 1.1), 0.9};
    return total;
  };
  EXPECT_NEAR(units::in_joules(energy_interval({part("a", 100), part("a", 100)}).high), 220, 1e-9);
  EXPECT_NEAR(units::in_joules(energy_interval({part("a", 100), part("b", 100)}).high), 200 + std::sqrt(200.0), 1e-9);
}

TEST(PriceTest, ARunWithoutAnEndIsRunningOrLost) {
  MeasuredBuilder builder;
  builder.add(header_at("2026-03-01T00:00:00Z"));
  builder.add(component("gpu0", ComponentKind::kGpu, "measured:x"));
  builder.add(interval(seconds(1000), seconds(1060), 100));
  const auto measured = builder.finish();
  EXPECT_EQ(priced(measured, {}).state, "lost");
  Pricing pricing;
  pricing.alive = true;
  EXPECT_EQ(priced(measured, pricing).state, "running");
  EXPECT_FALSE(priced(measured, pricing).exit_code);
}

TEST(PredictionTest, TheIntervalCoversNinetyPercentOfNewSums) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> draw(100, 15);
  int inside = 0;
  constexpr int kRounds = 4000;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> done;
    double total = 0.0;
    for (int i = 0; i < 4; ++i) done.push_back(draw(random));
    for (const double one : done) total += one;
    const auto predicted = predict_sum(done, 20);
    for (int i = 4; i < 20; ++i) total += draw(random);
    inside += total >= predicted.low && total <= predicted.high ? 1 : 0;
  }
  EXPECT_NEAR(inside / static_cast<double>(kRounds), 0.9, 0.02);
}

TEST(PredictionTest, EpochsDonePredictTheWhole) {
  MeasuredBuilder builder;
  builder.add(header_at("2026-03-01T00:00:00Z"));
  builder.add(component("gpu0", ComponentKind::kGpu, "measured:x"));
  time::Duration now = seconds(1000);
  for (int i = 0; i < 3; ++i) {
    builder.add(trace::Mark{now, trace::Mark::Kind::kBegin, "epoch"});
    builder.add(interval(now, now + minutes(1), 100));
    now += minutes(1);
    builder.add(trace::Mark{now, trace::Mark::Kind::kEnd, "epoch"});
  }
  builder.add(trace::Mark{now, trace::Mark::Kind::kBegin, "epoch"});
  builder.add(interval(now, now + seconds(5), 100));
  Pricing pricing;
  pricing.passages_hint = 10;
  const auto record = priced(builder.finish(), pricing);
  ASSERT_TRUE(record.prediction);
  EXPECT_EQ(record.prediction->done, 3);
  EXPECT_NEAR(units::in_joules(record.prediction->energy.value), 60000, 1e-6);
  EXPECT_NEAR(units::in_seconds(record.prediction->length.value), 600, 1e-6);
}

TEST(WhatIfTest, LaterAndElsewhereAreComparedInOneBookOnly) {
  std::vector<double> values(48, 400);
  values[6] = 100;
  values[9] = 50;
  const auto own = series_of(series::kAverageLifecycle, "2026-03-01T00:00:00Z", hours(1), values);
  Pricing pricing;
  pricing.attributional = own;
  const auto record = priced(one_hour(), pricing);
  const auto others = std::vector{
      series_of(series::kAverageLifecycle, "2026-03-01T00:00:00Z", hours(1), std::vector<double>(48, 30), "FR"),
      series_of(series::kMarginalDirect, "2026-03-01T00:00:00Z", hours(1), std::vector<double>(48, 1), "marginal"),
      series_of(series::kAverageLifecycle, "2026-03-01T00:00:00Z", hours(1), std::vector<double>(48, 1), "odd", "else"),
  };
  const auto all = what_ifs(record, own, others);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].later, hours(6));
  EXPECT_NEAR(units::in_grams(all[0].difference), 300, 1e-9);
  EXPECT_EQ(all[0].word, "allocated");
  EXPECT_EQ(all[1].later, hours(9));
  EXPECT_NEAR(units::in_grams(all[1].difference), 350, 1e-9);
  EXPECT_EQ(all[2].zone, "FR");
  EXPECT_NEAR(units::in_grams(all[2].difference), 370, 1e-9);
}

TEST(WhatIfTest, BeyondTheDataNothingIsClaimed) {
  const auto own = series_of(series::kMarginalDirect, "2026-03-01T00:00:00Z", hours(1), {400, 300, 200});
  Pricing pricing;
  pricing.consequential = own;
  const auto record = priced(one_hour(), pricing);
  const auto all = what_ifs(record, own, {});
  ASSERT_EQ(all.size(), 1U) << "the best within the data; six hours later is beyond it";
  EXPECT_EQ(all[0].later, hours(2));
  EXPECT_EQ(all[0].word, "avoided");
}

}  // namespace
}  // namespace ebb::account
