#include "cli/study_foresight.h"

namespace ebb::cli {
base::Expected<int> run_foresight(const Arguments&, const Context&, grid::Catalogue&) { return base::usage_error("being built"); }
base::Expected<report::Json> foresight_json(const StudyInputs&, grid::Catalogue&, const std::vector<std::size_t>&) { return report::Json::array(); }
}  // namespace ebb::cli
