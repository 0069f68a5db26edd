#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "report/json.h"
#include "study/study.h"

namespace ebb::report {

/// The keys of one study row, as `ebb study --json` gives them (docs/contract), with `region` and `series_id` besides.
Json row_json(const study::Spec& spec, const study::Row& row);

/// {"rows": [...], "meta": {...}}; `meta` is put in as it is.
Json study_json(const study::Spec& spec, const std::vector<study::Row>& rows, Json meta);

/// Whether rows read from a file have the keys and types of row_json; the functions below take that for granted.
/// kBadData names the row and what is wrong with it.
base::Status check_rows(const Json& rows);

/// The rows as CSV: the columns of the JSON rows, signal and data quality in columns of their own.
std::string rows_csv(const Json& rows);

/// A table for the terminal.
std::string study_text(const Json& rows, std::size_t most_rows);

/// The rows as a Markdown or a LaTeX (booktabs) table.
std::string study_markdown(const Json& rows);
std::string study_latex(const Json& rows);

}  // namespace ebb::report
