#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "report/json.h"
#include "series/series.h"
#include "units/quantity.h"

namespace ebb::report {

/// A board and what it is rated for: the page scales the GPUs' energy by the ratio of two of them, and says that this
/// is an assumption.
struct BoardPower {
  std::string device;
  units::Power tdp;
};

/// The page's document: {"schema": "ebb-run-report-1", "run", "series", "hardware"}. `run` is a run_json. Series give
/// the page what other times and zones would have been, in steps of whole seconds; a missing slot stays null.
Json run_document(Json run, const std::vector<series::Series>& series, const std::vector<BoardPower>& boards);

/// Whether a document read from a file is one that the page can draw: kBadData says what is not.
base::Status check_run_document(const Json& document);

/// The report of one run as one self-contained HTML page, the document put into the template bundled from web/report.
/// The document must have passed check_run_document (one of run_document does). Without the bundle (EBB_WEB=OFF) the
/// page has the figures as text only.
std::string run_html(const Json& document);

}  // namespace ebb::report
