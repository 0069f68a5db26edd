#include "report/run_json.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "support/sample_run.h"

namespace ebb::report {
namespace {

/// The keys of the contract, in its order.
const std::vector<std::string> kContract{"run_id",        "command",    "project",     "tags",
                                         "parent_run",    "nodes",      "begin",       "end",
                                         "exit_code",     "components", "energy_kwh",  "boundary",
                                         "pue",           "zone",       "signal",      "intensity_mean_g_per_kwh",
                                         "operational_g", "embodied_g", "emissions_g", "attributional",
                                         "consequential", "sci",        "uncertainty", "slots",
                                         "coverage",      "pauses",     "what_if",     "meter",
                                         "versions",      "warnings"};

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

bool has_warning(const Json& document, const std::string& begin) {
  for (const auto& warning : document["warnings"]) {
    if (warning.get<std::string>().rfind(begin, 0) == 0) return true;
  }
  return false;
}

TEST(RunJson, every_record_has_the_keys_of_the_contract_first_and_the_same_keys_in_all) {
  const auto expected = keys_of(run_json(test::eight_gpus()));
  ASSERT_GT(expected.size(), kContract.size());
  EXPECT_TRUE(std::equal(kContract.begin(), kContract.end(), expected.begin()));
  for (const auto& record :
       {test::modelled_vm(), test::two_nodes_one_missing(), test::crashed_with_gaps(), account::RunRecord{}}) {
    EXPECT_EQ(keys_of(run_json(record)), expected) << record.run_id;
  }
}

TEST(RunJson, what_is_null_because_it_is_not_known_has_a_line_in_the_warnings) {
  const auto vm = run_json(test::modelled_vm());
  for (const auto* key : {"signal", "intensity_mean_g_per_kwh", "operational_g", "emissions_g", "attributional",
                          "consequential", "sci", "zone", "source", "vintage", "data_quality"}) {
    EXPECT_TRUE(vm[key].is_null()) << key;
  }
  for (const auto* rung : {"gpu_g", "plus_cpu_memory_g", "plus_pue_g", "plus_embodied_g"}) {
    EXPECT_TRUE(vm["boundary"][rung].is_null()) << "without a zone there are no grams, not even of no GPU: " << rung;
  }
  EXPECT_TRUE(has_warning(vm, "zone: ")) << vm["warnings"];
  EXPECT_TRUE(has_warning(vm, "embodied_g: "));
  EXPECT_FALSE(has_warning(vm, "attributional: ")) << "one line for the zone is enough";
  const auto crash = run_json(test::crashed_with_gaps());
  EXPECT_TRUE(crash["exit_code"].is_null());
  EXPECT_TRUE(has_warning(crash, "exit_code: "));
  EXPECT_TRUE(crash["attributional"].is_null());
  EXPECT_TRUE(has_warning(crash, "attributional: "));
  EXPECT_FALSE(has_warning(run_json(test::eight_gpus()), "attributional: "));
}

TEST(RunJson, a_warning_that_begins_with_the_key_takes_the_place_of_the_general_one) {
  auto record = test::modelled_vm();
  record.warnings.emplace_back("zone: the location of this machine is ambiguous");
  const auto document = run_json(record);
  int lines = 0;
  for (const auto& warning : document["warnings"]) lines += warning.get<std::string>().rfind("zone:", 0) == 0 ? 1 : 0;
  EXPECT_EQ(lines, 1);
}

TEST(RunJson, figures_are_those_of_the_record) {
  const auto record = test::eight_gpus();
  const auto document = run_json(record);
  EXPECT_EQ(document["components"].size(), 10U);
  EXPECT_EQ(document["components"][0]["method"], "measured:nvml-counter");
  EXPECT_EQ(document["energy_kwh"].get<double>(), units::in_kwh(record.energy));
  EXPECT_EQ(document["emissions_g"].get<double>(), units::in_grams(record.consequential->emissions));
  EXPECT_EQ(document["consequential"]["operational_g"], document["operational_g"]);
  EXPECT_EQ(document["signal"], (Json{{"kind", "marginal"}, {"scope", "direct"}}));
  EXPECT_EQ(document["slots"][3]["g_per_kwh"], document["slots"][3]["consequential_g_per_kwh"]);
  EXPECT_NE(document["slots"][3]["g_per_kwh"], document["slots"][3]["attributional_g_per_kwh"]);
  EXPECT_EQ(document["slots"][3]["by_component_kwh"].size(), 10U);
  EXPECT_EQ(document["sci"]["unit"], "g CO2e per training");
  EXPECT_EQ(document["embodied_parts"].size(), 2U);
  EXPECT_EQ(document["machine"]["cpu"], "AMD EPYC 7742");
  EXPECT_EQ(document["conservation"]["others_kwh"].get<double>(), units::in_kwh(record.components[8].others));
  EXPECT_EQ(document["uncertainty"]["emissions_g"].size(), 2U);
}

TEST(RunJson, a_bin_without_reading_is_null_and_never_zero) {
  const auto document = run_json(test::eight_gpus());
  const auto& watts = document["power"]["components"][0]["watts"];
  EXPECT_TRUE(watts[5].is_null());
  EXPECT_GT(watts[4].get<double>(), 300.0);
}

TEST(RunJson, doubles_come_out_in_the_shortest_text_that_reads_back) {
  auto record = test::modelled_vm();
  record.coverage = 0.1 + 0.2;
  EXPECT_NE(dump(run_json(record)).find("\"coverage\":0.30000000000000004,"), std::string::npos);
}

TEST(RunJson, texts_that_are_no_utf8_and_numbers_that_are_none_still_give_json) {
  auto record = test::modelled_vm();
  record.command = {"\xff\xfe", std::string("a\0b", 3), "</script>"};
  record.tags = {{"\xff", "\x80"}};
  record.project = "\xed\xa0\x80";
  record.components[0].name = "\xc3";
  record.machine_json = "{\"deep\":" + std::string(100000, '[');
  record.energy = units::joules(std::numeric_limits<double>::quiet_NaN());
  const auto text = dump(run_json(record));
  const auto again = Json::parse(text, nullptr, false);
  ASSERT_FALSE(again.is_discarded());
  EXPECT_TRUE(again["energy_kwh"].is_null());
  EXPECT_TRUE(again["machine"].is_null());
  EXPECT_EQ(again["tags"].begin().value(), "\xef\xbf\xbd");
}

TEST(RunJson, a_machine_that_is_nested_too_deeply_is_left_out) {
  auto record = test::modelled_vm();
  record.machine_json = "{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}";
  EXPECT_TRUE(run_json(record)["machine"].is_null());
}

}  // namespace
}  // namespace ebb::report
