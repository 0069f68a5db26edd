#include "report/run_campaign.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "report/run_campaign_report.h"
#include "report/run_json.h"
#include "support/sample_run.h"
#include "units/format.h"

namespace ebb::report {
namespace {

CampaignTotals totals_of(const std::vector<account::RunRecord>& records,
                         const std::optional<Functional>& functional = std::nullopt) {
  std::vector<Json> documents;
  for (const auto& record : records) documents.push_back(run_json(record));
  auto totals = campaign(documents, functional);
  EXPECT_TRUE(totals.ok()) << (totals.ok() ? "" : totals.error().message);
  return totals.ok() ? *std::move(totals) : CampaignTotals{};
}

account::RunRecord named(account::RunRecord record, const std::string& id) {
  record.run_id = id;
  return record;
}

const CampaignLine& line_of(const CampaignTotals& totals, carbon::BookKind book) {
  for (const auto& line : totals.lines) {
    if (line.book == book) return line;
  }
  ADD_FAILURE() << "no such line";
  return totals.lines.front();
}

double grams(units::Emissions value) { return units::in_grams(value); }

TEST(Campaign, sums_runs_by_signal_and_counts_what_has_no_grams) {
  const auto vm = test::modelled_vm();
  const auto gpus = test::eight_gpus();
  const auto nodes = test::two_nodes_one_missing();
  const auto totals = totals_of({vm, gpus, nodes});
  ASSERT_EQ(totals.lines.size(), 2U);
  const auto& average = line_of(totals, carbon::BookKind::kAttributional);
  const auto& marginal = line_of(totals, carbon::BookKind::kConsequential);
  EXPECT_DOUBLE_EQ(grams(average.emissions),
                   grams(gpus.attributional->emissions) + grams(nodes.attributional->emissions));
  EXPECT_DOUBLE_EQ(grams(marginal.emissions), grams(gpus.consequential->emissions));
  EXPECT_EQ(average.zones, (std::vector<std::string>{"US-CAL-CISO", "DE"}));
  EXPECT_EQ(average.runs, 2U);
  EXPECT_DOUBLE_EQ(units::in_kwh(totals.all.energy.value),
                   units::in_kwh(vm.energy) + units::in_kwh(gpus.energy) + units::in_kwh(nodes.energy));
  EXPECT_EQ(totals.without_emissions, std::vector<std::string>{"20240502-vm"});
  EXPECT_EQ(totals.missing_nodes, std::vector<std::string>{"20240502-two: node3"});
  EXPECT_EQ(totals.without_embodied.size(), 2U);
  EXPECT_NEAR(totals.energy_quality.measured + totals.energy_quality.modelled, 1.0, 1e-12);
}

TEST(Campaign, never_puts_two_vintages_sources_or_scopes_into_one_sum) {
  const auto first = test::crashed_with_gaps();
  std::vector<account::RunRecord> records{first};
  for (int i = 0; i < 3; ++i) records.push_back(named(first, "other-" + std::to_string(i)));
  records[1].consequential->vintage = "2025";
  records[2].consequential->source = "another model";
  records[3].consequential->signal.scope = series::SignalScope::kLifecycle;
  const auto totals = totals_of(records);
  ASSERT_EQ(totals.lines.size(), 4U);
  for (const auto& line : totals.lines) {
    EXPECT_EQ(line.runs, 1U);
    EXPECT_DOUBLE_EQ(grams(line.emissions), grams(first.consequential->emissions));
    EXPECT_FALSE(line.per_unit.has_value()) << "a part of the runs over all of R would be too low";
  }
  EXPECT_EQ(campaign_text(totals).find(units::text_of(first.consequential->emissions * 2.0)), std::string::npos);
}

TEST(Campaign, failed_and_tuning_runs_are_counted_apart_and_cost_each_unit_their_share) {
  auto done = named(test::eight_gpus(), "final");
  auto tuning = named(test::eight_gpus(), "search");
  tuning.tags["kind"] = "tuning";
  auto failed = named(test::eight_gpus(), "oom");
  failed.exit_code = 1;
  failed.tags["tuning"] = "";
  auto running = named(test::eight_gpus(), "now");
  running.state = "running";
  running.exit_code = std::nullopt;
  const auto totals = totals_of({done, tuning, failed, running});
  for (std::size_t i = 0; i < kRunClasses; ++i) EXPECT_EQ(totals.by_class[i].runs, 1U) << i;
  const auto& line = line_of(totals, carbon::BookKind::kConsequential);
  const double each = grams(done.consequential->emissions);
  EXPECT_DOUBLE_EQ(grams(line.by_class[static_cast<std::size_t>(RunClass::kFailed)]), each);
  ASSERT_TRUE(totals.functional.has_value());
  EXPECT_EQ(totals.functional->count, 1.0) << "only the run that is done delivered a training";
  ASSERT_TRUE(line.per_unit.has_value());
  EXPECT_DOUBLE_EQ(grams(*line.per_unit), 4.0 * each);
  const auto per_token = totals_of({done, tuning}, Functional{"token", 1e6});
  EXPECT_DOUBLE_EQ(grams(*line_of(per_token, carbon::BookKind::kConsequential).per_unit), 2.0 * each / 1e6);
}

TEST(Campaign, has_no_sci_where_the_units_differ_or_nothing_was_delivered) {
  auto epoch = named(test::eight_gpus(), "e");
  epoch.functional_unit = "epoch";
  EXPECT_FALSE(totals_of({test::eight_gpus(), epoch}).functional.has_value());
  auto failed = test::eight_gpus();
  failed.exit_code = 1;
  const auto totals = totals_of({failed});
  EXPECT_FALSE(totals.functional.has_value());
  EXPECT_FALSE(totals.warnings.empty());
}

TEST(Campaign, a_run_inside_another_one_of_the_list_is_not_added_twice) {
  const auto parent = test::eight_gpus();
  auto child = named(test::eight_gpus(), "child");
  child.parent_run = parent.run_id;
  child.when.begin += std::chrono::minutes(5);
  const auto totals = totals_of({child, parent});
  EXPECT_EQ(totals.all.runs, 1U);
  EXPECT_EQ(totals.nested, std::vector<std::string>{"child"});
  auto elsewhere = child;
  elsewhere.nodes = {"another-machine"};
  EXPECT_EQ(totals_of({elsewhere, parent}).all.runs, 2U) << "another machine was not measured by the parent";
  auto later = child;
  later.when = {parent.when.end, parent.when.end + std::chrono::hours(1)};
  EXPECT_EQ(totals_of({later, parent}).all.runs, 2U) << "a run after its parent goes on from it";
  auto self = parent;
  self.parent_run = child.run_id;
  child.when = self.when;
  EXPECT_EQ(totals_of({self, child}).all.runs, 2U) << "records that name each other: none is dropped";
}

TEST(Campaign, a_run_that_comes_twice_is_refused) {
  const auto document = run_json(test::eight_gpus());
  const auto totals = campaign({document, document});
  ASSERT_FALSE(totals.ok());
  EXPECT_NE(totals.error().message.find("comes twice"), std::string::npos);
  EXPECT_FALSE(campaign({Json::array()}).ok());
  EXPECT_EQ(campaign({document}, Functional{"token", 0.0}).error().kind, base::ErrorKind::kUsage);
}

TEST(Campaign, users_months_and_runs_each_add_up_to_the_whole) {
  std::mt19937_64 random(5);
  std::vector<account::RunRecord> records;
  for (int i = 0; i < 60; ++i) {
    auto record = named(test::random_run(random), "r" + std::to_string(i));
    record.user = i % 3 == 0 ? "ada" : i % 3 == 1 ? "bob" : "";
    record.when.begin += std::chrono::hours(24 * i);
    record.when.end += std::chrono::hours(24 * i);
    records.push_back(std::move(record));
  }
  const auto totals = totals_of(records);
  EXPECT_EQ(totals.by_user.size(), 3U);
  EXPECT_EQ(totals.by_user[2].name, "unknown");
  EXPECT_EQ(totals.by_month.front().name, "2024-05");
  EXPECT_EQ(totals.by_month.size(), 2U);
  for (const auto* groups : {&totals.by_user, &totals.by_month, &totals.runs}) {
    EnergySum sum;
    std::vector<double> emissions(totals.lines.size(), 0.0);
    std::size_t without = 0;
    for (const auto& group : *groups) {
      sum.runs += group.sum.runs;
      sum.energy.value += group.sum.energy.value;
      without += group.without_emissions;
      for (std::size_t i = 0; i < emissions.size(); ++i)
        emissions[i] += grams(group.emissions[i].value_or(units::Emissions{}));
    }
    EXPECT_EQ(sum.runs, records.size());
    EXPECT_NEAR(units::in_kwh(sum.energy.value), units::in_kwh(totals.all.energy.value), 1e-9);
    EXPECT_EQ(without, totals.without_emissions.size());
    for (std::size_t i = 0; i < emissions.size(); ++i) {
      EXPECT_NEAR(emissions[i], grams(totals.lines[i].emissions), 1e-6 * std::fabs(emissions[i]) + 1e-9);
    }
  }
}

TEST(CampaignReport, says_the_grams_first_one_line_a_signal_and_names_what_is_left_out) {
  const auto totals =
      totals_of({test::modelled_vm(), test::eight_gpus(), test::two_nodes_one_missing(), test::crashed_with_gaps()});
  const auto text = campaign_text(totals);
  for (const auto* part : {"4 runs (3 done, 1 failed)", "average lifecycle, Sample series",
                           "marginal direct, Sample series", "2.32 kg", "2.70 kg", "never added to each other",
                           "20240502-vm", "20240502-two: node3", "2 of 4 runs have no figure of marginal direct"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const auto document = campaign_json(totals);
  EXPECT_EQ(document["lines"].size(), 2U);
  EXPECT_TRUE(document["by_run"][0]["emissions_g"][0].is_null()) << "unknown, not 0 g";
  EXPECT_EQ(document["without_emissions"][0], "20240502-vm");
}

TEST(CampaignReport, each_csv_row_has_one_signal_or_no_grams) {
  const auto csv = campaign_csv(totals_of({test::modelled_vm(), test::eight_gpus(), test::crashed_with_gaps()}));
  std::istringstream lines(csv);
  std::string header;
  std::getline(lines, header);
  const auto commas = std::count(header.begin(), header.end(), ',');
  int rows = 0;
  for (std::string line; std::getline(lines, line); ++rows) {
    // The only commas inside fields are those of the source.
    const bool quoted = line.find('"') != std::string::npos;
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), commas + (quoted ? 1 : 0)) << line;
    if (line.rfind("run,20240502-vm", 0) == 0) {
      EXPECT_EQ(line.substr(line.size() - 9), ",,,,,,,,,") << line;
    }
  }
  EXPECT_EQ(rows, 1 + 2 + 2 + 2 + 2 + 4);
}

TEST(CampaignReport, html_is_one_page_without_scripts_that_takes_hostile_text_as_text) {
  auto record = test::eight_gpus();
  record.run_id = "<script>alert(1)</script>";
  record.user = "<img src=x onerror=alert(2)>";
  record.consequential->source = "\"><b>";
  const auto page = campaign_html(totals_of({record, test::crashed_with_gaps()}), "<!--EBB_BODY--><i>");
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("<b>"), std::string::npos);
  EXPECT_EQ(page.find("<i>"), std::string::npos);
  EXPECT_EQ(page.find("<!--EBB_"), std::string::npos) << "every place is filled, the title fills none";
  EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos);
  EXPECT_EQ(page.find("http"), page.find("http-equiv")) << "nothing is fetched";
  EXPECT_NE(page.find("(failed)"), std::string::npos);
}

TEST(CampaignReport, paper_escapes_what_others_wrote) {
  auto record = test::eight_gpus();
  record.user = "a_b%";
  const auto latex = campaign_paper(totals_of({record}), Markup::kLatex);
  EXPECT_NE(latex.find("a\\_b\\%"), std::string::npos) << latex;
  EXPECT_NE(latex.find("\\begin{tabular}"), std::string::npos);
  EXPECT_NE(campaign_paper(totals_of({record}), Markup::kMarkdown).find("| a\\_b% |"), std::string::npos);
}

TEST(CampaignReport, of_no_run_at_all_is_still_a_report) {
  const auto totals = totals_of({});
  EXPECT_EQ(campaign_text(totals).find("No run."), 0U);
  EXPECT_FALSE(campaign_csv(totals).empty());
  EXPECT_EQ(campaign_json(totals)["runs"], 0);
  EXPECT_FALSE(campaign_html(totals, "nothing").empty());
}

}  // namespace
}  // namespace ebb::report
