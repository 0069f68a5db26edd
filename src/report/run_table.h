#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "report/json.h"

/// Lists of runs: `ebb runs list` and `ebb runs export`. All take records as run_json makes them; kBadData for a
/// document that is none.
namespace ebb::report {

/// One line a run for the terminal, in the order given: begin, state, length, energy, grams with their signal, user,
/// command. What is not known is "-", never 0.
base::Expected<std::string> runs_table_text(const std::vector<Json>& records);

/// The header of the CSV, with its end of line. Columns are added at its end only.
std::string_view runs_csv_header();

/// What to append to a CSV file that holds `present`, one line a run: the header first where the file is new (empty),
/// and an end of line where its last line has none (a crash). kBadData where the file has another header: it stays as
/// it is.
base::Expected<std::string> runs_csv_addition(std::string_view present, const std::vector<Json>& records);

/// The same for JSON Lines, one record a line. kBadData where the first line of the file is no JSON object.
base::Expected<std::string> runs_jsonl_addition(std::string_view present, const std::vector<Json>& records);

/// All of them as one JSON list.
base::Expected<std::string> runs_json_list(const std::vector<Json>& records);

}  // namespace ebb::report
