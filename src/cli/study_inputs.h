#pragma once

#include <vector>

#include "base/expected.h"
#include "cli/command.h"
#include "grid/catalogue.h"
#include "report/study_document.h"
#include "study/study.h"

namespace ebb::cli {

/// What a study runs on, and what may be said of it.
struct StudyInputs {
  study::Spec spec;
  report::DataKind data_kind = report::DataKind::kGiven;
  std::string title;
  std::vector<std::string> notes;
  std::vector<report::Attribution> attributions;
  bool paper = false;  ///< `dodge2022`: the paper's evaluation
};

/// The study that the options describe; kUsage names what is missing.
base::Expected<StudyInputs> study_inputs(const Arguments& arguments, grid::Catalogue& catalogue);

}  // namespace ebb::cli
