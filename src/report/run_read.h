#pragma once

#include "account/run_record.h"
#include "base/expected.h"
#include "report/json.h"

namespace ebb::report {

/// The record that a document of run_json says. Takes nothing for granted: kBadData names the key that is missing, of a
/// wrong type, not finite or out of all bounds. Keys that it does not know are left out.
///
/// Only the types and what other code relies on are checked here (as many energies in a slot as there are components, a
/// PUE of at least 1); whether the figures agree with each other is verify_run's business. The lines that run_json adds
/// to the warnings are taken out again, so that run_json of the answer is the document (to a rounding of its units).
base::Expected<account::RunRecord> read_run(const Json& document);

}  // namespace ebb::report
