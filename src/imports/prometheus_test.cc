#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "imports/import.h"
#include "imports/matrix_json.h"
#include "imports/run_checks.h"
#include "time/text.h"

namespace ebb::imports {
namespace {

constexpr double kBegin = 1714557600;  // 2024-05-01T10:00:00Z

std::string labels(const std::string& board, const std::string& host, const std::string& more = "") {
  return fmt::format(R"({{"__name__":"DCGM_FI_DEV_POWER_USAGE","gpu":"{}","UUID":"GPU-{}-{}","Hostname":"{}",)"
                     R"("modelName":"NVIDIA H100 80GB HBM3","instance":"10.0.0.1:9400","job":"dcgm"{}}})",
                     board, host, board, host, more);
}

std::string series(const std::string& metric, const std::string& values) {
  return fmt::format(R"({{"metric":{},"values":[{}]}})", metric, values);
}

/// Every `step` s from kBegin + `from`.
std::string values(std::vector<std::string> texts, double step = 15, double from = 0) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out += fmt::format(R"({}[{},"{}"])", i > 0 ? "," : "", kBegin + from + step * static_cast<double>(i), texts[i]);
  }
  return out;
}

std::string answer(const std::string& all) {
  return fmt::format(R"({{"status":"success","data":{{"resultType":"matrix","result":[{}]}}}})", all);
}

base::Expected<Imported> imported(const std::string& all, const ImportOptions& options = {}) {
  return import_runs(Format::kPrometheus, answer(all), "power.json", options);
}

ImportOptions in_unit(const std::string& unit) {
  ImportOptions options;
  options.unit = unit;
  return options;
}

std::string message_of(const base::Expected<Imported>& result) {
  return result ? "it was taken" : result.error().message;
}

bool mentions(const std::vector<std::string>& texts, const std::string& words) {
  return std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.find(words) != text.npos; });
}

TEST(PrometheusTest, SeriesOfDcgmAreBoardsOfOneRun) {
  const auto read = imported(series(labels("0", "n1"), values({"100", "300", "300"})) + "," +
                             series(labels("1", "n1"), values({"50", "50", "50"})) + "," +
                             series(labels("0", "n2"), values({"10", "10", "10"})));
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs.size(), 1U);
  const auto& run = read->runs[0];
  EXPECT_EQ(fault_of(run), "");
  ASSERT_EQ(run.components.size(), 3U);
  EXPECT_EQ(run.nodes.size(), 2U);
  EXPECT_EQ(run.components[0].component.name, "gpu0");
  EXPECT_EQ(run.components[0].node, "n1");
  EXPECT_EQ(run.components[0].component.device, "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(run.components[0].component.kind, hardware::ComponentKind::kGpu);
  EXPECT_EQ(run.components[0].component.method, "imported:prometheus-power");
  EXPECT_DOUBLE_EQ(units::in_joules(run.components[0].job), 200 * 15 + 300 * 15);
  EXPECT_DOUBLE_EQ(units::in_joules(run.components[1].job), 1500);
  EXPECT_EQ(time::text_of(run.when().begin), "2024-05-01T10:00:00Z");
  EXPECT_EQ(time::text_of(run.when().end), "2024-05-01T10:00:30Z");
  EXPECT_TRUE(mentions(read->understood, "DCGM_FI_DEV_POWER_USAGE: a power in W"));
}

TEST(PrometheusTest, ACounterOfJoulesIsItsDifferences) {
  const auto read = imported(series(R"({"__name__":"node_rapl_package_joules_total","index":"0","instance":"n1:9100"})",
                                    values({"1000", "4000", "100", "400"})));
  ASSERT_TRUE(read) << message_of(read);
  const auto& run = read->runs[0];
  EXPECT_EQ(fault_of(run), "");
  EXPECT_EQ(run.components[0].component.method, "imported:prometheus-counter");
  EXPECT_EQ(run.components[0].component.kind, hardware::ComponentKind::kCpu);
  EXPECT_EQ(run.nodes[0].name, "n1");
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(run)), 3300);
  ASSERT_EQ(run.gaps.size(), 1U);
  EXPECT_EQ(run.gaps[0].cause, "reset");
}

TEST(PrometheusTest, AValueWithoutANameNeedsItsUnit) {
  const std::string one = series("{}", values({"1000", "1000"}));
  const auto asked = imported(one);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, base::ErrorKind::kUsage);
  EXPECT_NE(asked.error().message.find("--unit"), std::string::npos);
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(imported(one, in_unit("W"))->runs[0])), 15000);
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(imported(one, in_unit("mW"))->runs[0])), 15);
  const auto against = imported(series(labels("0", "n"), values({"1000", "1000"})), in_unit("mW"));
  EXPECT_TRUE(mentions(against->warnings, "--unit says mW"));
}

TEST(PrometheusTest, GapsAreNotBridgedAndNaNIsNoReading) {
  const auto read =
      imported(series(labels("0", "n"), values({"100", "100", "NaN", "100"}) + "," + values({"100", "100"}, 15, 3600)));
  ASSERT_TRUE(read) << message_of(read);
  const auto& run = read->runs[0];
  EXPECT_EQ(fault_of(run), "");
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(run)), 100 * (45 + 15));
  ASSERT_EQ(run.gaps.size(), 1U);
  EXPECT_EQ(run.gaps[0].when.length(), std::chrono::seconds(3600 - 45));
  EXPECT_TRUE(mentions(run.notes, "1 readings are no number"));
  EXPECT_LT(run.components[0].covered, run.when().length());
}

TEST(PrometheusTest, ABoardThatTwoPodsHadOneAfterTheOtherIsOneComponentAndTwoAtOnceAreRefused) {
  const auto first = series(labels("0", "n", R"(,"pod":"a")"), values({"100", "100"}));
  const auto after = series(labels("0", "n", R"(,"pod":"b")"), values({"100", "100"}, 15, 30));
  const auto read = imported(after + "," + first);
  ASSERT_TRUE(read) << message_of(read);
  ASSERT_EQ(read->runs[0].components.size(), 1U);
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 4500);
  const auto mig = series(labels("0", "n", R"(,"GPU_I_ID":"7")"), values({"100", "100"}));
  EXPECT_NE(message_of(imported(first + "," + mig)).find("two series at the same time"), std::string::npos);
}

TEST(PrometheusTest, TwoMetricsInOneFileAreRefusedAsTheyMayBeTheSameJoules) {
  const auto one = series(R"({"__name__":"a_watts"})", values({"1", "1"}));
  const auto two = series(R"({"__name__":"b_watts"})", values({"1", "1"}));
  EXPECT_NE(message_of(imported(one + "," + two)).find("several metrics (a_watts, b_watts)"), std::string::npos);
}

TEST(PrometheusTest, SeriesWithoutABoardAreNamedByTheLabelsThatTellThemApart) {
  const auto one = series(R"({"__name__":"pdu_watts","outlet":"3","instance":"pdu:80"})", values({"1", "1"}));
  const auto two = series(R"({"__name__":"pdu_watts","outlet":"4","instance":"pdu:80"})", values({"1", "1"}));
  const auto read = imported(one + "," + two);
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_EQ(read->runs[0].components[1].component.name, "outlet=4");
  EXPECT_EQ(read->runs[0].components[1].component.kind, hardware::ComponentKind::kOther);
}

TEST(PrometheusTest, WhatIsNoRangeQueryIsSaid) {
  const auto message = [](const std::string& text) {
    return message_of(import_runs(Format::kPrometheus, text, "p.json", {}));
  };
  EXPECT_NE(message("{\"data\":\n{\"resultType\":\"matrix\",}}").find("p.json:2: it is no JSON"), std::string::npos);
  EXPECT_NE(message(R"({"status":"success","data":{"resultType":"vector","result":[{"value":[1,"2"]}]}})")
                .find("/api/v1/query_range"),
            std::string::npos);
  EXPECT_NE(message(R"({"status":"error","errorType":"bad_data","error":"parse error at 3"})").find("parse error at 3"),
            std::string::npos);
  EXPECT_NE(message(answer("")).find("no series with values"), std::string::npos);
  EXPECT_NE(message(answer(series("{}", "[1714557600,5]"))).find("series 1, value 1"), std::string::npos);
  EXPECT_NE(message(answer(series("{}", "[1714557600,\"five\"]"))).find("\"five\" is no number"), std::string::npos);
  EXPECT_NE(message(answer(series("{}", "[1e300,\"5\"]"))).find("1900 to 2150"), std::string::npos);
  EXPECT_NE(message(answer(series("{}", "[1714557600]"))).find("not like"), std::string::npos);
  EXPECT_NE(message(answer(series("{}", "[[1],\"5\"]"))).find("not like"), std::string::npos);
}

TEST(PrometheusTest, DisorderAndNegativePowersAreRefused) {
  const auto twice = series(labels("0", "n"), values({"1", "1"}) + "," + values({"1"}));
  EXPECT_NE(message_of(imported(twice)).find("gpu0: value 3"), std::string::npos) << message_of(imported(twice));
  const auto negative = series(labels("0", "n"), values({"1", "-1"}));
  EXPECT_NE(message_of(imported(negative)).find("value 2 is -1"), std::string::npos);
  EXPECT_FALSE(imported(series(labels("0", "n"), values({"1"}))));
}

TEST(PrometheusTest, TheServersWarningsArePassedOnAndUnknownMembersSkipped) {
  const std::string text = R"({"infos":[["x"]],"warnings":["partial"],"status":"success","data":{"stats":{"a":[1]},)"
                           R"("result":[{"histograms":[[1,{"count":"2"}]],"metric":{"__name__":"a_watts"},"values":)"
                           R"([[1714557600.5,"1"],[1714557615.5,"3"]]}],"resultType":"matrix"}})";
  const auto read = import_runs(Format::kPrometheus, text, "p.json", {});
  ASSERT_TRUE(read) << message_of(read);
  EXPECT_TRUE(mentions(read->warnings, "the server said: partial"));
  EXPECT_DOUBLE_EQ(units::in_joules(energy_of(read->runs[0])), 30);
}

TEST(PrometheusTest, DeepNestingCostsNoStack) {
  const std::string deep = R"({"x":)" + std::string(200000, '[') + std::string(200000, ']') + "}";
  EXPECT_FALSE(parse_matrix(deep, "p.json"));
  EXPECT_FALSE(parse_matrix(std::string(200000, '['), "p.json"));
}

TEST(PrometheusTest, EnergyIsConservedHoweverSeriesAreCut) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int round = 0; round < 50; ++round) {
    double now = 0.0;
    double before = 0.0;
    double expected = 0.0;
    std::string pieces[2];
    for (int i = 0; i < 300; ++i) {
      const double watts = 700 * unit(random);
      const double step = 10 + std::floor(20 * unit(random));
      if (i > 0) {
        now += step;
        expected += (before + watts) / 2 * step;
      }
      auto& into = pieces[i < 150 ? 0 : 1];
      into += fmt::format(R"({}[{},"{}"])", into.empty() ? "" : ",", kBegin + now, watts);
      before = watts;
    }
    const auto read = imported(series(labels("0", "n", R"(,"pod":"b")"), pieces[1]) + "," +
                               series(labels("0", "n", R"(,"pod":"a")"), pieces[0]));
    ASSERT_TRUE(read) << message_of(read);
    ASSERT_EQ(fault_of(read->runs[0]), "");
    EXPECT_NEAR(units::in_joules(energy_of(read->runs[0])), expected, 1e-9 * expected);
  }
}

}  // namespace
}  // namespace ebb::imports
