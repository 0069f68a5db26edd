#pragma once

#include <string>
#include <vector>

#include "account/measured.h"
#include "base/expected.h"

namespace ebb::account {

/// The traces of a run: every *.trace in its folder, in the order of their names. kNoData where there is none.
base::Expected<std::vector<std::string>> traces_of(const std::string& folder);

/// Adds up the traces. What a damaged one has lost is a note of the result; one without a header, or that cannot be
/// read at all, is left out with a note. kBadData where none can be read.
base::Expected<Measured> load_measured(const std::vector<std::string>& traces);

}  // namespace ebb::account
