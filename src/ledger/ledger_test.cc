#include "ledger/ledger.h"

#include <gtest/gtest.h>

#include "ledger/ledger_samples.h"

namespace ebb::ledger {
namespace {

std::string names(const base::Expected<std::vector<RunRow>>& rows) {
  std::string text;
  for (const auto& row : *rows) text += (text.empty() ? "" : " ") + row.run_id;
  return text;
}

TEST_F(LedgerFile, what_is_put_is_found_by_id_and_by_the_begin_of_its_id) {
  RunRow bare;
  bare.run_id = "bare";
  {
    auto ledger = Ledger::open(path());
    ASSERT_TRUE(ledger.ok()) << ledger.error().message;
    ASSERT_TRUE(ledger->put(sample_run("01jd4x")).ok());
    ASSERT_TRUE(ledger->put(sample_run("01jd4y")).ok());
    ASSERT_TRUE(ledger->put(bare).ok());
  }
  auto ledger = Ledger::open(path());
  ASSERT_TRUE(ledger.ok());
  EXPECT_EQ(*ledger->find("01jd4x"), sample_run("01jd4x"));
  EXPECT_EQ(*ledger->find("01jd4y"), sample_run("01jd4y"));
  EXPECT_EQ(*ledger->find("b"), bare);
  const auto several = ledger->find("01j");
  EXPECT_EQ(several.error().kind, base::ErrorKind::kUsage);
  EXPECT_EQ(several.error().message, "2 runs begin with \"01j\": give more of the id. They are 01jd4x, 01jd4y");
  const auto none = ledger->find("01jd4z");
  EXPECT_EQ(none.error().kind, base::ErrorKind::kNoData);
  EXPECT_EQ(none.error().message, path() + ": has no run \"01jd4z\"; nearest: 01jd4x, 01jd4y");
  EXPECT_FALSE(ledger->find("").ok());
  EXPECT_FALSE(ledger->find("01jd4x%").ok());
  EXPECT_FALSE(ledger->find("\xFF\xFF").ok());
}

TEST(Ledger, that_is_empty_says_so_and_a_whole_id_wins_over_longer_ones) {
  auto ledger = Ledger::in_memory();
  ASSERT_TRUE(ledger.ok());
  EXPECT_EQ(ledger->find("x").error().message, ":memory:: has no run \"x\": it is empty");
  ASSERT_TRUE(ledger->put(sample_run("a")).ok());
  ASSERT_TRUE(ledger->put(sample_run("ab")).ok());
  EXPECT_EQ(ledger->find("a")->run_id, "a");
  EXPECT_TRUE(ledger->check().ok());
}

TEST(Ledger, a_run_goes_from_running_or_lost_to_finished_and_then_stands) {
  auto ledger = Ledger::in_memory();
  ASSERT_TRUE(ledger->put(running("r")).ok());
  auto lost = running("r");
  lost.state = RunState::kLost;
  lost.tags = {{"a", "1"}, {"b", "2"}};
  ASSERT_TRUE(ledger->put(lost).ok());
  EXPECT_EQ(*ledger->find("r"), lost);
  ASSERT_TRUE(ledger->put(sample_run("r")).ok());
  EXPECT_EQ(*ledger->find("r"), sample_run("r")) << "tags of before are gone";
  EXPECT_TRUE(ledger->put(sample_run("r")).ok()) << "the same again, as a rebuild does";
  for (auto other : {running("r"), lost, sample_run("r")}) {
    other.energy = units::joules(2);
    const auto status = ledger->put(other);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().kind, base::ErrorKind::kUsage);
    EXPECT_NE(status.error().message.find("has finished"), std::string::npos) << status.error().message;
  }
  EXPECT_EQ(*ledger->find("r"), sample_run("r"));
}

TEST(Ledger, rows_that_cannot_be_true_are_refused) {
  auto ledger = Ledger::in_memory();
  const auto refusal = [&](const RunRow& row) {
    const auto status = ledger->put(row);
    return status.ok() ? std::string() : status.error().message;
  };
  EXPECT_EQ(refusal(RunRow()), "a run without a run_id cannot be put into the ledger");
  auto row = sample_run("r");
  row.energy = units::joules(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(refusal(row), "run \"r\" cannot be put into the ledger: its energy is not finite");
  row = sample_run("r");
  row.embodied = units::grams(std::numeric_limits<double>::infinity());
  EXPECT_NE(refusal(row), "");
  row = sample_run("r");
  row.end = std::nullopt;
  EXPECT_NE(refusal(row).find("has no end"), std::string::npos);
  row = sample_run("r");
  row.node_count = -1;
  EXPECT_NE(refusal(row).find("no node"), std::string::npos);
  row = sample_run("r");
  for (const auto begin : {time::Instant::min(), time::Instant::max()}) {
    row.begin = begin;
    EXPECT_NE(refusal(row).find("years 1900"), std::string::npos);
  }
  EXPECT_EQ(names(ledger->list({})), "");
}

TEST(Ledger, texts_with_quotes_zeros_and_other_bytes_come_back_as_they_were) {
  auto ledger = Ledger::in_memory();
  auto row = sample_run("r'; DROP TABLE runs; --");
  row.command = std::string("a\0b\xFF", 4);
  row.tags = {{"", ""},
              {"k\0"
               "y",
               "\xFE"}};
  row.record_json.assign(3'000'000, 'x');
  ASSERT_TRUE(ledger->put(row).ok());
  EXPECT_EQ(*ledger->find("r'"), row);
}

TEST(Ledger, lists_the_newest_first_and_only_what_is_asked_for) {
  auto ledger = Ledger::in_memory();
  const char* begins[] = {"2026-01-01T00:00:00Z", "2026-01-31T23:59:59.999999999Z", "2026-02-01T00:00:00Z",
                          "2026-02-01T00:00:00Z"};
  for (int i = 0; i < 4; ++i) {
    auto row = sample_run(std::string(1, static_cast<char>('a' + i)));
    row.begin = at(begins[i]);
    row.project = i < 2 ? "nlp" : "vision";
    row.user = i % 2 == 0 ? "ada" : "bob";
    row.tags = {{"seed", std::to_string(i)}, {"model", "bert"}};
    row.parent_run = i == 3 ? "c" : "";
    ASSERT_TRUE(ledger->put(row).ok());
  }
  ASSERT_TRUE(ledger->put(running("e")).ok());
  EXPECT_EQ(names(ledger->list({})), "e d c b a");
  Filter filter;
  filter.project = "nlp";
  EXPECT_EQ(names(ledger->list(filter)), "b a");
  filter.user = "bob";
  EXPECT_EQ(names(ledger->list(filter)), "b");
  filter = {};
  filter.tags = {{"model", "bert"}};
  EXPECT_EQ(names(ledger->list(filter)), "d c b a");
  filter.tags["seed"] = "2";
  EXPECT_EQ(names(ledger->list(filter)), "c");
  filter = {};
  filter.to = at("2026-02-01T00:00:00Z");
  EXPECT_EQ(names(ledger->list(filter)), "b a");
  filter.from = at("2026-01-01T00:00:00.000000001Z");
  EXPECT_EQ(names(ledger->list(filter)), "b");
  filter = {};
  filter.state = RunState::kRunning;
  EXPECT_EQ(names(ledger->list(filter)), "e");
  filter = {};
  filter.parent_run = "c";
  EXPECT_EQ(names(ledger->list(filter)), "d");
  filter.parent_run = "";
  filter.limit = 2;
  EXPECT_EQ(names(ledger->list(filter)), "e c");
  filter.limit = 0;
  EXPECT_EQ(names(ledger->list(filter)), "");
}

TEST(Ledger, a_restated_run_keeps_what_stood_before) {
  auto ledger = Ledger::in_memory();
  ASSERT_TRUE(ledger->put(sample_run("r")).ok());
  auto second = sample_run("r");
  second.vintage = "2026";
  second.emissions = units::grams(1400);
  second.record_json = "{\"again\":1}";
  ASSERT_TRUE(ledger->restate(second, "the provider revised its data", at("2026-06-01T00:00:00Z")).ok());
  auto third = second;
  third.tags = {{"model", "gpt"}};
  ASSERT_TRUE(ledger->restate(third, "wrong tag", at("2026-06-02T00:00:00Z")).ok());
  ASSERT_TRUE(ledger->restate(third, "nothing differs", at("2026-06-03T00:00:00Z")).ok());
  EXPECT_EQ(*ledger->find("r"), third);
  const auto all = ledger->restatements("r");
  ASSERT_TRUE(all.ok()) << all.error().message;
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].reason, "the provider revised its data");
  EXPECT_EQ((*all)[0].at, at("2026-06-01T00:00:00Z"));
  EXPECT_EQ((*all)[0].before, sample_run("r"));
  EXPECT_EQ((*all)[0].after, second);
  EXPECT_EQ((*all)[1].before, second);
  EXPECT_EQ((*all)[1].after, third);
  EXPECT_TRUE(ledger->restatements("other")->empty());
}

TEST(Ledger, only_finished_runs_are_restated) {
  auto ledger = Ledger::in_memory();
  const auto now = at("2026-06-01T00:00:00Z");
  EXPECT_EQ(ledger->restate(sample_run("r"), "why", now).error().kind, base::ErrorKind::kNoData);
  ASSERT_TRUE(ledger->put(running("r")).ok());
  EXPECT_NE(ledger->restate(sample_run("r"), "why", now).error().message.find("is running"), std::string::npos);
  ASSERT_TRUE(ledger->put(sample_run("r")).ok());
  auto lost = sample_run("r");
  lost.state = RunState::kLost;
  EXPECT_NE(ledger->restate(lost, "why", now).error().message.find("is lost"), std::string::npos);
  EXPECT_TRUE(ledger->restatements("r")->empty());
}

TEST(Ledger, history_is_of_the_same_command_where_it_succeeded) {
  auto ledger = Ledger::in_memory();
  for (int i = 0; i < 6; ++i) {
    auto row = sample_run("r" + std::to_string(i));
    row.begin = at("2026-03-01T10:00:00Z") + std::chrono::hours(i);
    row.end = row.begin + std::chrono::minutes(10 * (i + 1));
    row.energy = units::joules(i);
    if (i == 1) row.exit_code = 1;
    if (i == 2) row.command += " ";
    if (i == 3) row.state = RunState::kLost;
    if (i == 5) row.end = row.begin - std::chrono::seconds(1);  // somebody set the clock back while it ran
    ASSERT_TRUE(ledger->put(row).ok());
  }
  const auto past = ledger->history(sample_run("").command);
  ASSERT_EQ(past->size(), 2U);
  EXPECT_EQ((*past)[0].duration, std::chrono::minutes(50));
  EXPECT_EQ((*past)[0].energy, units::joules(4));
  EXPECT_EQ((*past)[1].duration, std::chrono::minutes(10));
  EXPECT_EQ(ledger->history(sample_run("").command, 1)->size(), 1U);
  EXPECT_TRUE(ledger->history("")->empty());
}

}  // namespace
}  // namespace ebb::ledger
