#include "report/run_text.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "report/run_words.h"
#include "report/table.h"
#include "support/sample_run.h"

namespace ebb::report {
namespace {

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, display_width(line));
  return longest;
}

bool has(const std::string& text, const std::string& part) {
  // A phrase may be cut at a blank.
  std::string flat;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n';
    if (!blank || flat.empty() || flat.back() != ' ') flat += blank ? ' ' : c;
  }
  return flat.find(part) != std::string::npos;
}

TEST(RunText, no_line_is_longer_than_a_hundred_columns) {
  std::mt19937_64 random(3);
  for (const auto& record : {test::modelled_vm(), test::eight_gpus(), test::two_nodes_one_missing(),
                             test::crashed_with_gaps(), test::random_run(random)}) {
    EXPECT_LE(longest_line(run_text(record, false)), 100U) << run_text(record, false);
  }
}

TEST(RunText, says_energy_by_component_with_method_and_interval) {
  const auto text = run_text(test::eight_gpus(), false);
  EXPECT_TRUE(has(text,
                  "energy 4.91 kWh (90%: 4.74 to 5.10 kWh) in 1.58 h: 8 GPUs 4.72 kWh measured (nvml-counter), CPU "
                  "0.153 kWh attributed (rapl), memory 44.5 Wh modelled (dram-size)"))
      << text;
}

TEST(RunText, says_the_grams_of_both_books_with_signal_zone_and_source) {
  const auto text = run_text(test::eight_gpus(), false);
  EXPECT_TRUE(has(text,
                  "emissions 2.65 kg CO2e (90%: 2.38 to 2.92 kg), 118 g of it embodied; marginal direct, "
                  "US-CAL-CISO, Sample series"))
      << text;
  EXPECT_TRUE(has(text, "other book: 1.88 kg; average lifecycle, US-CAL-CISO"));
  EXPECT_TRUE(has(text, "that is about as much as"));
  EXPECT_TRUE(has(text, "report ebb report 20240502-gpus"));
  EXPECT_TRUE(has(run_text(test::crashed_with_gaps(), false), "no attributional figure: there is no average series"));
}

TEST(RunText, calls_only_a_marginal_difference_avoided) {
  const auto gpus = run_text(test::eight_gpus(), false);
  EXPECT_TRUE(
      has(gpus, "better starting 12.0 h later would have avoided 643 g of 2.53 kg (marginal direct), in hindsight"))
      << gpus;
  auto record = test::two_nodes_one_missing();
  record.what_if[0].difference = units::grams(40.0);
  record.what_if[0].word = "avoided";  // a mistake of the record does not become one of the text
  const auto nodes = run_text(record, false);
  EXPECT_TRUE(has(nodes, "starting 5.00 h later would have been allocated 40.0 g less than 441 g (average lifecycle)"))
      << nodes;
  EXPECT_FALSE(has(nodes, "avoided")) << nodes;
  EXPECT_FALSE(has(nodes, "saved")) << nodes;
}

TEST(RunText, says_that_nothing_was_better_where_nothing_was) {
  auto record = test::two_nodes_one_missing();
  record.what_if[0].difference = units::grams(-3.0);
  EXPECT_TRUE(has(run_text(record, false), "better nothing, of 1 other times and places looked at"));
  record.what_if.clear();
  EXPECT_TRUE(has(run_text(record, false), "better no other time or place was looked at"));
}

TEST(RunText, without_a_zone_says_how_to_get_grams_and_prints_none_as_known) {
  const auto text = run_text(test::modelled_vm(), false);
  EXPECT_TRUE(has(
      text, "emissions not known without a zone; a grid of 50 g/kWh would make it 0.159 g, one of 800 g/kWh 2.55 g"))
      << text;
  EXPECT_TRUE(has(text, "ebb runs price 20240502-vm --zone Z (or ebb run --zone Z)"));
  EXPECT_FALSE(has(text, "CO2e"));
  EXPECT_TRUE(has(text, "CPU 2.81 Wh modelled (cpu-time)")) << text;
}

TEST(RunText, tells_conservation_gaps_missing_nodes_and_a_lost_run_where_there_are_any) {
  const auto gpus = run_text(test::eight_gpus(), false);
  EXPECT_TRUE(
      has(gpus, "machine 5.03 kWh = 4.46 kWh this run + 0.456 kWh its idle share + 47.5 Wh idle + 64.9 Wh others"))
      << gpus;
  const auto crash = run_text(test::crashed_with_gaps(), false);
  EXPECT_TRUE(has(crash,
                  "gaps readings stand for 91.0% of 22.0 min: 2 read-failed of gpu0 (2.00 s, EIO, in a later "
                  "reading), reset of gpu0 (1.70 min, the driver was loaded again), suspended (17.0 s)"))
      << crash;
  EXPECT_TRUE(has(crash, "lost no end was recorded"));
  EXPECT_FALSE(has(crash, "machine ")) << "nothing but the run drew power";
  auto nodes = test::two_nodes_one_missing();
  nodes.warnings.clear();
  EXPECT_TRUE(has(run_text(nodes, false), "missing node3 did not report"));
  EXPECT_FALSE(has(run_text(nodes, false), "gaps")) << "said once";
  EXPECT_FALSE(has(run_text(test::modelled_vm(), false), "gaps"));
}

TEST(RunText, embodied_emissions_that_are_not_known_are_said_to_be_so) {
  EXPECT_TRUE(has(run_text(test::crashed_with_gaps(), false), "the making of the hardware not known, counted as 0 g"));
}

TEST(RunText, puts_gaps_of_one_cause_together) {
  auto record = test::modelled_vm();
  const auto begin = record.when.begin;
  const auto second = std::chrono::seconds(1);
  record.gaps = {{"", "steal", "5% of the CPU time", {begin, begin + second}, 1, true},
                 {"cpu", "steal", "other place", {begin, begin + second}, 1, true},
                 {"", "steal", "8% of the CPU time", {begin + 5 * second, begin + 7 * second}, 2, true}};
  EXPECT_TRUE(has(run_text(record, false), "3 steal (3.00 s, in a later reading), steal of cpu (1.00 s, other place,"))
      << run_text(record, false);
}

TEST(RunText, is_five_lines_where_there_is_nothing_to_remark) {
  auto record = test::eight_gpus();
  record.warnings.clear();
  const auto text = run_text(record, false);
  std::istringstream lines(text);
  std::size_t labels = 0;
  for (std::string line; std::getline(lines, line);) labels += line.size() > 5 && line[5] != ' ' ? 1 : 0;
  EXPECT_EQ(labels, 6U) << "energy, emissions, that is, better, report, and the machine's sum: " << text;
}

TEST(RunText, cuts_long_warnings_and_says_where_all_of_them_are) {
  auto record = test::eight_gpus();
  record.warnings = {std::string(40, 'a') + " " + std::string(60, 'b'), "two", "three", "four", "five"};
  const auto text = run_text(record, false);
  EXPECT_TRUE(
      has(text, "warning " + std::string(40, 'a') + "... warning two warning three 2 more, and all in full: ebb"))
      << text;
  EXPECT_FALSE(has(text, "four"));
}

TEST(RunText, colour_changes_only_the_labels_and_hostile_text_no_terminal) {
  auto record = test::eight_gpus();
  record.warnings = {"\x1b[2J\x1b]0;title\x07 hello"};
  record.run_id = "a\nb";
  record.command = {"\x1b[31m", "two words", ""};
  EXPECT_EQ(run_text(record, false).find('\x1b'), std::string::npos);
  EXPECT_EQ(run_detail_text(record, false).find('\x1b'), std::string::npos);
  EXPECT_TRUE(has(run_detail_text(record, false), "command ?[31m \"two words\" \"\""));
  const auto coloured = run_text(record, true);
  EXPECT_NE(coloured.find("\x1b[1menergy\x1b[0m"), std::string::npos);
}

TEST(RunDetailText, shows_each_component_each_term_of_sci_and_both_books) {
  const auto text = run_detail_text(test::eight_gpus(), false);
  for (const auto* part :
       {"run 20240502-gpus", "state finished, exit code 0", "gpu7 measured (nvml-counter) 0.567 kWh 0.550 to 0.585 kWh",
        "attributional 1.88 kg = 1.76 kg operational at a mean of 320 g/kWh", "consequential 2.65 kg = 2.53 kg",
        "boundary GPUs 2.17 kg -> whole machine 2.26 kg -> x PUE 1.12 2.53 kg -> + embodied 2.65 kg",
        "embodied 59.3 g of 8 A100 at 164 kg each, held 1.58 h of 4 years (Boavizta)",
        "SCI 2.65 kg CO2e per training = ((4.91 kWh x 1.12 PUE x 459 g/kWh marginal direct) + 118 g) / 1",
        "train/epoch 3 60.0 min 2.46 kWh 1.26 kg", "not ended", "prediction after 3 of 10 train/epoch: 8.19 kWh in all",
        "running in US-NW-BPAT would have avoided 495 g", "ebb itself 0.300 s of CPU time, 1.50 J",
        "tags model=bert-base, seed=7"}) {
    EXPECT_TRUE(has(text, part)) << part << "\n" << text;
  }
}

TEST(RunDetailText, a_machine_of_many_components_still_fits_a_screen) {
  auto record = test::eight_gpus();
  for (int i = 0; i < 90; ++i) record.components.push_back(record.components[0]);
  const auto text = run_detail_text(record, false);
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 70);
  EXPECT_TRUE(has(text, "... and 80 components more"));
}

TEST(RunWords, lengths_and_intervals_read_as_a_person_writes_them) {
  EXPECT_EQ(length_text(std::chrono::milliseconds(250)), "0.250 s");
  EXPECT_EQ(length_text(std::chrono::minutes(7)), "7.00 min");
  EXPECT_EQ(length_text(std::chrono::hours(12)), "12.0 h");
  EXPECT_EQ(length_text(std::chrono::hours(24 * 8)), "8.00 d");
  EXPECT_EQ(span_text("3.14 kWh", "3.34 kWh"), "3.14 to 3.34 kWh");
  EXPECT_EQ(span_text("0 g", "1.20 kg"), "0 g to 1.20 kg");
  EXPECT_EQ(interval_words(0.0, "1 to 2 g"), "range: 1 to 2 g");
  EXPECT_EQ(method_text("modelled:cpu-time"), "modelled (cpu-time)");
  EXPECT_EQ(method_text("measured"), "measured");
  EXPECT_EQ(kind_text(hardware::ComponentKind::kGpu, 8), "8 GPUs");
  EXPECT_EQ(kind_text(hardware::ComponentKind::kDram, 1), "memory");
}

}  // namespace
}  // namespace ebb::report
