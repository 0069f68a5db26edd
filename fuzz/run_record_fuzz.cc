// Any JSON that is taken for the record of a run is shown, verified, exported and summed, or refused; it ends no
// script.
#include "report/run_campaign_report.h"
#include "report/run_html.h"
#include "report/run_json.h"
#include "report/run_read.h"
#include "report/run_sentence.h"
#include "report/run_table.h"
#include "report/run_text.h"
#include "report/run_verify.h"
#include "target.h"

namespace {

using namespace ebb;

std::size_t scripts(const std::string& page) {
  std::size_t count = 0;
  for (auto at = page.find("</script"); at != std::string::npos; at = page.find("</script", at + 1)) ++count;
  return count;
}

/// The page around a record has as many scripts as the page around nothing.
void check_page(const report::Json& document) {
  static const std::size_t kScripts = scripts(report::run_html({{"schema", "ebb-run-report-1"}, {"run", {}}}));
  CHECK(scripts(report::run_html(document)) == kScripts);
}

void check_record(const report::Json& document, const account::RunRecord& record) {
  const auto text = report::run_text(record, false) + report::run_detail_text(record, false);
  CHECK(!text.empty() && text.find('\x1b') == std::string::npos);
  CHECK(!report::run_sentence(record, report::Markup::kLatex).empty());
  CHECK(!report::run_sentence(record, report::Markup::kMarkdown).empty());
  const auto verification = report::verify_run(document);
  CHECK(verification.ok() && !report::verification_text(*verification).empty());
  CHECK(report::runs_table_text({document}).ok() && report::runs_csv_addition("", {document}).ok());
  CHECK(!report::Json::parse(report::dump(report::run_json(record)), nullptr, false).is_discarded());
  const auto totals = report::campaign({document});
  CHECK(totals.ok() && totals->all.runs == 1);
  CHECK(!report::campaign_text(*totals).empty() && !report::campaign_csv(*totals).empty());
  CHECK(scripts(report::campaign_html(*totals, record.run_id)) == 0);
  check_page(report::run_document(document, {}, {}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto document = report::Json::parse(text, nullptr, false);
  static_cast<void>(report::runs_csv_addition(text, {}));
  static_cast<void>(report::runs_jsonl_addition(text, {}));
  if (document.is_discarded()) return 0;
  const auto record = report::read_run(document);
  if (record.ok()) {
    check_record(document, *record);
  } else {
    CHECK(!record.error().message.empty() && !report::verify_run(document).ok());
  }
  if (report::check_run_document(document).ok()) check_page(document);
  return 0;
}
