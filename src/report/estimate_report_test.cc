#include "report/estimate_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "report/run_json.h"

namespace ebb::report {
namespace {

account::BookTotal book(const series::Signal& signal) {
  account::BookTotal total;
  total.signal = signal;
  total.zone = "FR";
  total.source = "annual average of 2025";
  total.vintage = "annual 2025";
  total.quality = {0.0, 1.0, 0.0};
  total.mean_intensity = units::grams_per_kwh(31.0);
  total.operational = units::grams(310.0);
  total.emissions = units::grams(320.0);
  return total;
}

EstimateView some_view() {
  EstimateView view;
  auto& record = view.record;
  record.run_id = "estimate";
  record.when = {time::Instant{}, time::Instant{} + std::chrono::hours(6)};
  account::ComponentTotal part;
  part.name = "gpu";
  part.kind = hardware::ComponentKind::kGpu;
  part.device = "8 x A100";
  part.method = "modelled:estimate";
  part.energy = units::kilowatt_hours(10.0);
  part.interval = {units::kilowatt_hours(2.0), part.energy, units::kilowatt_hours(14.0), 0.9};
  record.components.push_back(part);
  record.energy = part.energy;
  record.energy_interval = part.interval;
  record.zone = "FR";
  record.pue_source = "given";
  record.book = carbon::BookKind::kAttributional;
  record.attributional = book(series::kAverageLifecycle);
  record.embodied = units::grams(10.0);
  record.embodied_parts.emplace_back();
  record.emissions_interval =
      carbon::Uncertain<units::Emissions>{units::grams(60.0), units::grams(320.0), units::grams(700.0), 0.9};
  view.at_any_time = true;
  view.place = "aws:eu-west-3";
  view.hardware = "8 x A100 working 70% of the time";
  const auto grams = [](double g) { return units::grams(g); };
  view.elsewhere =
      Elsewhere{series::kAverageLifecycle,
                "annual averages of 2025 (x)",
                {"aws:eu-west-3", "Paris", "FR", units::grams_per_kwh(31.0), grams(310.0), {}},
                {{"aws:eu-north-1", "Stockholm", "SE-SE3", units::grams_per_kwh(20.0), grams(200.0), grams(110.0)}},
                35};
  return view;
}

/// The text on one line: what is long goes on below.
std::string joined(const EstimateView& view) {
  std::string out;
  bool blank = false;
  for (const char c : estimate_text(view, false)) {
    const bool is_blank = c == ' ' || c == '\n';
    if (!is_blank) out += c;
    if (is_blank && !blank) out += ' ';
    blank = is_blank;
  }
  return out;
}

TEST(EstimateText, grams_come_first_with_interval_signal_zone_and_source) {
  const auto text = joined(some_view());
  EXPECT_EQ(text.find("emissions 320 g CO2e (90%: 60.0 to 700 g) = 310 g operational + 10.0 g embodied; 31.0 g/kWh "
                      "average lifecycle, FR, annual average of 2025"),
            0U)
      << text;
  EXPECT_NE(text.find("energy 10.0 kWh (90%: 2.00 to 14.0 kWh) in 6.00 h at any time of a year: 8 x A100"),
            std::string::npos);
  EXPECT_NE(text.find("no consequential figure"), std::string::npos);
}

TEST(EstimateText, has_five_labels_and_lines_of_at_most_a_hundred_columns) {
  const auto text = estimate_text(some_view(), false);
  for (const auto* label : {"emissions  ", "\nenergy  ", "\nthat is  ", "\nelsewhere  "}) {
    EXPECT_NE(text.find(label), std::string::npos) << label;
  }
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
    EXPECT_LE(end - begin, 100U) << text.substr(begin, end - begin);
  }
}

TEST(EstimateText, only_a_marginal_difference_is_avoided) {
  auto view = some_view();
  EXPECT_NE(joined(view).find("aws:eu-north-1 (Stockholm) 200 g, 110 g less allocated"), std::string::npos);
  view.elsewhere->signal = series::kMarginalDirect;
  const auto text = joined(view);
  EXPECT_NE(text.find("110 g avoided"), std::string::npos);
  EXPECT_EQ(text.find("allocated"), std::string::npos);
}

TEST(EstimateText, without_a_place_there_are_no_grams_and_a_hint) {
  auto view = some_view();
  view.record.zone.clear();
  view.record.book.reset();
  view.record.attributional.reset();
  view.elsewhere.reset();
  const auto text = joined(view);
  EXPECT_NE(text.find("not known without a place"), std::string::npos);
  EXPECT_NE(text.find("10.0 kWh"), std::string::npos);
  EXPECT_EQ(text.find(" g "), std::string::npos) << text;
}

TEST(EstimateText, where_nothing_is_lower_it_says_of_how_many) {
  auto view = some_view();
  view.elsewhere->best.clear();
  EXPECT_NE(joined(view).find("none of 35 other places is lower"), std::string::npos);
}

TEST(EstimateText, what_others_wrote_cannot_move_the_cursor) {
  auto view = some_view();
  view.record.components[0].device = "A100\x1b[2J";
  view.record.attributional->source = "s\x1b]0;x";
  EXPECT_EQ(estimate_text(view, false).find('\x1b'), std::string::npos);
}

TEST(EstimateJson, is_the_documents_of_a_run_with_three_keys_more) {
  const auto view = some_view();
  const auto run = run_json(view.record);
  const auto estimate = estimate_json(view);
  for (const auto& [key, value] : run.items()) {
    ASSERT_TRUE(estimate.contains(key)) << key;
    if (key == "begin" || key == "end" || key == "state") continue;
    EXPECT_EQ(estimate[key], value) << key;
  }
  EXPECT_EQ(estimate.size(), run.size() + 3);
  EXPECT_EQ(estimate["state"], "estimated");
  EXPECT_EQ(estimate["elsewhere"]["word"], "allocated");
  EXPECT_EQ(estimate["elsewhere"]["best"][0]["less_g"], 110.0);
}

TEST(EstimateJson, has_a_begin_only_where_a_start_was_given) {
  auto view = some_view();
  EXPECT_TRUE(estimate_json(view)["begin"].is_null());
  EXPECT_TRUE(estimate_json(view)["end"].is_null());
  view.at_any_time = false;
  view.elsewhere.reset();
  EXPECT_EQ(estimate_json(view)["begin"], "1970-01-01T00:00:00Z");
  EXPECT_EQ(estimate_json(view)["end"], "1970-01-01T06:00:00Z");
  EXPECT_TRUE(estimate_json(view)["elsewhere"].is_null());
}

}  // namespace
}  // namespace ebb::report
