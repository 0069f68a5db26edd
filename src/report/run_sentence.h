#pragma once

#include <string>

#include "account/run_record.h"

namespace ebb::report {

enum class Markup { kMarkdown, kLatex };

/// The paragraph for a paper: hardware, hours, energy and how much of it is measured, zone, signal, source and vintage
/// of both books, PUE, embodied share, intervals, version of ebb, and what it follows. Says what is not known. Texts of
/// others (names of devices, sources) are escaped; LaTeX needs no package.
std::string run_sentence(const account::RunRecord& record, Markup markup);

}  // namespace ebb::report
