#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "slurm/job.h"
#include "time/instant.h"

namespace ebb::simulate {

/// A job as it once was: when it came, how long it ran, what it took.
struct TraceJob {
  std::size_t line = 0;  ///< of the file
  std::string name;      ///< its id there; may be empty
  std::string user;
  time::Duration submit{0};                ///< since the trace's zero
  time::Duration length{0};                ///< running time, time suspended not counted; above 0
  std::optional<time::Duration> start;     ///< as it really began, since zero
  std::optional<time::Duration> deadline;  ///< since zero
  double gpus = 0.0;
  double cpus = 0.0;
  std::string end;  ///< how it ended, in the file's words; empty: not said
};

/// The jobs of a file, by rising submission.
struct JobTrace {
  std::vector<TraceJob> jobs;
  std::optional<time::Instant> zero;  ///< the moment that times count from; nothing: the file knows no date
  std::vector<std::string> understood;
  std::vector<std::string> warnings;
};

struct TraceOptions {
  std::string unit;       ///< "s" or "h": of arrival_time and length (GAIA's files have either)
  std::string time_zone;  ///< of sacct's local times: an IANA name, "UTC", "+02:00"
};

/// Reads a job trace; its form is found from the header:
/// - ElasticFlow's (Philly): submit_time, num_gpu, real_duration or duration, ddl: seconds
/// - GAIA's (Alibaba PAI and others): arrival_time, length, cpus, in seconds or hours, which only `unit` can tell
/// - `sacct -P`: JobID, Submit, Start, End or Elapsed, State, AllocTRES or ReqTRES, User
/// - plain CSV: submit, and end (with start) or seconds; start, gpus, cpus, user, deadline, id where there are such.
///   Times are RFC 3339, or seconds since any zero, all of one kind.
/// Jobs that never ran are left out, with a warning.
///
/// Errors: kBadData naming file and line; kUsage where `unit` or `time_zone` is needed; kNoData, no job at all.
base::Expected<JobTrace> parse_job_trace(std::string_view text, const std::string& name, const TraceOptions& options);
base::Expected<JobTrace> load_job_trace(const std::string& path, const TraceOptions& options);

/// Jobs of Slurm's history. Submitted: Submit, or Eligible where that is later. Those that never ran, run still, or
/// have no time of submission are left out and counted.
JobTrace trace_of(const std::vector<slurm::Job>& jobs);

}  // namespace ebb::simulate
