#include <fmt/format.h>
#include <gtest/gtest.h>

#include "imports/import.h"
#include "imports/run_checks.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

constexpr const char* kHeading =
    "#Entity   POWER          TOTEC              \n"
    "ID        W              mJ                 \n";

ImportOptions every(time::Duration period) {
  ImportOptions options;
  options.begin = *time::parse_instant("2024-05-01T10:00:00Z");
  options.period = period;
  options.node = "n1";
  return options;
}

base::Expected<Imported> imported(const std::string& text,
                                  const ImportOptions& options = every(std::chrono::seconds(1))) {
  return import_runs(Format::kDcgm, text, "dmon.txt", options);
}

std::string message_of(const base::Expected<Imported>& result) {
  return result ? "it was taken" : result.error().message;
}

bool mentions(const std::vector<std::string>& texts, const std::string& words) {
  return std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.find(words) != text.npos; });
}

TEST(DcgmTest, TheCounterIsTakenWhereItIsThere) {
  const auto read = imported(std::string(kHeading) +
                             "GPU 0     100.000        1000000            \n"
                             "GPU 1     50.000         5000000            \n"
                             "GPU 0     102.000        1101000            \n"
                             "GPU 1     50.000         5050000            \n" +
                             kHeading +
                             "GPU 0     100.000        1202000            \n"
                             "GPU 1     50.000         5100000            \n"
                             "\n\ndmon was stopped do to receiving a signal\n");
  ASSERT_TRUE(read) << message_of(read);
  const auto& run = read->runs[0];
  EXPECT_EQ(fault_of(run), "");
  ASSERT_EQ(run.components.size(), 2U);
  EXPECT_EQ(run.components[0].component.method, "imported:dcgm-counter");
  EXPECT_DOUBLE_EQ(units::in_joules(run.components[0].job), 202);
  EXPECT_DOUBLE_EQ(units::in_joules(run.components[1].job), 100);
  EXPECT_EQ(run.components[0].node, "n1");
  EXPECT_EQ(run.when().length(), std::chrono::seconds(2));
  EXPECT_TRUE(read->warnings.empty());
}

TEST(DcgmTest, WithoutACounterPowerIsIntegratedAndLabelled) {
  const auto read = imported("# Entity  POWER\n   Id     W\nGPU 0 100.0\nGPU 0 200.0\nGPU 0 N/A\nGPU 0 200.0\n");
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_EQ(read->runs[0].components[0].component.method, "imported:dcgm-power");
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 150 + 400);
  const auto unknown = imported(std::string(kHeading) + "GPU 0 100 N/A\nGPU 0 100 N/A\n");
  ASSERT_TRUE(unknown) << message_of(unknown);
  EXPECT_EQ(unknown->runs[0].components[0].component.method, "imported:dcgm-power");
}

TEST(DcgmTest, ACounterThatDisagreesWithThePowerIsSaidWithBothFigures) {
  const auto read = imported(std::string(kHeading) + "GPU 0 100 0\nGPU 0 100 57000\n");
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->warnings.size(), 1U);
  EXPECT_NE(read->warnings[0].find("57.0 J"), std::string::npos);
  EXPECT_NE(read->warnings[0].find("100 J"), std::string::npos);
}

TEST(DcgmTest, ABoardThatARoundLeavesOutDoesNotShiftTheOthers) {
  const auto read = imported("#Entity POWER\nGPU 0 100\nGPU 1 100\nGPU 0 100\nGPU 0 100\nGPU 1 100\n");
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_DOUBLE_EQ(units::in_joules(read->runs[0].components[1].job), 200);
  EXPECT_EQ(read->runs[0].when().length(), std::chrono::seconds(2));
}

TEST(DcgmTest, InstancesOfABoardAreNotCountedBesideIt) {
  const auto read = imported("#Entity POWER\nGPU 0 100\nGPU-I 0 100\nGPU-CI 0 N/A\nGPU 0 100\nGPU-I 0 100\n");
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 100);
  EXPECT_TRUE(mentions(read->warnings, "3 rows of MIG instances"));
}

TEST(DcgmTest, TimesMustBeGiven) {
  ImportOptions none;
  EXPECT_NE(message_of(imported(kHeading, none)).find("--begin"), std::string::npos);
  none.begin = time::Instant{};
  EXPECT_NE(message_of(imported(kHeading, none)).find("--period"), std::string::npos);
  none.period = time::Duration(0);
  EXPECT_NE(message_of(imported(kHeading, none)).find("--period"), std::string::npos);
}

TEST(DcgmTest, OtherTextIsRefusedByLine) {
  EXPECT_NE(message_of(imported("GPU 0 1\n")).find("dmon.txt:1: a row before"), std::string::npos);
  EXPECT_NE(message_of(imported("#Entity SMCLK\n")).find("dcgmi dmon -e 155,156"), std::string::npos);
  EXPECT_NE(message_of(imported("#Entity POWER\nError setting watches.\n")).find("dmon.txt:2"), std::string::npos);
  EXPECT_NE(message_of(imported("#Entity POWER\nGPU 0 1 2\n")).find("dmon.txt:2: 2 values"), std::string::npos);
  EXPECT_NE(message_of(imported("#Entity POWER\nGPU 0 -1\n")).find("dmon.txt:2: the value is \"-1\""),
            std::string::npos);
  EXPECT_NE(message_of(imported("#Entity POWER\nGPU x 1\n")).find("no number of a GPU"), std::string::npos);
  EXPECT_NE(message_of(imported("#Entity POWER\n#Entity TOTEC\n")).find("dmon.txt:2"), std::string::npos);
  EXPECT_NE(message_of(imported("")).find("#Entity"), std::string::npos);
  EXPECT_NE(message_of(imported("#Entity POWER\nGPU 0 1\nGPU 0 1\n", every(std::chrono::hours(24 * 400))))
                .find("longer than a year"),
            std::string::npos);
}

TEST(DcgmTest, ADriverThatWasLoadedAnewIsAGap) {
  std::string text = kHeading;
  for (const int mj : {9000, 9100, 9200, 50, 150, 250}) text += fmt::format("GPU 0 N/A {}\n", mj);
  const auto read = imported(text);
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 0.4);
  ASSERT_EQ(read->runs[0].gaps.size(), 1U);
  EXPECT_EQ(read->runs[0].gaps[0].cause, "reset");
}

}  // namespace
}  // namespace ebb::imports
