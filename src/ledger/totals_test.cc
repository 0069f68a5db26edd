#include <gtest/gtest.h>

#include "ledger/ledger_samples.h"

namespace ebb::ledger {
namespace {

RunRow run(const std::string& run_id, double joules, double grams) {
  auto row = sample_run(run_id);
  row.energy = units::joules(joules);
  row.operational = units::grams(grams);
  row.embodied = std::nullopt;
  row.emissions = units::grams(grams);
  return row;
}

TEST(Totals, law_5_figures_of_different_signal_source_or_vintage_are_never_in_one_sum) {
  auto ledger = Ledger::in_memory();
  auto other_scope = run("c", 4, 40);
  other_scope.signal = "marginal lifecycle";
  auto other_kind = run("d", 8, 80);
  other_kind.signal = "average direct";
  auto other_vintage = run("e", 16, 160);
  other_vintage.vintage = "2026";
  auto other_source = run("f", 32, 320);
  other_source.source = "SGIP";
  for (const auto& row : {run("a", 1, 10), run("b", 2, 20), other_scope, other_kind, other_vintage, other_source}) {
    ASSERT_TRUE(ledger->put(row).ok());
  }
  const auto totals = ledger->totals(TotalsBy::kAll, {});
  ASSERT_TRUE(totals.ok()) << totals.error().message;
  ASSERT_EQ(totals->size(), 5U);
  EXPECT_EQ((*totals)[0].signal, "average direct");
  EXPECT_EQ((*totals)[0].emissions, units::grams(80));
  EXPECT_EQ((*totals)[1].source, "SGIP");
  EXPECT_EQ((*totals)[2].vintage, "2025");
  EXPECT_EQ((*totals)[2].runs, 2U);
  EXPECT_EQ((*totals)[2].emissions, units::grams(30));
  EXPECT_EQ((*totals)[2].energy, units::joules(3));
  EXPECT_EQ((*totals)[3].vintage, "2026");
  EXPECT_EQ((*totals)[4].signal, "marginal lifecycle");
}

TEST(Totals, law_4_what_is_not_priced_is_not_zero_and_is_counted) {
  auto ledger = Ledger::in_memory();
  auto unpriced = run("a", 1, 0);
  unpriced.operational = unpriced.emissions = std::nullopt;
  unpriced.signal = unpriced.source = unpriced.vintage = "";
  auto part = run("b", 2, 0);
  part.emissions = std::nullopt;
  for (const auto& row : {unpriced, part, run("c", 4, 40)}) ASSERT_TRUE(ledger->put(row).ok());
  const auto totals = ledger->totals(TotalsBy::kAll, {});
  ASSERT_EQ(totals->size(), 2U);
  EXPECT_EQ((*totals)[0].signal, "");
  EXPECT_FALSE((*totals)[0].emissions.has_value());
  EXPECT_FALSE((*totals)[0].operational.has_value());
  EXPECT_EQ((*totals)[0].without_emissions, 1U);
  EXPECT_EQ((*totals)[1].runs, 2U);
  EXPECT_EQ((*totals)[1].emissions, units::grams(40));
  EXPECT_EQ((*totals)[1].without_emissions, 1U);
  EXPECT_FALSE((*totals)[1].embodied.has_value());
}

TEST(Totals, by_project_user_and_utc_month_with_the_failed_and_the_unfinished) {
  auto ledger = Ledger::in_memory();
  auto a = run("a", 1, 10);
  a.begin = at("2026-02-28T23:59:59.999Z");
  a.exit_code = 137;
  auto b = run("b", 2, 20);
  b.begin = at("2026-03-01T00:00:00Z");
  b.user = "bob";
  b.state = RunState::kLost;
  b.exit_code = std::nullopt;
  auto c = run("c", 4, 40);
  c.project = "vision";
  for (const auto& row : {a, b, c}) ASSERT_TRUE(ledger->put(row).ok());
  const auto months = ledger->totals(TotalsBy::kMonth, {});
  ASSERT_EQ(months->size(), 2U);
  EXPECT_EQ((*months)[0].group, "2026-02");
  EXPECT_EQ((*months)[0].failed, 1U);
  EXPECT_EQ((*months)[1].group, "2026-03");
  EXPECT_EQ((*months)[1].runs, 2U);
  EXPECT_EQ((*months)[1].failed, 0U);
  EXPECT_EQ((*months)[1].unfinished, 1U);
  const auto users = ledger->totals(TotalsBy::kUser, {});
  ASSERT_EQ(users->size(), 2U);
  EXPECT_EQ((*users)[0].group, "ada");
  EXPECT_EQ((*users)[0].energy, units::joules(5));
  Filter filter;
  filter.project = "nlp";
  filter.limit = 1;
  const auto projects = ledger->totals(TotalsBy::kProject, filter);
  ASSERT_EQ(projects->size(), 1U);
  EXPECT_EQ((*projects)[0].group, "nlp");
  EXPECT_EQ((*projects)[0].energy, units::joules(2)) << "the newest of the project";
}

}  // namespace
}  // namespace ebb::ledger
