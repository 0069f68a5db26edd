#pragma once

#include "base/expected.h"
#include "report/json.h"

namespace ebb::report {

/// The document of `ebb study dodge2022` on the real series: results only, small; its key `command` says how it was
/// made.
base::Expected<Json> shipped_study();

}  // namespace ebb::report
