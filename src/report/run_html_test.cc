#include "report/run_html.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "report/html.h"
#include "report/run_json.h"
#include "support/sample_json.h"
#include "support/sample_run.h"

namespace ebb::report {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(RunHtml, holds_the_whole_document_and_lets_none_of_its_text_end_the_script) {
  const auto document = test::sample_run_document(test::eight_gpus());
  const auto page = run_html(document);
  const auto harmless = run_html(test::sample_run_document(test::modelled_vm()));
  EXPECT_EQ(count_of(page, "<script"), count_of(harmless, "<script")) << "the command holds </script><script>";
  EXPECT_EQ(count_of(page, "</script"), count_of(harmless, "</script"));
  EXPECT_EQ(page.find("alert(1)</script"), std::string::npos);
  if (!has_charts()) GTEST_SKIP() << "this build carries no charts (EBB_WEB=OFF)";
  const std::string open = "<script type=\"application/json\" id=\"ebb-data\">";
  const auto begin = page.find(open);
  ASSERT_NE(begin, std::string::npos);
  const auto end = page.find("</script>", begin);
  const auto inside = page.substr(begin + open.size(), end - begin - open.size());
  EXPECT_EQ(dump(Json::parse(inside)), dump(document));
}

TEST(RunHtml, without_the_bundle_shows_the_figures_as_text) {
  if (has_charts()) GTEST_SKIP() << "this build carries the charts";
  EXPECT_NE(run_html(test::sample_run_document(test::eight_gpus())).find("2.65 kg"), std::string::npos);
}

TEST(RunDocument, keeps_missing_slots_missing_and_names_signal_and_source) {
  const auto document = test::sample_run_document(test::eight_gpus());
  EXPECT_TRUE(check_run_document(document).ok());
  ASSERT_EQ(document["series"].size(), 4U);
  EXPECT_EQ(document["series"][3]["zone"], "FR");
  EXPECT_TRUE(document["series"][3]["g_per_kwh"][12 * 12].is_null());
  EXPECT_EQ(document["series"][0]["signal"]["kind"], "marginal");
  EXPECT_EQ(document["series"][0]["step_seconds"], 300.0);
  EXPECT_EQ(document["hardware"][1]["tdp_w"], 700.0);
}

TEST(RunDocument, what_the_page_could_not_draw_is_refused_with_its_place) {
  const auto good = test::sample_run_document(test::eight_gpus());
  const auto with = [&good](const char* pointer, Json value) {
    Json document = good;
    document[Json::json_pointer(pointer)] = std::move(value);
    const auto status = check_run_document(document);
    return status.ok() ? "" : status.error().message;
  };
  EXPECT_EQ(with("/schema", "ebb-study-report-1"), "the run's report: schema is not ebb-run-report-1");
  EXPECT_EQ(with("/series", "none"), "the run's report: series is no list");
  EXPECT_EQ(with("/series/1/step_seconds", 0), "the run's report: series[1].step_seconds is 0, below 1");
  EXPECT_EQ(with("/series/1/g_per_kwh/7", "low"),
            "the run's report: series[1].g_per_kwh holds something that is no number");
  EXPECT_EQ(with("/hardware/0/tdp_w", -1), "the run's report: hardware[0].tdp_w is not above 0");
  EXPECT_EQ(with("/run", Json::array()), "the run's report: run is no object");
  EXPECT_EQ(with("/run/pue", 0), "run \"20240502-gpus\": pue is 0, below 1");
  EXPECT_FALSE(check_run_document(Json()).ok());
}

/// The browser's tests of web/report draw these documents: they must be what the program makes. Rewritten by
/// EBB_WRITE_SAMPLES=1.
TEST(RunDocument, the_samples_of_the_page_s_own_tests_are_those_of_the_program) {
  const std::vector<std::pair<std::string, account::RunRecord>> samples{{"vm", test::modelled_vm()},
                                                                        {"gpus", test::eight_gpus()},
                                                                        {"nodes", test::two_nodes_one_missing()},
                                                                        {"crash", test::crashed_with_gaps()}};
  for (const auto& [name, record] : samples) {
    const std::string path = std::string(EBB_SOURCE_DIR) + "/web/report/test/runs/" + name + ".json";
    const auto document = test::sample_run_document(record);
    if (std::getenv("EBB_WRITE_SAMPLES") != nullptr) {
      ASSERT_TRUE(base::write_file(path, dump(document) + "\n").ok()) << path;
    }
    const auto file = base::load_text_file(path);
    ASSERT_TRUE(file.ok()) << file.error().message;
    EXPECT_EQ(test::json_difference(Json::parse(file->view()), document), "") << path;
  }
}

}  // namespace
}  // namespace ebb::report
