#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "slurm/job.h"

namespace ebb::slurm {

/// Reads what `squeue --json` prints, of Slurm 22.05 (states as text, numbers as they are, null for none) and newer
/// (states as lists, numbers as {"set", "infinite", "number"}).
///
/// A record that waits for several elements of an array keeps them in Job::elements. Errors: kBadData, no JSON, no list
/// of jobs, a record without an id; kService, errors in the document (22.05 ends with code 0 and an
/// empty list where the controller does not answer). Fields of another form than known are left empty.
base::Expected<std::vector<Job>> parse_squeue(std::string_view json);

}  // namespace ebb::slurm
