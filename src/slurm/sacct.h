#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "slurm/job.h"

namespace ebb::slurm {

/// The columns that ebb itself asks for; JobName last, as anything may stand in it.
inline constexpr std::string_view kSacctColumns =
    "JobID,JobIDRaw,User,UID,Account,Partition,State,ExitCode,Submit,Eligible,Start,End,ElapsedRaw,Suspended,"
    "TimelimitRaw,ReqTRES,AllocTRES,ConsumedEnergyRaw,WorkDir,Comment,JobName";
/// What ebb parts its columns with: no name holds it.
inline constexpr char kSacctSeparator = '\x1f';

struct SacctOptions {
  std::string name = "sacct";  ///< of the file, for errors
  char separator = '|';
  /// What the time of a text is that is no whole number of seconds since 1970; empty: refused.
  std::function<base::Expected<time::Instant>(std::string_view)> moment;
};

struct SacctRead {
  std::vector<Job> jobs;
  std::size_t steps = 0;   ///< rows of steps, left out
  std::size_t torn = 0;    ///< rows with too few fields: a name with a line end in it
  std::string first_torn;  ///< "name:line"
};

/// Reads `sacct --parsable2` (and --parsable) with a header, by the names of its columns, which may be any, JobID and
/// State among them. A job that was queued again has a row for each time where sacct was asked with -D.
///
/// Errors: kBadData naming the line: no header, no JobID, a field that is nothing like what its column holds; of
/// `moment`. A row with more fields than columns is one with the separator in its last column.
base::Expected<SacctRead> parse_sacct(std::string_view text, const SacctOptions& options);

}  // namespace ebb::slurm
