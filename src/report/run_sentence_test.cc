#include "report/run_sentence.h"

#include <gtest/gtest.h>

#include <string>

#include "support/sample_run.h"

namespace ebb::report {
namespace {

TEST(RunSentence, names_everything_that_a_reader_needs_to_judge_the_figure) {
  const auto text = run_sentence(test::eight_gpus(), Markup::kMarkdown);
  for (const auto* part :
       {"8 NVIDIA A100-SXM4-80GB", "1.58 h", "4.91 kWh", "90% interval 4.74 to 5.10 kWh", "99.1% is measured",
        "0.9% is modelled", "1.88 kg CO2e attributional (average lifecycle intensity of US-CAL-CISO",
        "2.65 kg CO2e consequential (marginal direct intensity of US-CAL-CISO", "vintage 2024", "PUE of 1.12",
        "Google Cloud, 2023", "118 g of embodied emissions", "8 x A100 (Boavizta)", "ISO/IEC 21031:2024",
        "Dodge et al. (FAccT 2022)", "ebb 0.1.0", "2024-05-02", "Location-based"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find('\n'), text.size() - 1) << "one paragraph";
}

TEST(RunSentence, says_what_is_not_known_in_place_of_a_figure) {
  const auto vm = run_sentence(test::modelled_vm(), Markup::kMarkdown);
  EXPECT_NE(vm.find("emissions are not stated, since the intensity of its grid is not known"), std::string::npos) << vm;
  EXPECT_NE(vm.find("100.0% is modelled"), std::string::npos);
  EXPECT_EQ(vm.find("CO2e"), std::string::npos);
  const auto nodes = run_sentence(test::two_nodes_one_missing(), Markup::kMarkdown);
  EXPECT_NE(nodes.find("not included, as they did not report: node3"), std::string::npos) << nodes;
  EXPECT_NE(nodes.find("no consequential figure is known"), std::string::npos);
  EXPECT_NE(nodes.find("the making of the hardware is not included"), std::string::npos);
}

TEST(RunSentence, latex_escapes_what_others_wrote_and_breaks_no_number_from_its_unit) {
  auto record = test::eight_gpus();
  record.run_id = "a_b";
  record.components[0].device = "50% & #1_{x}\\input{/etc/passwd}";
  record.attributional->source = "A & B";
  const auto text = run_sentence(record, Markup::kLatex);
  EXPECT_NE(text.find("\\texttt{a\\_b}"), std::string::npos) << text;
  EXPECT_NE(text.find("50\\% \\& \\#1\\_\\{x\\}\\textbackslash{}input\\{/etc/passwd\\}"), std::string::npos) << text;
  EXPECT_NE(text.find("A \\& B"), std::string::npos);
  EXPECT_NE(text.find("4.91~kWh"), std::string::npos);
  EXPECT_NE(text.find("CO$_2$e"), std::string::npos);
  for (std::size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 1)) {
    EXPECT_EQ(text[at - 1], '\\') << "a bare % would comment the rest out";
  }
}

TEST(RunSentence, markdown_escapes_what_others_wrote) {
  auto record = test::eight_gpus();
  record.components[0].device = "<b>x</b> [y](javascript:z)";
  const auto text = run_sentence(record, Markup::kMarkdown);
  EXPECT_EQ(text.find("<b>"), std::string::npos);
  EXPECT_NE(text.find("&lt;b&gt;x&lt;/b&gt; \\[y\\](javascript:z)"), std::string::npos) << text;
}

}  // namespace
}  // namespace ebb::report
