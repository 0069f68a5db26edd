#include "report/run_read.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "report/run_html.h"
#include "report/run_json.h"
#include "report/run_table.h"
#include "report/run_text.h"
#include "report/run_verify.h"
#include "support/sample_json.h"
#include "support/sample_run.h"

namespace ebb::report {
namespace {

std::string error_of(const Json& document) {
  const auto record = read_run(document);
  return record.ok() ? "" : record.error().message;
}

TEST(ReadRun, gives_back_the_record_that_the_document_says) {
  std::vector<account::RunRecord> records{test::modelled_vm(), test::eight_gpus(), test::two_nodes_one_missing(),
                                          test::crashed_with_gaps()};
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) records.push_back(test::random_run(random));
  for (const auto& record : records) {
    const auto document = run_json(record);
    const auto back = read_run(document);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back->warnings, record.warnings);
    EXPECT_EQ(test::json_difference(run_json(*back), document), "") << record.run_id;
  }
}

TEST(ReadRun, reads_what_was_written_to_a_file) {
  const auto document = run_json(test::eight_gpus());
  const auto again = Json::parse(dump(document), nullptr, false);
  ASSERT_TRUE(read_run(again).ok());
  EXPECT_EQ(dump(again), dump(document));
}

TEST(ReadRun, names_what_is_wrong) {
  const auto good = run_json(test::eight_gpus());
  const auto with = [&good](const char* pointer, Json value) {
    Json document = good;
    document[Json::json_pointer(pointer)] = std::move(value);
    return error_of(document);
  };
  EXPECT_EQ(error_of(Json::array()), "the record of a run: the document is no JSON object");
  EXPECT_EQ(with("/energy_kwh", "much"), "run \"20240502-gpus\": energy_kwh is no number");
  EXPECT_EQ(with("/energy_kwh", nullptr), "run \"20240502-gpus\": energy_kwh is no number");
  EXPECT_EQ(with("/components/2/job_kwh", 1e300), "run \"20240502-gpus\": components[2].job_kwh is too large a number");
  EXPECT_EQ(with("/slots/1/begin", "yesterday").find("run \"20240502-gpus\": slots[1].begin is no time"), 0U);
  EXPECT_EQ(with("/slots/1/by_component_kwh", Json::array({1.0})),
            "run \"20240502-gpus\": slots[1].by_component_kwh has not one energy for each component");
  EXPECT_EQ(with("/pue", 0.5), "run \"20240502-gpus\": pue is 0.5, below 1");
  EXPECT_EQ(with("/schema", "ebb-run-9").find("run \"20240502-gpus\": schema is not ebb-run-1"), 0U);
  EXPECT_EQ(with("/uncertainty/energy_kwh", Json::array({2.0, 1.0})),
            "run \"20240502-gpus\": uncertainty.energy_kwh is no list of two numbers, the lower first");
  EXPECT_EQ(with("/consequential/signal/kind", "certain"),
            "run \"20240502-gpus\": consequential.signal.kind or scope is no word of a signal");
  EXPECT_EQ(with("/exit_code", 0.5), "run \"20240502-gpus\": exit_code is no whole number that a count can be");
  EXPECT_EQ(with("/end", "2020-01-01T00:00:00Z"), "run \"20240502-gpus\": end is before the begin");
}

TEST(ReadRun, a_missing_key_of_the_contract_is_an_error_that_names_it) {
  const auto good = run_json(test::eight_gpus());
  for (const auto* key : {"run_id", "command", "tags", "nodes", "begin", "end", "components", "energy_kwh", "boundary",
                          "pue", "embodied_g", "slots", "coverage", "pauses", "what_if", "versions", "warnings"}) {
    Json document = good;
    document.erase(key);
    EXPECT_NE(error_of(document).find(std::string(key) + " is missing"), std::string::npos) << key;
  }
}

/// Every value of the document in turn replaced by something else: an error or a record, never a crash, and what takes
/// the record for sound must bear it as well.
TEST(ReadRun, bears_any_value_in_any_place) {
  const auto good = test::sample_run_document(test::crashed_with_gaps());
  const std::vector<Json> strange{nullptr,
                                  true,
                                  -1,
                                  1e24,
                                  5e-324,
                                  "",
                                  "text",
                                  Json::array(),
                                  Json::object(),
                                  Json::array({nullptr}),
                                  -1e24,
                                  "2150-12-31T23:59:59Z"};
  int refused = 0;
  int taken = 0;
  for (const auto& pointer : test::places_of(good["run"])) {
    for (const auto& value : strange) {
      Json document = good;
      document["run"][Json::json_pointer(pointer)] = value;
      const auto record = read_run(document["run"]);
      record.ok() ? ++taken : ++refused;
      EXPECT_EQ(check_run_document(document).ok(), record.ok()) << pointer;
      if (!record.ok()) {
        EXPECT_FALSE(verify_run(document["run"]).ok());
        continue;
      }
      EXPECT_FALSE(run_text(*record, false).empty());
      EXPECT_FALSE(run_detail_text(*record, true).empty());
      EXPECT_TRUE(verify_run(document["run"]).ok()) << pointer << " " << value;
      EXPECT_TRUE(runs_csv_addition("", {document["run"]}).ok());
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(taken, 300);
}

TEST(ReadRun, deep_nesting_is_refused_before_it_can_fill_the_stack) {
  Json document = run_json(test::modelled_vm());
  document["machine"] = Json::parse(std::string(50000, '[') + std::string(50000, ']'));
  EXPECT_NE(error_of(document).find("nested too deeply"), std::string::npos);
}

}  // namespace
}  // namespace ebb::report
