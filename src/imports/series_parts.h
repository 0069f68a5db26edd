#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "imports/matrix_json.h"
#include "imports/sampled_run.h"

namespace ebb::imports {

/// One component a series, named by its labels: `gpu` -> "gpu0", else the labels that tell the series apart; the node
/// by `Hostname`, `node` or `instance` without its port, else `node`. Series of one board (UUID, or node and gpu) that
/// follow each other, as where another pod had it, are one component. Takes the samples out of `matrix`, whose series
/// all have some. `metric` may be empty.
///
/// kBadData where one board, or the same labels, have two series at the same time: counted twice.
base::Expected<std::vector<SampledPart>> parts_of_series(Matrix& matrix, const std::string& metric,
                                                         const Meaning& meaning, const std::string& node);

}  // namespace ebb::imports
