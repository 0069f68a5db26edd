// Any JSON that `ebb report` takes for a study's document is rendered in every format, or refused; it ends no script.
#include "report/html.h"
#include "report/study_report.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto document = report::Json::parse(fuzz::text_of(data, size), nullptr, false);
  if (document.is_discarded() || !document.is_object() || !document.contains("rows") || !document["rows"].is_array()) {
    return 0;
  }
  const std::string printed = report::dump(document);
  const auto again = report::Json::parse(printed, nullptr, false);
  CHECK(!again.is_discarded() && report::dump(again) == printed);
  const auto& rows = document["rows"];
  if (!report::check_rows(rows).ok()) return 0;
  const std::string csv = report::rows_csv(rows);
  CHECK(rows.empty() || !csv.empty());
  CHECK(!report::study_markdown(rows).empty() && !report::study_latex(rows).empty());
  CHECK(!report::study_text(rows, 10).empty());
  const auto scripts = [](const report::Json& shown) {
    const std::string page = report::study_html(shown);
    std::size_t count = 0;
    for (auto at = page.find("</script"); at != std::string::npos; at = page.find("</script", at + 1)) ++count;
    return count;
  };
  static const std::size_t kScripts = scripts({{"rows", report::Json::array()}});
  CHECK(scripts(document) == kScripts);
  return 0;
}
