#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "account/price.h"
#include "imports/import.h"
#include "imports/run_checks.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

constexpr const char* kHeader =
    "timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,"
    "cpu_energy,gpu_energy,ram_energy,energy_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,"
    "os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,"
    "tracking_mode,on_cloud,pue\n";

struct Row {
  std::string timestamp = "2024-05-01T12:00:00";
  std::string run_id = "0a1b2c3d-0000-4000-8000-000000000001";
  double seconds = 3600;
  double cpu = 0.0425;
  double gpu = 0.3;
  double ram = 0.02;
  std::string pue = "1.0";
  std::string gpu_model = "1 x NVIDIA A100-SXM4-40GB";
};

std::string text_of(const Row& row) {
  return fmt::format(
      "{},bert,{},5b0fa12a-3dd7-45bb-9766-cc326314d9f1,{},0.05,1e-05,42.5,300.0,20.0,{},{},{},{},France,FRA,,,,Linux,"
      "3.11.4,2.4.2,12,\"Intel(R) Xeon(R) CPU, 2.20GHz\",1,{},2.3,48.8,83.4,machine,N,{}\n",
      row.timestamp, row.run_id, row.seconds, row.cpu, row.gpu, row.ram, row.cpu + row.gpu + row.ram, row.gpu_model,
      row.pue);
}

ImportOptions in_zone(const std::string& zone) {
  ImportOptions options;
  options.time_zone = zone;
  return options;
}

base::Expected<Imported> imported(const std::string& rows, const ImportOptions& options = in_zone("Europe/Paris")) {
  return import_runs(Format::kCodeCarbon, kHeader + rows, "emissions.csv", options);
}

bool mentions(const std::vector<std::string>& texts, const std::string& words) {
  return std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.find(words) != text.npos; });
}

std::string message_of(const base::Expected<Imported>& result) {
  return result ? "it was taken" : result.error().message;
}

TEST(CodeCarbonTest, ARowBecomesARunThatEndsAtItsLocalTimestamp) {
  const auto read = imported(text_of(Row{}));
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs.size(), 1U);
  const auto& run = read->runs[0];
  EXPECT_EQ(fault_of(run), "");
  EXPECT_EQ(time::text_of(run.when().begin), "2024-05-01T09:00:00Z");
  EXPECT_EQ(time::text_of(run.when().end), "2024-05-01T10:00:00Z");
  EXPECT_EQ(run.header.run_id, "codecarbon-0a1b2c3d-0000-4000-8000-000000000001");
  EXPECT_EQ(run.header.project, "bert");
  ASSERT_EQ(run.components.size(), 3U);
  EXPECT_EQ(run.components[0].component.name, "gpu");
  EXPECT_EQ(run.components[0].component.device, "NVIDIA A100-SXM4-40GB");
  EXPECT_EQ(run.components[1].component.device, "Intel(R) Xeon(R) CPU, 2.20GHz");
  EXPECT_EQ(run.components[1].component.method, "imported:codecarbon");
  EXPECT_LT(run.components[1].component.low_factor, 0.5);
  EXPECT_GT(run.components[1].component.high_factor, 2.0);
  EXPECT_NEAR(units::in_kwh(energy_of(run)), 0.3625, 1e-12);
  EXPECT_TRUE(mentions(run.notes, "CodeCarbon stated 0.05 kg CO2e"));
  EXPECT_TRUE(mentions(run.notes, "tracking_mode is machine"));
  EXPECT_TRUE(mentions(read->understood, "local time of Europe/Paris"));
  EXPECT_TRUE(run.power.by_component.empty());
}

TEST(CodeCarbonTest, WithoutATimeZoneItAsksForOne) {
  const auto read = imported(text_of(Row{}), {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(read.error().message.find("--time-zone"), std::string::npos);
  EXPECT_NE(read.error().message.find("emissions.csv:2"), std::string::npos);
}

TEST(CodeCarbonTest, OfSeveralRowsOfOneRunTheLastIsTheTotalAndTheOthersSayWhen) {
  Row first;
  first.timestamp = "2024-05-01T11:15:00";
  first.seconds = 900;
  first.cpu = 0.01;
  first.gpu = 0.0;
  first.ram = 0.005;
  const auto read = imported(text_of(first) + text_of(Row{}));
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs.size(), 1U);
  const auto& run = read->runs[0];
  EXPECT_EQ(fault_of(run), "");
  EXPECT_NEAR(units::in_kwh(energy_of(run)), 0.3625, 1e-12);
  // Nothing of the GPU in the first quarter of an hour.
  for (const auto& [slot, energy] : run.components[0].by_slot) {
    if (account::slot_begin(slot) < run.when().begin + std::chrono::minutes(15)) {
      EXPECT_EQ(units::in_joules(energy), 0.0);
    }
  }
}

TEST(CodeCarbonTest, SnapshotsThatShrinkAreRefusedByLine) {
  Row second;
  second.seconds = 1800;
  const auto read = imported(text_of(Row{}) + text_of(second));
  EXPECT_NE(message_of(read).find("emissions.csv:3: run"), std::string::npos) << message_of(read);
}

TEST(CodeCarbonTest, ThePueThatTheEnergiesHoldIsDividedOut) {
  Row row;
  row.pue = "1.25";
  const auto read = imported(text_of(row));
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_NEAR(units::in_kwh(energy_of(read->runs[0])), 0.3625 / 1.25, 1e-12);
  EXPECT_TRUE(mentions(read->runs[0].notes, "a PUE of 1.25"));
  row.pue = "0.5";
  EXPECT_NE(message_of(imported(text_of(row))).find("pue is 0.5"), std::string::npos);
}

TEST(CodeCarbonTest, ZeroOfAPartIsNotKnownAndARunOfZerosIsLeftOut) {
  Row row;
  row.gpu = 0.0;
  const auto read = imported(text_of(row));
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_EQ(read->runs[0].components.size(), 2U);
  EXPECT_TRUE(mentions(read->runs[0].notes, "gpu_energy is 0"));
  row.cpu = row.ram = 0.0;
  row.run_id = "another";
  const auto both = imported(text_of(Row{}) + text_of(row));
  ASSERT_TRUE(both) << message_of(both);
  EXPECT_EQ(both->runs.size(), 1U);
  EXPECT_TRUE(mentions(both->warnings, "\"another\" (line 3) has no known energy"));
  const auto none = imported(text_of(row));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, base::ErrorKind::kNoData);
}

TEST(CodeCarbonTest, AnAppendedRowThatLacksFieldsIsTakenOnlyWhereItsSumsProveIt) {
  // What pandas leaves out of a row without region, cloud_provider, cloud_region, gpu_count and gpu_model.
  const std::string head = "2024-05-01T13:00:00,bert,second,5b0f,3600,0.05,1e-05,42.5,0.0,20.0,0.04,0.5,0.06,0.6,";
  const std::string tail = "France,FRA,Linux,3.11.4,2.4.2,12,Xeon,2.3,48.8,83.4,machine,N,1.5\n";
  const auto read = imported(text_of(Row{}) + head + tail);
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs.size(), 2U);
  EXPECT_NEAR(units::in_kwh(energy_of(read->runs[1])), 0.4, 1e-12);
  EXPECT_TRUE(mentions(read->warnings, "fewer fields than the header"));
  EXPECT_TRUE(mentions(read->runs[1].notes, "its row lacks fields"));
  const std::string shifted = "2024-05-01T13:00:00,bert,second,3600,0.05,1e-05,42.5,0.0,20.0,0.04,0.5,0.06,0.6,";
  EXPECT_NE(message_of(imported(shifted + tail)).find("emissions.csv:2: 26 fields, but the header has 32"),
            std::string::npos)
      << message_of(imported(shifted + tail));
  EXPECT_NE(message_of(imported(head + tail + ",,,,,,,,,,\n")).find("emissions.csv:3"), std::string::npos);
}

TEST(CodeCarbonTest, TheFirstVersionsHaveOneEnergyAndAnIdOfTheirOwn) {
  const std::string text =
      "timestamp,experiment_id,project_name,duration,emissions,energy_consumed,country_name,country_iso_code,region,"
      "on_cloud,cloud_provider,cloud_region\n"
      "2021-10-27T22:34:13,0c8ca9ea,codecarbon,857.067,0.0499,0.0881,USA,USA,Iowa,Y,gcp,us-central1\n";
  const auto read = import_runs(Format::kCodeCarbon, text, "emissions.csv", in_zone("UTC"));
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs.size(), 1U);
  EXPECT_EQ(fault_of(read->runs[0]), "");
  ASSERT_EQ(read->runs[0].components.size(), 1U);
  EXPECT_EQ(read->runs[0].components[0].component.name, "machine");
  EXPECT_NEAR(units::in_kwh(energy_of(read->runs[0])), 0.0881, 1e-12);
}

TEST(CodeCarbonTest, ATasksFileIsRefusedAsItsRunIsInAnotherFile) {
  const auto read =
      import_runs(Format::kCodeCarbon, "task_name,timestamp,run_id,duration,emissions,energy_consumed\na,b,c,1,1,1\n",
                  "t.csv", in_zone("UTC"));
  EXPECT_NE(message_of(read).find("tasks of a run"), std::string::npos) << message_of(read);
}

TEST(CodeCarbonTest, WhatIsNoAmountIsRefusedByLine) {
  Row row;
  row.cpu = -0.1;
  EXPECT_NE(message_of(imported(text_of(row))).find("emissions.csv:2: cpu_energy is \"-0.1\""), std::string::npos);
  row = Row{};
  row.seconds = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(message_of(imported(text_of(Row{}) + text_of(row))).find("emissions.csv:3: duration is \"nan\""),
            std::string::npos);
  row.seconds = 1e300;
  EXPECT_FALSE(imported(text_of(row)));
  row = Row{};
  row.timestamp = "2024-02-30T00:00:00";
  EXPECT_FALSE(imported(text_of(row)));
}

TEST(CodeCarbonTest, ATimeThatTheClocksShowedTwiceIsTakenForTheFirstAndSaid) {
  Row row;
  row.timestamp = "2024-10-27T02:30:00";
  const auto read = imported(text_of(row));
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_EQ(time::text_of(read->runs[0].when().end), "2024-10-27T00:30:00Z");
  EXPECT_TRUE(mentions(read->runs[0].notes, "may be 2024-10-27T01:30:00Z"));
}

TEST(CodeCarbonTest, TheSameFileGivesTheSameIdsAndAnIdOfTheUsersOnlyNamesOneRun) {
  Row other;
  other.run_id = "x/../y";
  const auto once = imported(text_of(Row{}) + text_of(other));
  const auto again = imported(text_of(Row{}) + text_of(other));
  ASSERT_TRUE(once && again) << message_of(once);
  EXPECT_EQ(once->runs[1].header.run_id, again->runs[1].header.run_id);
  EXPECT_EQ(once->runs[1].header.run_id.find('/'), std::string::npos);
  auto options = in_zone("UTC");
  options.run_id = "mine";
  EXPECT_EQ(imported(text_of(Row{}), options)->runs[0].header.run_id, "mine");
  const auto two = imported(text_of(Row{}) + text_of(other), options);
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().kind, base::ErrorKind::kUsage);
}

TEST(CodeCarbonTest, EnergyIsConservedHoweverARunIsCutIntoSnapshots) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int round = 0; round < 200; ++round) {
    std::string rows;
    Row row;
    row.seconds = row.cpu = row.gpu = row.ram = 0.0;
    const double pue = 1.0 + unit(random);
    row.pue = fmt::format("{}", pue);
    const auto end = *time::parse_instant("2024-05-01T00:00:00Z");
    const int snapshots = 1 + round % 7;
    for (int i = 0; i < snapshots; ++i) {
      row.seconds += 1 + std::floor(20000 * unit(random));
      row.cpu += unit(random);
      row.gpu += 3 * unit(random);
      row.ram += 0.1 * unit(random);
      row.timestamp = time::text_of(end + time::from_seconds(row.seconds));
      rows += text_of(row);
    }
    const auto read = imported(rows);
    ASSERT_TRUE(read) << message_of(read);
    ASSERT_EQ(fault_of(read->runs[0]), "");
    const double expected = (row.cpu + row.gpu + row.ram) / pue;
    EXPECT_NEAR(units::in_kwh(energy_of(read->runs[0])), expected, 1e-9 * expected);
  }
}

TEST(CodeCarbonTest, RunsTooLongForTheirSlotsAreRefused) {
  Row row;
  row.seconds = 90.0 * 366 * 86400;
  EXPECT_NE(message_of(imported(text_of(row))).find("slots of 5 minutes"), std::string::npos);
}

}  // namespace
}  // namespace ebb::imports
