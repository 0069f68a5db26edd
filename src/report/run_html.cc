#include "report/run_html.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "report/escape.h"
#include "report/html.h"
#include "report/reader.h"
#include "report/run_read.h"
#include "report/run_read_parts.h"
#include "report/run_text.h"
#include "time/text.h"

extern "C" const char ebb_web_run_begin[];
extern "C" const char ebb_web_run_end[];

namespace ebb::report {
namespace {

constexpr const char* kSchema = "ebb-run-report-1";
constexpr std::string_view kTextPlace = "<!--EBB_TEXT-->";

Json series_json(const series::Series& series) {
  const auto& from = series.provenance();
  Json values = Json::array();
  for (const double value : series.values()) values.push_back(series::is_missing(value) ? Json() : Json(value));
  return {{"zone", valid_utf8(from.zone)},
          {"signal", json_of(from.signal)},
          {"source", text_or_null(valid_utf8(from.source))},
          {"vintage", text_or_null(valid_utf8(from.vintage))},
          {"data_quality", json_of(from.quality)},
          {"begin", time::text_of(series.begin())},
          {"step_seconds", time::in_seconds(series.step())},
          {"g_per_kwh", std::move(values)}};
}

void check_series(Reader& series) {
  series.text("zone");
  series.maybe_text("source");
  series.maybe_text("vintage");
  signal_of(series);
  series.maybe_object("data_quality", [](Reader& quality) { quality_of(quality); });
  series.instant("begin");
  series.number_from("step_seconds", 1.0);
  for (const auto& value : series.list("g_per_kwh")) {
    if (!value.is_null() && !plain_number(value))
      series.fail(series.place_of("g_per_kwh"), "holds something that is no number");
  }
}

}  // namespace

Json run_document(Json run, const std::vector<series::Series>& series, const std::vector<BoardPower>& boards) {
  Json out{{"schema", kSchema}, {"run", std::move(run)}};
  out["series"] = Json::array();
  for (const auto& one : series) out["series"].push_back(series_json(one));
  out["hardware"] = Json::array();
  for (const auto& board : boards) {
    out["hardware"].push_back({{"device", valid_utf8(board.device)}, {"tdp_w", units::in_watts(board.tdp)}});
  }
  return out;
}

base::Status check_run_document(const Json& document) {
  Reader reader(document, "the run's report");
  if (reader.text("schema") != kSchema) reader.fail("schema", fmt::format("is not {}", kSchema));
  reader.each("series", check_series);
  reader.each("hardware", [](Reader& board) {
    board.text("device");
    if (board.number("tdp_w") <= 0.0) board.fail(board.place_of("tdp_w"), "is not above 0");
  });
  reader.object("run", [](Reader&) {});
  EBB_TRY_DO(reader.status());
  EBB_TRY_DO(read_run(document["run"]));
  return base::Done{};
}

std::string run_html(const Json& document) {
  std::string page(ebb_web_run_begin, ebb_web_run_end);
  if (const auto at = page.find(kTextPlace); at != std::string::npos) {
    const auto record = read_run(document["run"]);
    page.replace(at, kTextPlace.size(), record.ok() ? escaped_html(run_detail_text(*record, false)) : "");
  }
  return with_document(std::move(page), document);
}

}  // namespace ebb::report
