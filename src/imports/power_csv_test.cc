#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "account/price.h"
#include "imports/import.h"
#include "imports/run_checks.h"
#include "series/series.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

base::Expected<Imported> imported(const std::string& text, const ImportOptions& options = {}) {
  return import_runs(Format::kPowerCsv, text, "p.csv", options);
}

std::string message_of(const base::Expected<Imported>& result) {
  return result ? "it was taken" : result.error().message;
}

bool mentions(const std::vector<std::string>& texts, const std::string& words) {
  return std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.find(words) != text.npos; });
}

TEST(PowerCsvTest, AValueHoldsUntilTheNextRowAndTheLastForTheMeanStep) {
  const auto read =
      imported("time,watts\n2024-05-01T10:00:00Z,100\n2024-05-01T10:00:10Z,200\n2024-05-01T10:00:20Z,50\n");
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_EQ(fault_of(read->runs[0]), "");
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 1000 + 2000 + 500);
  EXPECT_EQ(read->runs[0].components[0].component.name, "meter");
  ImportOptions options;
  options.end = *time::parse_instant("2024-05-01T10:01:20Z");
  const auto longer = imported("time,watts\n2024-05-01T10:00:00Z,100\n", options);
  ASSERT_TRUE(longer) << message_of(longer);
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(longer->runs[0])), 8000);
  EXPECT_NE(message_of(imported("time,watts\n2024-05-01T10:00:00Z,100\n")).find("--end"), std::string::npos);
  EXPECT_NE(message_of(imported("time,watts\n2024-05-01T10:02:00Z,100\n", options)).find("--end"), std::string::npos);
}

TEST(PowerCsvTest, ColumnsAreComponentsAndAnEmptyFieldIsNotKnown) {
  const auto read = imported(
      "# bench\ntime,gpu0_watts,cpu_watts,fan\n2024-05-01T12:00:00+02:00,300,,5\n2024-05-01T10:00:10Z,,,5\n"
      "2024-05-01T10:00:20Z,300,,\n");
  ASSERT_TRUE(read) << message_of(read);
  const auto& run = read->runs[0];
  EXPECT_EQ(fault_of(run), "");
  ASSERT_EQ(run.components.size(), 2U);
  EXPECT_EQ(run.components[0].component.name, "gpu0");
  EXPECT_EQ(run.components[0].component.kind, hardware::ComponentKind::kGpu);
  EXPECT_EQ(run.components[1].component.kind, hardware::ComponentKind::kOther);
  EXPECT_DOUBLE_EQ(units::in_joules(run.components[0].job), 6000);
  EXPECT_EQ(run.components[0].covered, std::chrono::seconds(20));
  EXPECT_EQ(run.gaps.size(), 2U);
  EXPECT_TRUE(mentions(read->warnings, "columns without any value"));
}

TEST(PowerCsvTest, AnotherUnitIsForColumnsThatDoNotSayTheirs) {
  ImportOptions options;
  options.unit = "mW";
  const auto read = imported("time,board\n2024-05-01T10:00:00Z,1000\n2024-05-01T10:00:10Z,1000\n", options);
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 20);
  EXPECT_NE(message_of(imported("time,watts\n2024-05-01T10:00:00Z,1\n", options)).find("--unit"), std::string::npos);
  options.unit = "kWh";
  EXPECT_NE(message_of(imported("time,board\n2024-05-01T10:00:00Z,1\n", options)).find("--unit"), std::string::npos);
}

TEST(PowerCsvTest, AValueThatHoldsForLongIsSaid) {
  const auto read = imported(
      "time,watts\n2024-05-01T10:00:00Z,1\n2024-05-01T10:00:10Z,1\n2024-05-01T10:00:20Z,1\n2024-05-01T12:00:00Z,1\n");
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_TRUE(mentions(read->warnings, "p.csv:4: its value holds for")) << read->warnings.size();
}

TEST(PowerCsvTest, WhatBreaksTheFormIsRefusedByLine) {
  const std::string good = "time,watts\n2024-05-01T10:00:00Z,1\n";
  for (const auto& [row, words] : std::vector<std::pair<std::string, std::string>>{
           {"2024-05-01T10:00:00Z,1", "p.csv:3: 2024-05-01T10:00:00Z is not after"},
           {"2024-05-01T09:00:00Z,1", "p.csv:3"},
           {"2024-05-01T11:00:00,1", "it has no zone"},
           {"2024-05-01T11:00:00Z,-1", "less than nothing"},
           {"2024-05-01T11:00:00Z,nan", "no number"},
           {"2024-05-01T11:00:00Z,1e16", "larger than any power"},
           {"2024-05-01T11:00:00Z", "p.csv:3: 1 fields"},
           {"2024-05-01T11:00:00Z,1,2", "p.csv:3: 3 fields"}}) {
    EXPECT_NE(message_of(imported(good + row + "\n")).find(words), std::string::npos) << row;
  }
  EXPECT_NE(message_of(imported("time,kwh\n2024-05-01T10:00:00Z,1\n")).find("no power"), std::string::npos);
  EXPECT_NE(message_of(imported("time,a,a_watts\n2024-05-01T10:00:00Z,1,1\n")).find("comes twice"), std::string::npos);
  EXPECT_NE(message_of(imported("time,watts\n")).find("no rows"), std::string::npos);
  EXPECT_NE(
      message_of(imported("time,watts\n2024-05-01T10:00:00Z,\n2024-05-01T10:01:00Z,\n")).find("no row has a value"),
      std::string::npos);
  EXPECT_FALSE(imported("time" + std::string(5000, ',') + "\n"));
}

TEST(PowerCsvTest, EnergyIsConservedWhereverSlotsCutIt) {
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int round = 0; round < 100; ++round) {
    auto now = *time::parse_instant("2024-02-28T23:57:13.5Z");
    const auto begin = now;
    std::string text = "time,a_watts,b_watts\n";
    double expected = 0.0;
    double held = 0.0;
    const int rows = 2 + static_cast<int>(300 * unit(random));
    for (int i = 0; i < rows; ++i) {
      const auto step = time::from_seconds(0.001 + 900 * unit(random) * unit(random));
      if (i > 0) {
        now += step;
        expected += held * time::in_seconds(step);
      }
      const double a = 700 * unit(random);
      const double b = unit(random) < 0.2 ? 0.0 : 50 * unit(random);
      held = a + b;
      text += fmt::format("{},{},{}\n", time::text_of(now), a, b == 0.0 ? "" : fmt::format("{}", b));
    }
    expected += held * time::in_seconds((now - begin) / (rows - 1));
    const auto read = imported(text);
    ASSERT_TRUE(read) << message_of(read);
    ASSERT_EQ(fault_of(read->runs[0]), "");
    EXPECT_NEAR(units::in_joules(energy_of(read->runs[0])), expected, 1e-9 * expected);
  }
}

TEST(PowerCsvTest, AnImportedRunIsPricedLikeAnyOther) {
  const auto read = imported("time,watts\n2024-05-01T10:00:00Z,1000\n2024-05-01T10:30:00Z,2000\n");
  ASSERT_TRUE(read) << message_of(read);
  series::Provenance provenance;
  provenance.zone = "DE";
  provenance.signal = series::kMarginalDirect;
  account::Pricing pricing;
  pricing.consequential = series::Series(provenance, *time::parse_instant("2024-05-01T10:00:00Z"),
                                         std::chrono::minutes(30), {100.0, 400.0});
  const auto record = account::price(read->runs[0], pricing);
  ASSERT_TRUE(record) << record.error().message;
  ASSERT_TRUE(record->consequential);
  EXPECT_NEAR(units::in_grams(record->consequential->operational), 0.5 * 100 + 1.0 * 400, 1e-9);
}

TEST(PowerCsvTest, ManyGapsAreCappedAndTheRestIsAddedUp) {
  std::string text = "time,watts\n";
  const auto begin = *time::parse_instant("2024-05-01T00:00:00Z");
  for (int i = 0; i < 6000; ++i) {
    text += fmt::format("{},{}\n", time::text_of(begin + std::chrono::seconds(60 * i)), i % 2 == 0 ? "1" : "");
  }
  const auto read = imported(text);
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_EQ(read->runs[0].gaps.size(), 1000U);
  EXPECT_TRUE(mentions(read->runs[0].notes, "2000 further gaps, 120000 s in all"));
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 3000 * 60);
}

}  // namespace
}  // namespace ebb::imports
