#include "report/run_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "report/run_json.h"
#include "support/sample_run.h"

namespace ebb::report {
namespace {

std::vector<Json> all_samples() {
  return {run_json(test::modelled_vm()), run_json(test::eight_gpus()), run_json(test::two_nodes_one_missing()),
          run_json(test::crashed_with_gaps())};
}

/// The fields of a CSV text, quotes undone; a reader of its own, so that the writer is not its own judge.
std::vector<std::vector<std::string>> parsed(const std::string& csv) {
  std::vector<std::vector<std::string>> rows{{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted && c == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
      rows.back().back() += csv[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      rows.back().emplace_back();
    } else if (!quoted && c == '\n') {
      rows.push_back({""});
    } else {
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  return rows;
}

TEST(RunsCsv, has_one_line_a_run_under_one_header_and_empty_fields_for_what_is_not_known) {
  const auto csv = runs_csv_addition("", all_samples());
  ASSERT_TRUE(csv.ok());
  const auto rows = parsed(*csv);
  ASSERT_EQ(rows.size(), 5U);
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows[0].size());
  const auto column = [&rows](const std::string& name) {
    return static_cast<std::size_t>(std::find(rows[0].begin(), rows[0].end(), name) - rows[0].begin());
  };
  EXPECT_EQ(rows[1][column("emissions_g")], "") << "unknown, not 0";
  EXPECT_EQ(rows[1][column("zone")], "");
  EXPECT_EQ(rows[2][column("command")],
            "torchrun --nproc-per-node=8 train.py --note </script><script>alert(1)</script>");
  EXPECT_EQ(rows[2][column("tags")], "{\"model\":\"bert-base\",\"seed\":\"7\"}");
  EXPECT_EQ(rows[2][column("signal_kind")], "marginal");
  EXPECT_EQ(rows[2][column("consequential_g")], rows[2][column("emissions_g")]);
  EXPECT_NE(rows[2][column("attributional_g")], "");
  EXPECT_EQ(rows[3][column("missing_nodes")], "node3");
  EXPECT_EQ(rows[4][column("exit_code")], "");
  EXPECT_EQ(rows[4][column("coverage")], "0.91");
}

TEST(RunsCsv, a_second_run_into_the_same_file_stays_readable) {
  const auto samples = all_samples();
  std::string file;
  for (const auto& run : samples) {
    const auto more = runs_csv_addition(file, {run});
    ASSERT_TRUE(more.ok());
    file += *more;
  }
  EXPECT_EQ(file, *runs_csv_addition("", samples)) << "one by one or all at once: the same bytes, one header";
}

TEST(RunsCsv, a_line_that_a_crash_cut_short_does_not_swallow_the_next_run) {
  auto file = *runs_csv_addition("", {run_json(test::modelled_vm())});
  file += "20240502-torn,fin";
  file += *runs_csv_addition(file, {run_json(test::eight_gpus())});
  const auto rows = parsed(file);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[2].size(), 2U);
  EXPECT_EQ(rows[3][0], "20240502-gpus");
  EXPECT_EQ(rows[3].size(), rows[0].size());
}

TEST(RunsCsv, a_file_with_another_header_is_refused_with_a_sentence) {
  for (const std::string present : {"time,g_per_kwh\n", "run_id\n", "\n", "\xff\xff", "run_id,state"}) {
    const auto more = runs_csv_addition(present, all_samples());
    ASSERT_FALSE(more.ok()) << present;
    EXPECT_EQ(more.error().kind, base::ErrorKind::kBadData);
    EXPECT_NE(more.error().message.find("the file has another header"), std::string::npos) << more.error().message;
    EXPECT_NE(more.error().message.find("write to another file"), std::string::npos);
  }
}

TEST(RunsJsonl, a_second_run_into_the_same_file_is_a_second_line_that_reads_alone) {
  std::string file = *runs_jsonl_addition("", {run_json(test::eight_gpus())});
  file += *runs_jsonl_addition(file, {run_json(test::crashed_with_gaps())});
  std::istringstream lines(file);
  std::vector<std::string> ids;
  for (std::string line; std::getline(lines, line);) ids.push_back(Json::parse(line)["run_id"]);
  EXPECT_EQ(ids, (std::vector<std::string>{"20240502-gpus", "20240502-crash"}));
  EXPECT_EQ(runs_jsonl_addition(file + "{\"torn", {run_json(test::modelled_vm())})->front(), '\n');
  EXPECT_FALSE(runs_jsonl_addition("run_id,state\n", {}).ok());
}

TEST(RunsJsonl, a_first_line_of_many_megabytes_is_still_a_record) {
  auto run = run_json(test::modelled_vm());
  run["tags"]["long"] = std::string(std::size_t{3} << 20, 'x');
  const auto file = *runs_jsonl_addition("", {run});
  EXPECT_TRUE(runs_jsonl_addition(file, {run}).ok());
}

TEST(RunsJson, is_one_list_of_the_records) {
  const auto list = Json::parse(*runs_json_list(all_samples()));
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[1], run_json(test::eight_gpus()));
  EXPECT_TRUE(Json::parse(*runs_json_list({})).empty());
}

TEST(RunsTable, shows_grams_with_their_signal_and_a_dash_for_what_is_not_known) {
  const auto table = runs_table_text(all_samples());
  ASSERT_TRUE(table.ok());
  std::istringstream lines(*table);
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_NE(rows[1].find("3.19 Wh        -  -"), std::string::npos) << *table;
  EXPECT_NE(rows[2].find("2.65 kg  marginal direct"), std::string::npos) << *table;
  EXPECT_NE(rows[3].find("441 g  average lifecycle"), std::string::npos) << *table;
  EXPECT_NE(rows[4].find("lost"), std::string::npos);
}

TEST(RunsTable, a_failed_run_shows_its_code_and_a_hostile_one_moves_no_cursor) {
  auto record = test::eight_gpus();
  record.exit_code = 137;
  record.user = "\x1b[2J";
  record.command = {"Zürich Zürich Zürich Zürich Zürich Zürich Zürich"};
  const auto table = *runs_table_text({run_json(record)});
  EXPECT_NE(table.find("exit 137"), std::string::npos);
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
  EXPECT_EQ(table.find("\xef\xbf\xbd"), std::string::npos) << "no letter is cut in half: " << table;
}

TEST(RunsTable, a_document_that_is_no_record_is_an_error_everywhere) {
  const std::vector<Json> bad{Json{{"run_id", 7}}};
  EXPECT_FALSE(runs_table_text(bad).ok());
  EXPECT_FALSE(runs_csv_addition("", bad).ok());
  EXPECT_FALSE(runs_jsonl_addition("", bad).ok());
  EXPECT_FALSE(runs_json_list(bad).ok());
}

}  // namespace
}  // namespace ebb::report
