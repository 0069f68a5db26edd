#pragma once

#include <string>

#include "base/expected.h"
#include "report/json.h"

namespace ebb::report {

/// The report of a study document (schema "ebb-study-report-1") as one self-contained HTML page: the template bundled
/// from web/report with the document put in. Without the bundle (EBB_WEB=OFF) the page has the rows as a table only.
std::string study_html(const Json& document);

/// Whether a document read from a file is a whole one, with every list that the page draws. kBadData says what is not.
base::Status check_document(const Json& document);

/// Whether this build carries the charts.
bool has_charts();

/// The document put into a page's one place for it, as JSON that cannot end its element; a page without that place
/// stays as it is.
std::string with_document(std::string page, const Json& document);

}  // namespace ebb::report
